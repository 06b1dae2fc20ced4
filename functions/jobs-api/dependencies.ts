import * as z from 'zod';
import type { Actor } from '#shared/audit/actor.ts';
import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { erasedSince } from '#shared/competitors/privacy/erasure-repository.ts';
import { createDynamoApi } from '#shared/composition/api.ts';
import { createDynamoStart } from '#shared/composition/start-jobs.ts';
import { createDynamoEstimate } from '#shared/composition/estimates.ts';
import { createDynamoReopen } from '#shared/composition/reopen-jobs.ts';
import { TASK_TYPES, TASKS } from '#shared/composition/tasks.ts';
import { createDownloadExport } from '#shared/exports/download-export.ts';
import { createExportRepository } from '#shared/exports/export-repository.ts';
import { createBudgetRepository } from '#shared/game-platform/budget/budget-repository.ts';
import { serve } from '#shared/http/api-call.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import { cancelJob } from '#shared/jobs/cancel-job.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { listJobs } from '#shared/jobs/list-jobs.ts';
import { createQueueSender } from '#shared/jobs/queue-sender.ts';
import { reopenJob } from '#shared/jobs/reopen-job.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { readEnvironment } from '#shared/kernel/environment.ts';
import { newId } from '#shared/kernel/ids.ts';
import { lazy } from '#shared/kernel/lazy.ts';
import {
  createDismissAdvice,
  readSyncHealth,
  type SyncHealthRange,
} from '#shared/score-sync/health/read-sync-health.ts';
import { createPolicyRepository } from '#shared/score-sync/policy-repository.ts';
import { createRoundRepository } from '#shared/score-sync/round-repository.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import { createTable } from '#shared/table/table.ts';
import { createJobsApi, ROUTES } from './jobs-api.ts';

const environmentSchema = z.object({
  TABLE_NAME: z.string().min(1),
  ORIGIN_VERIFY_SECRET_ARN: z.string().min(1),
  WORK_QUEUE_URL: z.string().min(1),
  EXPORT_BUCKET_NAME: z.string().min(1),
  PROGRAMME_TIME_ZONE: z.string().min(1),
});

export function buildDependencies() {
  const environment = readEnvironment(environmentSchema);
  const table = createTable(environment.TABLE_NAME);
  const jobs = createJobRepository(table);
  const people = createIdentityRepository(table);
  const queues = createQueueSender({ work: environment.WORK_QUEUE_URL });
  const audit = createAuditRepository(table);
  const budget = createBudgetRepository(table);
  const now = systemClock;
  const exports = createExportRepository(table);
  // Loaded when the first file is fetched: no other route needs S3.
  const signer = lazy(async () => {
    const { createBucketClient, signedAddress } = await import('#shared/exports/export-storage.ts');
    const client = createBucketClient();
    return (file: Parameters<typeof signedAddress>[2]) =>
      signedAddress(client, environment.EXPORT_BUCKET_NAME, file);
  });
  const reopening = createDynamoReopen({ table, now, newId });
  const policy = createPolicyRepository(table);
  const settings = createSettingsRepository(table);
  const health = (range: SyncHealthRange) =>
    readSyncHealth(
      {
        variantDays: policy.variantDays,
        dismissed: policy.dismissed,
        budgetDays: budget.days,
        budgetHours: budget.hours,
        budget: budget.state,
        round: createRoundRepository(table).last,
        settings: async () => (await settings.syncSettings()).settings,
        processing: async () => (await settings.processing()).processing,
        namesOf: async (ids) => {
          const found = await createCompetitorRepository(table).byIds(ids);
          return new Map([...found].map(([id, { firstName, lastName }]) => [id, `${firstName} ${lastName}`]));
        },
        timeZone: environment.PROGRAMME_TIME_ZONE,
        now,
      },
      range,
    );

  const reopen = (jobId: string, actor: Actor) => reopenJob(reopening, jobId, actor);
  const cancel = (jobId: string, actor: Actor) =>
    cancelJob(
      {
        tasks: TASKS,
        jobById: (id) => jobs.byId(id),
        cancel: async (job, at, entry) => jobs.cancel(job, at, [await audit.appendTransaction(entry)]),
        now,
        newId,
      },
      jobId,
      actor,
    );

  return {
    ...createDynamoApi({ table, people, originVerifySecretArn: environment.ORIGIN_VERIFY_SECRET_ARN, now }),
    served: serve(
      ROUTES,
      createJobsApi({
        jobById: (jobId) => jobs.byId(jobId),
        pageOfParts: (jobId, page) => jobs.pageOfParts(jobId, page),
        pageOfRows: (jobId, page) => jobs.pageOfRows(jobId, page),
        list: (filter, options) =>
          listJobs({ page: (...page) => jobs.page(...page), taskTypes: TASK_TYPES }, filter, options),
        start: createDynamoStart({ table, now, newId }),
        reopen,
        cancel,
        estimate: createDynamoEstimate({ table, timeZone: environment.PROGRAMME_TIME_ZONE, now }),
        bulk: { tasks: TASKS, page: (...page) => jobs.page(...page), reopen, cancel },
        syncHealth: health,
        dismissAdvice: createDismissAdvice({
          health: () => health({}),
          dismiss: async (code, dismissal, entry) =>
            policy.dismiss(code, dismissal, await audit.appendTransaction(entry)),
          now,
          newId,
        }),
        timeZone: environment.PROGRAMME_TIME_ZONE,
        download: createDownloadExport({
          jobById: (jobId) => jobs.byId(jobId),
          rowsOf: async (jobId) => (await exports.byJob(jobId))?.rows ?? 0,
          erasedSince: (iso) => erasedSince(table, iso),
          sign: async (file) => (await signer())(file),
          append: audit.append,
          now,
          newId,
        }),
        nameOf: async (sub) => (await people.identities.bySub(sub))?.name ?? null,
        isCoach: async (coachId) => (await people.coaches.byId(coachId)) !== undefined,
        now,
        planSoon: (jobId) => queues.sendWork({ kind: 'plan_job', jobId }),
      }),
    ),
  };
}
