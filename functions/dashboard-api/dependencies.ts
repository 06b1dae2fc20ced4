import * as z from 'zod';
import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { createReadLog } from '#shared/competitors/privacy/read-log.ts';
import { createAlertRepository } from '#shared/alerts/alert-repository.ts';
import { createAlerts } from '#shared/alerts/alerts.ts';
import { readProgramAlerts } from '#shared/alerts/program-alerts.ts';
import { createDynamoApi } from '#shared/composition/api.ts';
import { createDynamoFigures } from '#shared/composition/coach-figures.ts';
import { createDynamoStart } from '#shared/composition/start-jobs.ts';
import { createActivityRepository } from '#shared/audit/activity-repository.ts';
import { readActivity } from '#shared/dashboard/activity-log.ts';
import { createExport } from '#shared/dashboard/exports.ts';
import { railStart, readDashboard, readFreshness } from '#shared/dashboard/read-dashboard.ts';
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
import { createQueueSender } from '#shared/jobs/queue-sender.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { createMemoryScratch } from '#shared/kernel/csv/csv-source.ts';
import { readEnvironment } from '#shared/kernel/environment.ts';
import type { Instruments } from '#shared/kernel/instruments.ts';
import { createNoticeRepository } from '#shared/notices/notice-repository.ts';
import { createChooseNotices, newMailToken } from '#shared/notices/choose-notices.ts';
import { createReadReportCard } from '#shared/report-card/read-report-card.ts';
import { createReportCardRepository } from '#shared/report-card/report-card-repository.ts';
import { createFlashRepository } from '#shared/score-sync/flash-repository.ts';
import { createSyncStateRepository } from '#shared/score-sync/sync-state-repository.ts';
import { newId } from '#shared/kernel/ids.ts';
import { createTable } from '#shared/table/table.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';
import { createDashboardApi, ROUTES } from './dashboard-api.ts';

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
  const { dependencies, alertInputOf, facts } = createDynamoFigures({ table, timeZone, now });
  const { suspension, slaHours, inactiveDays, dayOf: programDay } = dependencies;
  const competitors = createCompetitorRepository(table);
  const audit = createAuditRepository(table);
  const flash = createFlashRepository(table);
  const queues = createQueueSender({ work: environment.WORK_QUEUE_URL });
  const activity = createActivityRepository(table);
  const teams = createTeamRepository(table);
  const notices = createNoticeRepository(table, newMailToken);

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
        notices: createChooseNotices({
          ...notices,
          audit: audit.appendTransaction,
          coachExists: async (coachId) => (await coaches.byId(coachId)) !== undefined,
          now,
          newId,
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
