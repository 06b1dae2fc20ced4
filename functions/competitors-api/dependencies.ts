import * as z from 'zod';
import { createActivityRepository } from '#shared/audit/activity-repository.ts';
import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { createCreateCompetitor } from '#shared/competitors/create-competitor.ts';
import { createImportRepository } from '#shared/competitors/import/import-repository.ts';
import { createPreviewImport } from '#shared/competitors/import/preview-import.ts';
import { createApplyImport, createStartImport } from '#shared/competitors/import/start-import.ts';
import { createListCompetitors, createListSorted } from '#shared/competitors/list-competitors.ts';
import { createDeleteCompetitor } from '#shared/competitors/privacy/delete-competitor.ts';
import { createExportCompetitor } from '#shared/competitors/privacy/export-competitor.ts';
import { createExportLog, createReadLog } from '#shared/competitors/privacy/read-log.ts';
import { createSearchCompetitors } from '#shared/competitors/search-competitors.ts';
import { createUpdateCompetitor } from '#shared/competitors/update-competitor.ts';
import { createDynamoApi } from '#shared/composition/api.ts';
import { createDynamoStart } from '#shared/composition/start-jobs.ts';
import { createDynamoCompetitorChange } from '#shared/composition/competitor-change.ts';
import { createDynamoPersonRepository, createDynamoErase } from '#shared/composition/erasure.ts';
import { createCompetitorRelatedRecordsRepository } from '#shared/composition/related-records-repository.ts';
import { createAnswerExport } from '#shared/exports/answer-export.ts';
import { serve } from '#shared/http/api-call.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import { createDescribeMe } from '#shared/identity/me.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { createQueueSender } from '#shared/jobs/queue-sender.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { dayOf } from '#shared/kernel/days.ts';
import { readEnvironment } from '#shared/kernel/environment.ts';
import { newId } from '#shared/kernel/ids.ts';
import type { Instruments } from '#shared/kernel/instruments.ts';
import { createApplyMove, createPlanMove } from '#shared/moves/start-move.ts';
import { createViewMove } from '#shared/moves/view-move.ts';
import { createSolveRepository } from '#shared/score-sync/solve-repository.ts';
import { createApplyRollOver, createPlanRollOver } from '#shared/season/start-roll-over.ts';
import { createViewRollOver } from '#shared/season/view-roll-over.ts';
import { createCachedProgramSettings, createCachedSyncSettings } from '#shared/settings/cached-settings.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import { createTable } from '#shared/table/table.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';
import { createCompetitorsApi, ROUTES } from './competitors-api.ts';

const environmentSchema = z.object({
  TABLE_NAME: z.string().min(1),
  PROGRAMME_TIME_ZONE: z.string().min(1),
  ORIGIN_VERIFY_SECRET_ARN: z.string().min(1),
  WORK_QUEUE_URL: z.string().min(1),
  EXPORT_ANSWER_BYTES: z.coerce.number().int().positive(),
});

