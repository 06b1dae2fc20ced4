import * as z from 'zod';
import { createDynamoBudget, givingBack, createDynamoWaits } from '#shared/composition/call-budget.ts';
import { createDynamoOnboarding } from '#shared/composition/onboarding.ts';
import { createDynamoRosters } from '#shared/composition/rosters.ts';
import { TASKS, type QueuePayloads } from '#shared/composition/tasks.ts';
import { createGamePlatformClient } from '#shared/game-platform/client.ts';
import { createTokenSource } from '#shared/game-platform/token-source.ts';
import { withPurpose } from '#shared/game-platform/with-purpose.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import type { JobRow } from '#shared/jobs/job.ts';
import { handlePartMessages } from '#shared/jobs/part-entry.ts';
import { createHideFor, createHidingClient } from '#shared/jobs/queue-sender.ts';
import type { HandleMessage } from '#shared/jobs/queue-entry.ts';
import { workEach } from '#shared/jobs/task-handlers.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { readEnvironment } from '#shared/kernel/environment.ts';
import { newId } from '#shared/kernel/ids.ts';
import type { Instruments } from '#shared/kernel/instruments.ts';
import { METRICS } from '#shared/kernel/metric-names.ts';
import { createSecretReader, createSecretsClient } from '#shared/kernel/secret-reader.ts';
import { createOnboardCoach } from '#shared/onboarding/onboard-coach.ts';
import { createOnboardCompetitor } from '#shared/onboarding/onboard-competitor.ts';
import { createOnboardWorker } from '#shared/onboarding/onboard-worker.ts';
import { finishMetrics } from '#shared/score-sync/finish-metrics.ts';
import { createFlashRepository } from '#shared/score-sync/flash-repository.ts';
import { createQuarantineRepository } from '#shared/score-sync/quarantine-repository.ts';
import { createReadBeforeRemoval } from '#shared/score-sync/read-before-removal.ts';
import { createSolveRepository } from '#shared/score-sync/solve-repository.ts';
import { createSyncStateRepository } from '#shared/score-sync/sync-state-repository.ts';
import { createTotalsRepository } from '#shared/score-sync/totals-repository.ts';
import { createProcessingSwitch } from '#shared/settings/processing-switch.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import { createTable } from '#shared/table/table.ts';
import { createEditTimesRepository } from '#shared/teams/rosters/edit-times-repository.ts';
import { followAccount } from '#shared/teams/rosters/follow-account.ts';
import { handleRosterMessages } from '#shared/teams/rosters/roster-queue.ts';
import { createRosterRepository } from '#shared/teams/rosters/roster-repository.ts';
import { createTeamSyncWorker } from '#shared/teams/rosters/team-sync-worker.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';

const environmentSchema = z.object({
  TABLE_NAME: z.string().min(1),
  PROGRAMME_TIME_ZONE: z.string().min(1),
  GAME_PLATFORM_API_BASE_URL: z.url(),
  GAME_PLATFORM_TOKEN_SECRET_ARN: z.string().min(1),
  ROSTER_QUEUE_URL: z.url(),
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
  });
  const budget = createDynamoBudget({ table, timeZone, log, metrics, now, newId });
  const jobs = createJobRepository(table);
  const teams = createTeamRepository(table);
  const editTimes = createEditTimesRepository(table);
  const hideFor = createHideFor(tracing.client(createHidingClient()), environment.ROSTER_QUEUE_URL);
  const platform = createGamePlatformClient({
    baseUrl: environment.GAME_PLATFORM_API_BASE_URL,
    caller: 'roster-worker',
    token: createTokenSource({
      secretArn: environment.GAME_PLATFORM_TOKEN_SECRET_ARN,
      readSecret: createSecretReader(tracing.client(createSecretsClient())),
    }),
    log,
    metrics,
    tracing,
    budget,
    purpose: 'roster',
  });
  const drive = createDynamoRosters({
    table,
    platform,
    readScores: createReadBeforeRemoval({
      platform,
      solves: createSolveRepository(table),
      flash: createFlashRepository(table),
      quarantine: createQuarantineRepository(table),
      syncStates: createSyncStateRepository(table),
      totals: createTotalsRepository(table),
      timeZone,
      log,
      now,
      newId,
    }),
    onEdit: async (seconds, at) => {
      metrics.add(METRICS.editSeconds, seconds, 'seconds');
      await editTimes.count(seconds, at);
    },
    now,
    newId,
  });
  const onboarding = createDynamoOnboarding({
    table,
    platform: withPurpose(platform, 'onboarding'),
    log,
  });
  const onboardCompetitor = followAccount(
    createOnboardCompetitor(onboarding),
    (competitorId, { remainingMs }) => drive.driveCompetitor(competitorId, remainingMs, log),
    log,
  );
  const onboardCoach = createOnboardCoach(onboarding);
  const onboardCommon = {
    rows: {
      of: (jobId: string, subjects: readonly string[]) => jobs.rowsOf(jobId, subjects),
      save: (jobId: string, subject: string, row: JobRow) => jobs.saveRow(jobId, subject, row),
    },
    processing,
    now,
  };
  const onboard = createOnboardWorker({
    ...onboardCommon,
    who: 'competitor',
    onboard: (competitorId, { jobId, actor, remainingMs }) =>
      onboardCompetitor({ competitorId, by: { kind: 'job', jobId, actor }, remainingMs }),
  });
  const onboardCoaches = createOnboardWorker({
    ...onboardCommon,
    who: 'coach',
    onboard: (coachId, { remainingMs }) => onboardCoach(coachId, remainingMs),
  });
  const syncTeam = createTeamSyncWorker({
    ...drive,
    teams: { byId: (id) => teams.byId(id, { consistent: true }), saveProgress: teams.saveProgress },
    entries: createRosterRepository(table),
    processing,
    now,
  });
  const worker = workEach<QueuePayloads<'roster'>>(TASKS, {
    onboard_competitors: onboard,
    onboard_coaches: onboardCoaches,
    team_sync: syncTeam,
    team_recreate: syncTeam,
  });
  const handle = handleRosterMessages({
    ...drive,
    part: handlePartMessages({
      jobs,
      worker,
      hideFor,
      suspension: () => processing.suspension(),
      onFinished: finishMetrics(metrics),
      tracing,
      now,
    }),
    tracing,
    suspension: () => processing.suspension(),
    block: processing.block,
    hideFor,
  });
  return givingBack(budget, handle);
}
