import * as z from 'zod';
import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { createReadLog } from '#shared/competitors/privacy/read-log.ts';
import { createAlertRepository } from '#shared/alerts/alert-repository.ts';
import { createAlerts } from '#shared/alerts/alerts.ts';
import { readProgramAlerts } from '#shared/alerts/program-alerts.ts';
import type { AlertInput } from '#shared/alerts/evaluate-alerts.ts';
import { createDynamoApi } from '#shared/composition/api.ts';
import { createDynamoStart } from '#shared/composition/start-jobs.ts';
import { createActivityRepository } from '#shared/audit/activity-repository.ts';
import { readActivity } from '#shared/dashboard/activity-log.ts';
import { createDashboardRepository } from '#shared/dashboard/dashboard-repository.ts';
import { createExport } from '#shared/dashboard/exports.ts';
import { freshnessOf } from '#shared/dashboard/freshness.ts';
import {
  railStart,
  readDashboard,
  readFreshness,
  type DashboardDependencies,
} from '#shared/dashboard/read-dashboard.ts';
import {
  readProgram,
  readProgramFreshness,
  type ProgramDependencies,
  readAlertSums,
} from '#shared/dashboard/rollups/read-program.ts';
import { PROGRAM } from '#shared/dashboard/rollups/rollup-worker.ts';
import { createRollupRepository } from '#shared/dashboard/rollups/rollup-repository.ts';
import { createAnswerExport } from '#shared/exports/answer-export.ts';
import { serve } from '#shared/http/api-call.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { createQueueSender } from '#shared/jobs/queue-sender.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { createMemoryScratch } from '#shared/kernel/csv/csv-source.ts';
import { dayOf } from '#shared/kernel/days.ts';
import { readEnvironment } from '#shared/kernel/environment.ts';
import type { Instruments } from '#shared/kernel/instruments.ts';
import { createReadReportCard } from '#shared/report-card/read-report-card.ts';
import { createReportCardRepository } from '#shared/report-card/report-card-repository.ts';
import { createFlashRepository } from '#shared/score-sync/flash-repository.ts';
import { createSyncStateRepository } from '#shared/score-sync/sync-state-repository.ts';
import { newId } from '#shared/kernel/ids.ts';
import { createCachedProgramSettings, createCachedSyncSettings } from '#shared/settings/cached-settings.ts';
import { createProcessingSwitch } from '#shared/settings/processing-switch.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import { createTable } from '#shared/table/table.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';
import { createDashboardApi, ROUTES } from './dashboard-api.ts';
import { createRunsSince } from './runs-since.ts';

const environmentSchema = z.object({
  TABLE_NAME: z.string().min(1),
  PROGRAMME_TIME_ZONE: z.string().min(1),
  ORIGIN_VERIFY_SECRET_ARN: z.string().min(1),
  WORK_QUEUE_URL: z.string().min(1),
  EXPORT_ANSWER_BYTES: z.coerce.number().int().positive(),
});

