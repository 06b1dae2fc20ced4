import * as z from 'zod';
import { createGamePlatformClient } from '#shared/game-platform/client.ts';
import { createTokenSource } from '#shared/game-platform/token-source.ts';
import { createQueueSender } from '#shared/jobs/hints.ts';
import { finishMetrics } from '#shared/jobs/job-metrics.ts';
import { handlePartMessages } from '#shared/jobs/part-entry.ts';
import type { HandleMessage } from '#shared/jobs/queue-entry.ts';
import type { PartWorker } from '#shared/jobs/work-part.ts';
import type { Log } from '#shared/observability/log.ts';
import type { Metrics } from '#shared/observability/metrics.ts';
import { profileRefreshOnTable } from '#shared/onboarding/profile-refresh-on-table.ts';
import { createProfileRefreshWorker } from '#shared/onboarding/profile-refresh-worker.ts';
import { createReconcileWorker } from '#shared/rosters/reconcile/reconcile-worker.ts';
import { reconcileOnTable } from '#shared/rosters/reconcile/reconcile-on-table.ts';
import { systemClock } from '#shared/runtime/clock.ts';
import { readEnvironment } from '#shared/runtime/environment.ts';
import { newId } from '#shared/runtime/ids.ts';
import { createSecretReader } from '#shared/runtime/secret-reader.ts';
import { createSyncWorker } from '#shared/score-sync/sync-worker.ts';
import { createTotalsWorker } from '#shared/score-sync/totals-worker.ts';
import { createProcessingSwitch } from '#shared/settings/processing-switch.ts';
import { createFlashRepository } from '#shared/table/flash-repository.ts';
import { createJobRepository } from '#shared/table/job-repository.ts';
import { createQuarantineRepository } from '#shared/table/quarantine-repository.ts';
import { createSettingsRepository } from '#shared/table/settings-repository.ts';
import { createSolveRepository } from '#shared/table/solve-repository.ts';
import { createSyncStateRepository } from '#shared/table/sync-state-repository.ts';
import { createTable } from '#shared/table/table.ts';
import { createTotalsRepository } from '#shared/table/totals-repository.ts';

const environmentSchema = z.object({
  TABLE_NAME: z.string().min(1),
  PROGRAMME_TIME_ZONE: z.string().min(1),
  GAME_PLATFORM_API_BASE_URL: z.url(),
  GAME_PLATFORM_TOKEN_SECRET_ARN: z.string().min(1),
  ROSTER_QUEUE_URL: z.url(),
});

export function buildWorker(log: Log, metrics: Metrics): HandleMessage {
  const environment = readEnvironment(environmentSchema);
  const table = createTable(environment.TABLE_NAME);
  const now = systemClock;
  const processing = createProcessingSwitch({ settings: createSettingsRepository(table), now });
  const shared = {
    platform: createGamePlatformClient({
      baseUrl: environment.GAME_PLATFORM_API_BASE_URL,
      token: createTokenSource({
        secretArn: environment.GAME_PLATFORM_TOKEN_SECRET_ARN,
        readSecret: createSecretReader(),
      }),
      log,
      metrics,
    }),
    solves: createSolveRepository(table),
    syncStates: createSyncStateRepository(table),
    quarantine: createQuarantineRepository(table),
    processing,
    metrics,
    timeZone: environment.PROGRAMME_TIME_ZONE,
    now,
    newId,
  };
  const sync = createSyncWorker({ ...shared, flash: createFlashRepository(table) });
  const totals = createTotalsWorker({ ...shared, totals: createTotalsRepository(table) });
  const profiles = createProfileRefreshWorker({ ...shared, ...profileRefreshOnTable(table) });
  const reconcile = createReconcileWorker({
    ...shared,
    ...reconcileOnTable(table, newId, now),
    hint: createQueueSender({ roster: environment.ROSTER_QUEUE_URL }).sendRoster,
  });
  const worker: PartWorker = (job, part, context) => {
    switch (job.taskType) {
      case 'game_platform_sync':
        return sync(job, part, context);
      case 'game_platform_totals_sweep':
        return totals(job, part, context);
      case 'profile_refresh':
        return profiles(job, part, context);
      case 'roster_reconcile':
        return reconcile(job, part, context);
      default:
        throw new Error(`Parts of ${job.taskType} are not worked off here.`);
    }
  };
  return handlePartMessages({
    jobs: createJobRepository(table),
    worker,
    pause: processing.pause,
    onFinished: finishMetrics(metrics),
    now,
  });
}
