import * as z from 'zod';
import { createDynamoBudget, givingBack, createDynamoWaits } from '#shared/composition/call-budget.ts';
import { createDynamoOnboarding } from '#shared/composition/onboarding.ts';
import { createDynamoProfileRefresh } from '#shared/composition/profile-refresh.ts';
import { createDynamoReconcile } from '#shared/composition/reconcile.ts';
import { TASKS, type QueuePayloads } from '#shared/composition/tasks.ts';
import { createGamePlatformClient } from '#shared/game-platform/client.ts';
import { createReadingRepository } from '#shared/game-platform/reading-repository.ts';
import { createTokenSource } from '#shared/game-platform/token-source.ts';
import { forScores, withPurpose } from '#shared/game-platform/with-purpose.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { handlePartMessages } from '#shared/jobs/part-entry.ts';
import type { HandleMessage } from '#shared/jobs/queue-entry.ts';
import {
  createHideFor,
  createHidingClient,
  createQueueClient,
  createQueueSender,
} from '#shared/jobs/queue-sender.ts';
import { workEach } from '#shared/jobs/task-handlers.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { readEnvironment } from '#shared/kernel/environment.ts';
import { newId } from '#shared/kernel/ids.ts';
import type { Instruments } from '#shared/kernel/instruments.ts';
import { createSecretReader, createSecretsClient } from '#shared/kernel/secret-reader.ts';
import { createBackfillWorker } from '#shared/onboarding/backfill-worker.ts';
import { createLinkAccount } from '#shared/onboarding/link-account.ts';
import { createOnboarding } from '#shared/onboarding/onboard-competitor.ts';
import { createProfileRefreshWorker, readAccount } from '#shared/onboarding/profile-refresh-worker.ts';
import { orDryRun } from '#shared/score-sync/dry-run.ts';
import { finishMetrics } from '#shared/score-sync/finish-metrics.ts';
import { createFlashRepository } from '#shared/score-sync/flash-repository.ts';
import { createPartObservations } from '#shared/score-sync/part-observations.ts';
import { createPolicyRepository } from '#shared/score-sync/policy-repository.ts';
import { variantOf } from '#shared/score-sync/policy/variants.ts';
import { createPreloadedStates } from '#shared/score-sync/preloaded-states.ts';
import { createQuarantineRepository } from '#shared/score-sync/quarantine-repository.ts';
import { readAlone } from '#shared/score-sync/read-alone.ts';
import { createRefreshWorker } from '#shared/score-sync/refresh-worker.ts';
import { createSolveRepository } from '#shared/score-sync/solve-repository.ts';
import { createSyncStateRepository } from '#shared/score-sync/sync-state-repository.ts';
import { createFlashWorker, startEventJob, createSyncWorker } from '#shared/score-sync/sync-worker.ts';
import { createTotalsRepository } from '#shared/score-sync/totals-repository.ts';
import { createTotalsWorker } from '#shared/score-sync/totals-worker.ts';
import { createCachedSyncSettings } from '#shared/settings/cached-settings.ts';
import { createProcessingSwitch } from '#shared/settings/processing-switch.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import { createTable } from '#shared/table/table.ts';
import { createReconcileWorker } from '#shared/teams/reconcile/reconcile-worker.ts';
import { followingTeams } from '#shared/teams/rosters/follow-account.ts';

const environmentSchema = z.object({
  TABLE_NAME: z.string().min(1),
  PROGRAMME_TIME_ZONE: z.string().min(1),
  GAME_PLATFORM_API_BASE_URL: z.url(),
  GAME_PLATFORM_TOKEN_SECRET_ARN: z.string().min(1),
  ROSTER_QUEUE_URL: z.url(),
  SYNC_QUEUE_URL: z.url(),
});

