import { Console } from 'node:console';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { METRICS, METRICS_NAMESPACE } from '#shared/kernel/metric-names.ts';
import { createMetrics } from '#shared/kernel/metrics.ts';

let written = new PassThrough();
beforeEach(() => {
  written = new PassThrough();
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  vi.stubEnv('POWERTOOLS_SERVICE_NAME', 'sync-worker');
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', METRICS_NAMESPACE);
  vi.stubGlobal('console', new Console(written, written));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

it('writes the embedded metric format with the service as the only dimension', () => {
  const metrics = createMetrics();
  metrics.add(METRICS.syncRunSucceeded, 1);
  metrics.add(METRICS.oldestReadAgeSeconds, 90, 'seconds');
  metrics.flush();
  expect(JSON.parse(String(written.read()))).toMatchObject({
    service: 'sync-worker',
    SyncRunSucceeded: 1,
    OldestReadAgeSeconds: 90,
    _aws: {
      CloudWatchMetrics: [
        {
          Namespace: 'CoachDashboard',
          Dimensions: [['service']],
          Metrics: [
            { Name: 'SyncRunSucceeded', Unit: 'Count' },
            { Name: 'OldestReadAgeSeconds', Unit: 'Seconds' },
          ],
        },
      ],
    },
  });
});

it('writes nothing when nothing was added, and each value once', () => {
  const metrics = createMetrics();
  metrics.flush();
  expect(written.read()).toBeNull();
  metrics.add(METRICS.competitorsSynced, 3);
  metrics.flush();
  metrics.flush();
  const lines = String(written.read()).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).CompetitorsSynced)).toEqual([3]);
});
