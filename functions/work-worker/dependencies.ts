import { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { evaluateAlerts } from '#shared/alerts/evaluate-alerts.ts';
import { createDynamoFigures } from '#shared/composition/coach-figures.ts';
import { periodOf } from '#shared/dashboard/period.ts';
import { readDashboard } from '#shared/dashboard/read-dashboard.ts';
import { readDepth } from '#shared/dead-letters/queue-depths.ts';
import { createAdminNotices } from '#shared/notices/admin-notices.ts';
import { newMailToken } from '#shared/notices/choose-notices.ts';
import type { SendLetter } from '#shared/notices/mail.ts';
import { createNoticeRepository } from '#shared/notices/notice-repository.ts';
import { createWeeklyWorker } from '#shared/notices/weekly-worker.ts';
import { planStatus } from '#shared/teams/reconcile/roster-plan-to-view.ts';
import { createRosterPlanRepository } from '#shared/teams/rosters/roster-plan-repository.ts';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { competitorStatus } from '#shared/competitors/competitor-status.ts';
import { isReady } from '#shared/competitors/contract.ts';
import { createImportWorker } from '#shared/competitors/import/import-worker.ts';
import { createErasureWorker } from '#shared/competitors/privacy/erasure-worker.ts';
import {
  createCallsLeft,
  createDelays,
  createDynamoWaits,
  createPlatformGauge,
} from '#shared/composition/call-budget.ts';
import { createDynamoImport } from '#shared/composition/competitor-import.ts';
import { createDynamoErasure } from '#shared/composition/erasure.ts';
import { createDynamoExportSources } from '#shared/composition/exports.ts';
import { createDynamoMoves } from '#shared/composition/moves.ts';
import { createPlanPage } from '#shared/composition/planners.ts';
import { createDynamoRedrive } from '#shared/composition/redrive.ts';
import { createSuperseded } from '#shared/composition/reopen-jobs.ts';
import { createDynamoRollOver } from '#shared/composition/season.ts';
import { queueOfTask, TASKS, type QueuePayloads } from '#shared/composition/tasks.ts';
import { createActivityRepository } from '#shared/audit/activity-repository.ts';
import { createRollupRepository } from '#shared/dashboard/rollups/rollup-repository.ts';
import { createRollupWorker } from '#shared/dashboard/rollups/rollup-worker.ts';
import { createDeadLetterQueues } from '#shared/dead-letters/dead-letter-queues.ts';
import { createRedriveWorker } from '#shared/dead-letters/redrive-worker.ts';
import { createExportRepository } from '#shared/exports/export-repository.ts';
import { createExportWorker } from '#shared/exports/export-worker.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import { createCleanupWorker } from '#shared/jobs/cleanup-worker.ts';
import { createJobArchive } from '#shared/jobs/job-archive.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { planJob } from '#shared/jobs/plan-job.ts';
import type { HandleMessage } from '#shared/jobs/queue-entry.ts';
import {
  createHideFor,
  createHidingClient,
  createQueueClient,
  createQueueSender,
} from '#shared/jobs/queue-sender.ts';
import { workEach } from '#shared/jobs/task-handlers.ts';
import { handleWorkMessages, type WorkDeps } from '#shared/jobs/work-entry.ts';
import { alsoWorkOwnParts } from '#shared/jobs/work-own-parts.ts';
import { requestTimeouts } from '#shared/kernel/aws-requests.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { readEnvironment } from '#shared/kernel/environment.ts';
import { newId } from '#shared/kernel/ids.ts';
import type { Instruments } from '#shared/kernel/instruments.ts';
import { lazy } from '#shared/kernel/lazy.ts';
import { METRICS } from '#shared/kernel/metric-names.ts';
import { createMoveWorker } from '#shared/moves/move-worker.ts';
import { createScheduleRunRepository } from '#shared/schedules/schedule-run-repository.ts';
import { finishMetrics } from '#shared/score-sync/finish-metrics.ts';
import { createFlashRepository } from '#shared/score-sync/flash-repository.ts';
import { createPolicyRepository } from '#shared/score-sync/policy-repository.ts';
import { createRoundRepository } from '#shared/score-sync/round-repository.ts';
import { createSyncStateRepository } from '#shared/score-sync/sync-state-repository.ts';
import { createTotalsRepository } from '#shared/score-sync/totals-repository.ts';
import { createRollOverWorker } from '#shared/season/roll-over-worker.ts';
import { createCachedProgramSettings, createCachedSyncSettings } from '#shared/settings/cached-settings.ts';
import { createProcessingSwitch } from '#shared/settings/processing-switch.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import { createTable } from '#shared/table/table.ts';
import { createDispatchRosters } from '#shared/teams/rosters/dispatch-rosters.ts';
import { createOldestPending } from '#shared/teams/rosters/oldest-pending.ts';
import { createRosterRepository } from '#shared/teams/rosters/roster-repository.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';

const environmentSchema = z.object({
  TABLE_NAME: z.string().min(1),
  ROSTER_QUEUE_URL: z.string().min(1),
  SYNC_QUEUE_URL: z.string().min(1),
  WORK_QUEUE_URL: z.url(),
  ROSTER_DEAD_LETTERS_URL: z.url(),
  SYNC_DEAD_LETTERS_URL: z.url(),
  WORK_DEAD_LETTERS_URL: z.url(),
  SCHEDULER_DEAD_LETTERS_URL: z.url(),
  PROGRAMME_TIME_ZONE: z.string().min(1),
  EXPORT_BUCKET_NAME: z.string().min(1),
  /** Left out: this stage sends no notices. */
  NOTICE_FROM: z.email().optional(),
  NOTICE_ADMINS: z.string().default(''),
  SITE_URL: z.url().optional(),
});

/** Null for a stage that sends no notices. SES's client is loaded by the first email only. */
function createNoticeMail(
  { NOTICE_FROM: from, NOTICE_ADMINS: admins, SITE_URL: siteUrl }: z.output<typeof environmentSchema>,
  tracing: Instruments['tracing'],
) {
  if (from === undefined || siteUrl === undefined) return null;
  const letters = lazy(async () => {
    const { createMailClient, createSendLetter } = await import('#shared/notices/mail.ts');
    return createSendLetter(tracing.client(createMailClient()), from);
  });
  const send: SendLetter = async (...letter) => (await letters())(...letter);
  return { send, siteUrl, admins: admins.split(',').filter((address) => address !== '') };
}

/** Longer than a long poll of the dead-letter queues. */
const SQS = { maxAttempts: 3, requestHandler: requestTimeouts(5_000) };

export function buildWorker(instruments: Omit<Instruments, 'middlewares'>): HandleMessage {
  const { metrics, tracing } = instruments;
  const environment = readEnvironment(environmentSchema);
  const table = createTable(environment.TABLE_NAME, tracing);
  const now = systemClock;
  const budget = { table, timeZone: environment.PROGRAMME_TIME_ZONE, now };
  const processing = createProcessingSwitch({
    settings: createSettingsRepository(table),
    now,
    readWaits: createDynamoWaits(budget),
  });
  const queues = createQueueSender(
    { roster: environment.ROSTER_QUEUE_URL, sync: environment.SYNC_QUEUE_URL },
    tracing.client(createQueueClient()),
  );
  const wakeUp = queues.wakeUpsBy(queueOfTask);
  const jobs = createJobRepository(table);
  const competitors = createCompetitorRepository(table);
  const onFinished = finishMetrics(metrics);
  const entries = createRosterRepository(table);
  const wakeRosters = createDispatchRosters({
    entries,
    teams: createTeamRepository(table),
    send: queues.sendRoster,
    suspension: () => processing.suspension('roster'),
    now,
  });
  const tellOldestPending = createOldestPending({
    entries,
    suspension: () => processing.suspension('roster'),
    onOldest: (ageSeconds) => metrics.add(METRICS.oldestPendingEditSeconds, ageSeconds, 'seconds'),
    now,
  });
  const { coaches } = createIdentityRepository(table);
  const allCoachIds = async () => (await coaches.all()).map(({ id }) => id);
  const settings = createSettingsRepository(table);
  const syncSettings = createCachedSyncSettings({ settings, now });
  const programSettings = createCachedProgramSettings({ settings, now });
  const keepDays = async () => (await programSettings()).keepDays;
  const work: Omit<WorkDeps, 'log'> = {
    dispatchRosters: async (remainingMs, log) => {
      try {
        await wakeRosters(remainingMs, log);
      } finally {
        await tellOldestPending(remainingMs);
      }
    },
    jobs,
    tasks: TASKS,
    noteRun: createScheduleRunRepository(table).note,
    planPage: createPlanPage({
      syncStates: createSyncStateRepository(table),
      flash: createFlashRepository(table),
      totals: createTotalsRepository(table),
      competitors,
      teams: createTeamRepository(table),
      coaches,
      allCoachIds,
      backfill: {
        callsLeft: createCallsLeft(budget),
        noteForecast: (job, forecast) => jobs.noteForecast(job, forecast),
      },
      rounds: createRoundRepository(table),
      observed: createPolicyRepository(table).observed,
      settings: syncSettings,
      jobs,
      timeZone: environment.PROGRAMME_TIME_ZONE,
      ended: createJobArchive(table).madeBefore,
      keepDays,
      eligible: (competitor) =>
        isReady({
          active: competitor.active,
          status: competitorStatus(competitor),
          refusal: competitor.platform.refusal,
        }),
      now,
      onOldestRead: (ageSeconds) => metrics.add(METRICS.oldestReadAgeSeconds, ageSeconds, 'seconds'),
    }),
    measure: createPlatformGauge({ ...budget, metrics }),
    suspension: (taskType) => processing.suspension(queueOfTask(taskType) === 'roster' ? 'roster' : 'reads'),
    // Parts of its own queue are processed here and now: it may not send to itself.
    sendWakeUps: (parts, delayOf) =>
      wakeUp(
        parts.filter((part) => queueOfTask(part.taskType) !== 'work'),
        delayOf,
      ),
    delays: createDelays(budget),
    onFinished,
    tracing,
    now,
    newId,
  };
  const sqs = tracing.client(new SQSClient(SQS));
  const letters = {
    roster: environment.ROSTER_DEAD_LETTERS_URL,
    sync: environment.SYNC_DEAD_LETTERS_URL,
    work: environment.WORK_DEAD_LETTERS_URL,
    scheduler: environment.SCHEDULER_DEAD_LETTERS_URL,
  };
  const redrive = createRedriveWorker(
    createDynamoRedrive({
      table,
      queues: createDeadLetterQueues(sqs, letters),
      superseded: createSuperseded(table, now),
      plan: (jobId, remainingMs, log) => planJob({ ...work, log }, jobId, remainingMs),
      suspension: work.suspension,
      sendWakeUps: work.sendWakeUps,
      sendRoster: queues.sendRoster,
      now,
      newId,
    }),
  );
  const figures = createDynamoFigures({ table, timeZone: environment.PROGRAMME_TIME_ZONE, now });
  const { slaHours, inactiveDays, dayOf: programDay } = figures.dependencies;
  const notices = createNoticeRepository(table, newMailToken);
  const mail = createNoticeMail(environment, tracing);
  const plans = createRosterPlanRepository(table);
  const measureLetters = readDepth(sqs);
  const wakeUpRosters = (wakeUps: Parameters<typeof queues.sendRoster>[0]) =>
    queues.sendRoster(wakeUps).catch((error: unknown) => {
      instruments.log.warn('roster wake-up message not sent; the dispatcher will', {}, error);
    });
  const today = () => programDay(now().toISOString());
  const worker = workEach<QueuePayloads<'work'>>(TASKS, {
    competitor_import: createImportWorker(
      createDynamoImport({
        table,
        wakeUpRosters,
        today,
        now,
        newId,
      }),
    ),
    competitor_move: createMoveWorker(createDynamoMoves({ table, wakeUpRosters, now, newId })),
    season_roll_over: createRollOverWorker(createDynamoRollOver({ table, wakeUpRosters, now, newId })),
    privacy_erasure: createErasureWorker(createDynamoErasure(table, now)),
    dashboard_rollup: createRollupWorker({
      rollups: createRollupRepository(table),
      ...figures.facts,
      allCoachIds,
      activityOf: createActivityRepository(table).ofCoach,
      slaHours,
      inactiveDays,
      dayOf: programDay,
      now,
    }),
    job_cleanup: createCleanupWorker({
      jobById: (jobId) => jobs.byId(jobId),
      archive: createJobArchive(table).archive,
      keepDays,
      now,
    }),
    dead_letter_redrive: redrive,
    weekly_email: createWeeklyWorker({
      coachById: coaches.byId,
      alertsOf: async (coachId) => {
        const input = await figures.alertInputOf(coachId);
        return input === null ? [] : evaluateAlerts(input).open;
      },
      dashboardOf: (coachId, week) => {
        const period = periodOf(week, today());
        return 'message' in period
          ? Promise.resolve(null)
          : readDashboard(figures.dependencies, { coachId, division: null, period });
      },
      firstNamesOf: async (ids) =>
        new Map([...(await competitors.byIds(ids))].map(([id, { firstName }]) => [id, firstName])),
      notices,
      mail,
      dayOf: programDay,
      now,
    }),
    admin_notices: createAdminNotices({
      stoppedPlan: async () => {
        const latest = await plans.latest();
        const plan = latest === undefined ? undefined : await plans.byId(latest.planId);
        const waits = plan !== undefined && planStatus(plan, true) === 'stopped';
        return waits ? { id: plan.id, waiting: plan.counts.held } : null;
      },
      deadLetters: async (source) => (await measureLetters(letters[source])).waiting,
      processing: async () => (await settings.processing()).processing,
      notices,
      mail,
      now,
    }),
    table_export: createExportWorker({
      progress: createExportRepository(table),
      storage: lazy(async () => {
        const { createBucketClient, createExportStorage } = await import('#shared/exports/export-storage.ts');
        const client = tracing.client(createBucketClient());
        return createExportStorage(client, environment.EXPORT_BUCKET_NAME, newId);
      }),
      sourceOf: createDynamoExportSources({
        table,
        timeZone: environment.PROGRAMME_TIME_ZONE,
        slaHours,
        inactiveDays,
        now,
      }),
    }),
  });
  const own = { has: (taskType: string) => queueOfTask(taskType) === 'work', worker };
  return alsoWorkOwnParts(handleWorkMessages({ ...work, own }), {
    jobs,
    queueOf: queueOfTask,
    worker,
    onFinished,
    hideMessageFor: createHideFor(tracing.client(createHidingClient()), environment.WORK_QUEUE_URL),
    tracing,
    now,
  });
}
