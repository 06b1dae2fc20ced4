import * as z from 'zod';
import { createGamePlatformClient } from '#shared/game-platform/client.ts';
import { createTokenSource } from '#shared/game-platform/token-source.ts';
import { finishMetrics } from '#shared/jobs/job-metrics.ts';
import { handlePartMessages } from '#shared/jobs/part-entry.ts';
import type { HandleMessage } from '#shared/jobs/queue-entry.ts';
import type { Log } from '#shared/observability/log.ts';
import type { Metrics } from '#shared/observability/metrics.ts';
import { createOnboardCompetitor } from '#shared/onboarding/onboard-competitor.ts';
import { createOnboardWorker } from '#shared/onboarding/onboard-worker.ts';
import { onboardingOnTable } from '#shared/onboarding/onboarding-on-table.ts';
import { systemClock } from '#shared/runtime/clock.ts';
import { readEnvironment } from '#shared/runtime/environment.ts';
import { createSecretReader } from '#shared/runtime/secret-reader.ts';
import { createProcessingSwitch } from '#shared/settings/processing-switch.ts';
import { createJobRepository } from '#shared/table/job-repository.ts';
import { createSettingsRepository } from '#shared/table/settings-repository.ts';
import { createTable } from '#shared/table/table.ts';

const environmentSchema = z.object({
  TABLE_NAME: z.string().min(1),
  GAME_PLATFORM_API_BASE_URL: z.url(),
  GAME_PLATFORM_TOKEN_SECRET_ARN: z.string().min(1),
});

export function buildWorker(log: Log, metrics: Metrics): HandleMessage {
  const environment = readEnvironment(environmentSchema);
  const table = createTable(environment.TABLE_NAME);
  const now = systemClock;
  const processing = createProcessingSwitch({ settings: createSettingsRepository(table), now });
  const jobs = createJobRepository(table);
  const platform = createGamePlatformClient({
    baseUrl: environment.GAME_PLATFORM_API_BASE_URL,
    token: createTokenSource({
      secretArn: environment.GAME_PLATFORM_TOKEN_SECRET_ARN,
      readSecret: createSecretReader(),
    }),
    log,
    metrics,
  });
  return handlePartMessages({
    jobs,
    worker: createOnboardWorker({
      onboard: createOnboardCompetitor(onboardingOnTable({ table, platform, log })),
      rows: {
        of: (jobId, subjects) => jobs.rowsOf(jobId, subjects),
        save: (jobId, subject, row) => jobs.saveRow(jobId, subject, row),
      },
      processing,
      now,
    }),
    pause: processing.pause,
    onFinished: finishMetrics(metrics),
    now,
  });
}