export function buildDependencies({ log }: Pick<Instruments, 'log'>) {
  const environment = readEnvironment(environmentSchema);
  const table = createTable(environment.TABLE_NAME);
  const competitors = createCompetitorRepository(table);
  const people = createIdentityRepository(table);
  const { coaches } = people;
  const activity = createActivityRepository(table);
  const audit = createAuditRepository(table);
  const now = systemClock;
  const today = () => dayOf(now().toISOString(), environment.PROGRAMME_TIME_ZONE);
  const consistentById = (id: string) => competitors.byId(id, { consistent: true });
  const list = createListCompetitors({ pageOfCoach: competitors.pageOfCoach, coachPage: coaches.page });
  const jobs = createJobRepository(table);
  const imports = createImportRepository(table);
  const queues = createQueueSender({ work: environment.WORK_QUEUE_URL });
  const planSoon = async (jobId: string): Promise<void> => {
    try {
      await queues.sendWork({ kind: 'plan_job', jobId });
    } catch (error) {
      log.warn('job not announced; the dispatcher finds it', { jobId }, error);
    }
  };
  const start = createDynamoStart({ table, now, newId });
  const startSoon = async (...started: Parameters<typeof start>) => {
    const job = await start(...started);
    await planSoon(job.id);
    return job;
  };
  const settings = createSettingsRepository(table);
  const syncSettings = createCachedSyncSettings({ settings, now });
  const programSettings = createCachedProgramSettings({ settings, now });
  const seasonStart = async () => (await settings.syncSettings()).program.seasonStart;
  const logRead = createReadLog({ appendOncePerHour: audit.appendOncePerHour, now });
  const importing = {
    upload: (importId: string) => imports.byId(importId, now()),
    ofCoach: competitors.ofCoach,
    teamsOfCoach: createTeamRepository(table).ofCoach,
    today,
    seasonStart,
    save: imports.save,
    jobById: (jobId: string) => jobs.byId(jobId),
    start: startSoon,
    now,
    newId,
  };
  const moving = {
    byIds: (ids: readonly string[]) => competitors.byIds(ids, { consistent: true }),
    teamsByIds: (ids: readonly string[]) => createTeamRepository(table).byIds(ids, { consistent: true }),
    coachById: coaches.byId,
    countOfCoach: competitors.countOfCoach,
    jobById: (jobId: string) => jobs.byId(jobId),
    pageOfRows: (...page: Parameters<typeof jobs.pageOfRows>) => jobs.pageOfRows(...page),
    seasonStart,
    start: startSoon,
  };

  return {
    ...createDynamoApi({ table, people, originVerifySecretArn: environment.ORIGIN_VERIFY_SECRET_ARN, now }),
    served: serve(
      ROUTES,
      createCompetitorsApi({
        describeMe: createDescribeMe({ coachById: coaches.byId }),
        coachById: coaches.byId,
        competitorById: consistentById,
        list,
        listSorted: createListSorted(list),
        search: createSearchCompetitors({
          list,
          byNamePrefix: competitors.byNamePrefix,
          byIds: competitors.byIds,
        }),
        exportOne: createExportCompetitor({ rows: createDynamoPersonRepository(table), now }),
        startImport: createStartImport(importing),
        applyImport: createApplyImport(importing),
        previewImport: createPreviewImport({
          ...importing,
          pageOfRows: (jobId, page) => jobs.pageOfRows(jobId, page),
          byIds: (ids) => competitors.byIds(ids),
          logRead,
        }),
        planMove: createPlanMove(moving),
        applyMove: createApplyMove(moving),
        viewMove: createViewMove({
          ...moving,
          statsOf: (ids) => createSolveRepository(table).statsOf(ids),
        }),
        planRollOver: createPlanRollOver(moving),
        applyRollOver: createApplyRollOver(moving),
        viewRollOver: createViewRollOver(moving),
        erase: createDeleteCompetitor({
          byId: consistentById,
          erase: createDynamoErase(table),
          planSoon,
          now,
          newId,
        }),
        answerExport: createAnswerExport({ start, planSoon, mostBytes: environment.EXPORT_ANSWER_BYTES }),
        logExport: createExportLog({ append: audit.append, now, newId }),
        logRead,
        create: createCreateCompetitor({
          create: async (competitor, auditEvents) =>
            competitors.create(competitor, [
              await activity.appendTransaction(auditEvents.activity),
              await audit.appendTransaction(auditEvents.audit),
            ]),
          today,
          seasonStart,
          now,
          newId,
        }),
        update: createUpdateCompetitor({
          byId: consistentById,
          update: createDynamoCompetitorChange(table),
          today,
          seasonStart,
          now,
          newId,
        }),
        relatedRecordsOf: createCompetitorRelatedRecordsRepository(table).of,
        slaHours: async () => (await syncSettings()).slaHours,
        inactiveDays: async () => (await programSettings()).inactiveDays,
        timeZone: environment.PROGRAMME_TIME_ZONE,
        now,
      }),
    ),
  };
}