export function buildDependencies({ log }: Pick<Instruments, 'log'>) {
  const environment = readEnvironment(environmentSchema);
  const timeZone = environment.PROGRAMME_TIME_ZONE;
  const table = createTable(environment.TABLE_NAME);
  const people = createIdentityRepository(table);
  const { coaches } = people;
  const now = systemClock;
  const settings = createSettingsRepository(table);
  const processing = createProcessingSwitch({ settings, now });
  const syncSettings = createCachedSyncSettings({ settings, now });
  const programSettings = createCachedProgramSettings({ settings, now });
  const inactiveDays = async () => (await programSettings()).inactiveDays;
  const facts = createDashboardRepository(table);
  const jobs = createJobRepository(table);
  const competitors = createCompetitorRepository(table);
  const audit = createAuditRepository(table);
  const flash = createFlashRepository(table);
  const queues = createQueueSender({ work: environment.WORK_QUEUE_URL });
  const programDay = (iso: string) => dayOf(iso, timeZone);
  const slaHours = async () => (await syncSettings()).slaHours;
  const suspension = async () => {
    const kind = (await processing.suspension())?.kind;
    // Work that waits for a call of the budget is late, not paused.
    return kind === undefined || kind === 'waiting' ? null : kind;
  };

  async function alertInputOf(coachId: string): Promise<AlertInput | null> {
    if ((await coaches.byId(coachId)) === undefined) return null;
    const at = now();
    const [present, stopped, hours, days] = await Promise.all([
      facts.presentOfCoach(coachId),
      suspension(),
      slaHours(),
      inactiveDays(),
    ]);
    const input = { facts: present, suspension: stopped, slaHours: hours, inactiveDays: days, now: at };
    const { lateIds } = freshnessOf({ ...input, facts: { ...present, solvesStoredAt: [] }, runs: [] });
    return { ...input, lateIds };
  }

  const activity = createActivityRepository(table);
  const teams = createTeamRepository(table);
  const dependencies: DashboardDependencies = {
    coachById: async (coachId) => (await coaches.byId(coachId)) ?? null,
    allCoaches: coaches.all,
    factsOfCoach: (coachId, range) => facts.factsOfCoach(coachId, range),
    freshnessFactsOfCoach: (coachId, since) => facts.freshnessFactsOfCoach(coachId, since),
    runsSince: createRunsSince((list, options) => jobs.page(list, options), now),
    suspension,
    slaHours,
    inactiveDays,
    now,
    timeZone,
    dayOf: programDay,
  };

  const alertRecords = createAlertRepository(table);
  const syncStates = createSyncStateRepository(table);
  const program: ProgramDependencies = {
    ...dependencies,
    rollups: createRollupRepository(table),
    competitorsById: competitors.byIds,
    teamsById: teams.byIds,
    syncStatesById: (ids) => syncStates.byIds(ids),
  };

  return {
    ...createDynamoApi({ table, people, originVerifySecretArn: environment.ORIGIN_VERIFY_SECRET_ARN, now }),
    served: serve(
      ROUTES,
      createDashboardApi({
        alerts: createAlerts({
          inputOf: alertInputOf,
          programList: () =>
            readProgramAlerts({
              everybody: PROGRAM,
              sums: () => readAlertSums(program.rollups),
              recordsOf: alertRecords.byCause,
              namesOf: async (ids) => {
                const [peopleById, teamsById] = await Promise.all([
                  competitors.byIds(ids.competitors),
                  teams.byIds(ids.teams),
                ]);
                return new Map([
                  ...[...peopleById].map(([id, { firstName }]) => [id, firstName] as const),
                  ...[...teamsById].map(([id, { name }]) => [id, name] as const),
                ]);
              },
              suspension,
              inactiveDays,
              now,
            }),
          allCoachIds: async () => (await coaches.all()).map(({ id }) => id),
          records: alertRecords,
          now,
          newId,
        }),
        today: () => programDay(now().toISOString()),
        // Until the first sums are made, the few people there are are read one by one.
        read: async (request) =>
          (request.coachId === null ? await readProgram(program, request) : undefined) ??
          readDashboard(dependencies, request),
        freshness: async (coachId) =>
          (coachId === null ? await readProgramFreshness(program, railStart(now())) : undefined) ??
          readFreshness(dependencies, coachId),
        export: (name, request) =>
          createExport(
            { ...dependencies, solvesOfCoach: (...page) => facts.solvesOfCoach(...page) },
            name,
            request,
            createMemoryScratch(),
          ),
        answerExport: createAnswerExport({
          start: createDynamoStart({ table, now, newId }),
          planSoon: (jobId) =>
            queues.sendWork({ kind: 'plan_job', jobId }).catch((error: unknown) => {
              log.warn('planning not asked for; the dispatcher will', { jobId }, error);
            }),
          mostBytes: environment.EXPORT_ANSWER_BYTES,
        }),
        coachExists: async (coachId) => (await coaches.byId(coachId)) !== undefined,
        activity: (request) =>
          readActivity(
            {
              pageOfCoach: activity.ofCoach,
              pageOfProgram: (options) => activity.ofProgram({ ...options, now: now() }),
              competitorsById: competitors.byIds,
              teamsById: teams.byIds,
              dayOf: programDay,
            },
            request,
          ),
        competitorById: (id) => competitors.byId(id),
        readCard: createReadReportCard({
          ...createReportCardRepository(table),
          factsOfCoach: (coachId, range) => facts.factsOfCoach(coachId, range),
          flashResultsOf: (competitorId) => flash.resultsOf(competitorId),
          logRead: createReadLog({ appendOncePerHour: audit.appendOncePerHour, now }),
          slaHours,
          inactiveDays,
          now,
          timeZone,
          dayOf: programDay,
        }),
      }),
    ),
  };
}