export function buildWorker({ log, metrics, tracing }: Omit<Instruments, 'middlewares'>): HandleMessage {
  const environment = readEnvironment(environmentSchema);
  const table = createTable(environment.TABLE_NAME, tracing);
  const now = systemClock;
  const timeZone = environment.PROGRAMME_TIME_ZONE;
  const processing = createProcessingSwitch({
    settings: createSettingsRepository(table),
    now,
    readWaits: createDynamoWaits({ table, timeZone, now }),
    lane: 'reads',
  });
  const settings = createCachedSyncSettings({ settings: createSettingsRepository(table), now });
  const budget = createDynamoBudget({ table, timeZone, log, metrics, now, newId });
  const platform = createGamePlatformClient({
    baseUrl: environment.GAME_PLATFORM_API_BASE_URL,
    caller: 'sync-worker',
    token: createTokenSource({
      secretArn: environment.GAME_PLATFORM_TOKEN_SECRET_ARN,
      readSecret: createSecretReader(tracing.client(createSecretsClient())),
    }),
    log,
    metrics,
    tracing,
    budget,
  });
  const syncStates = createSyncStateRepository(table);
  const preloaded = createPreloadedStates((ids) => syncStates.byIds(ids));
  const shared = {
    platform: forScores(platform),
    solves: createSolveRepository(table),
    syncStates: { ...syncStates, byIds: preloaded.byIds },
    quarantine: createQuarantineRepository(table),
    processing,
    concurrency: async () => (await settings()).concurrency,
    newObservations: createPartObservations({
      policy: createPolicyRepository(table),
      variants: async () => {
        const switches = await settings();
        return { variantOf: (id) => variantOf(id, switches), slaSeconds: switches.slaHours * 3600 };
      },
      timeZone,
      now,
    }),
    metrics,
    timeZone,
    now,
    newId,
  };
  const jobs = createJobRepository(table);
  const flash = { ...createFlashRepository(table), onOpenEvent: startEventJob({ jobs, now }) };
  const alone = { readings: createReadingRepository(table), now };
  const aloneWithStates = { ...alone, preload: preloaded.preload };
  const sync = readAlone(aloneWithStates, createSyncWorker({ ...shared, flash }));
  const flashOnly = readAlone(aloneWithStates, createFlashWorker({ ...shared, flash }));
  const totalsDeps = {
    ...shared,
    platform: withPurpose(platform, 'totals'),
    totals: createTotalsRepository(table),
  };
  const totals = readAlone(alone, createTotalsWorker(totalsDeps));
  const profileDeps = {
    ...shared,
    platform: withPurpose(platform, 'profile'),
    ...createDynamoProfileRefresh(table),
  };
  const profiles = readAlone(alone, createProfileRefreshWorker(profileDeps));
  const refresh = readAlone(
    alone,
    createRefreshWorker({
      scores: { ...shared, flash },
      totals: totalsDeps,
      account: async (competitorId, job, context) => {
        const competitor = await profileDeps.competitorById(competitorId);
        return readAccount(profileDeps, competitor, job, context);
      },
    }),
  );
  const { sendRoster } = createQueueSender(
    { roster: environment.ROSTER_QUEUE_URL },
    tracing.client(createQueueClient()),
  );
  const onboarding = createDynamoOnboarding({ table, platform: withPurpose(platform, 'backfill'), log });
  const backfill = createBackfillWorker({
    ...followingTeams(
      { adopt: createOnboarding(onboarding).adopt, link: createLinkAccount(onboarding) },
      (competitorId) => sendRoster([{ kind: 'roster', competitorId }]),
      log,
    ),
    rows: {
      of: (jobId, subjects) => jobs.rowsOf(jobId, subjects),
      save: (jobId, subject, row) => jobs.saveRow(jobId, subject, row),
    },
    processing,
    now,
  });
  const reconcile = createReconcileWorker({
    ...shared,
    platform: withPurpose(platform, 'reconcile'),
    ...createDynamoReconcile(table, newId, now),
    wakeUp: sendRoster,
  });
  const worker = workEach<QueuePayloads<'sync'>>(TASKS, {
    game_platform_sync: orDryRun(
      { ...shared, flash, saveRows: (jobId, rows) => jobs.saveRows(jobId, rows) },
      sync,
    ),
    game_platform_totals_sweep: totals,
    game_platform_flash_ctf_sync: flashOnly,
    profile_refresh: profiles,
    roster_reconcile: reconcile,
    competitor_refresh: refresh,
    external_id_backfill: backfill,
  });
  const handle = handlePartMessages({
    jobs,
    worker,
    hideFor: createHideFor(tracing.client(createHidingClient()), environment.SYNC_QUEUE_URL),
    suspension: () => processing.suspension(),
    onFinished: finishMetrics(metrics),
    tracing,
    now,
  });
  return givingBack(budget, handle);
}
