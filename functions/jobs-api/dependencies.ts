import * as z from 'zod';
import { createIdempotency } from '#shared/http/idempotency.ts';
import { createOriginVerify } from '#shared/http/origin-verify.ts';
import { createResolveCaller } from '#shared/identity/resolve-caller.ts';
import { createQueueSender } from '#shared/jobs/hints.ts';
import { listJobs } from '#shared/jobs/list-jobs.ts';
import { startJob } from '#shared/jobs/start-job.ts';
import { systemClock } from '#shared/runtime/clock.ts';
import { readEnvironment } from '#shared/runtime/environment.ts';
import { newId } from '#shared/runtime/ids.ts';
import { createSecretReader } from '#shared/runtime/secret-reader.ts';
import { createCompetitorRepository } from '#shared/table/competitor-repository.ts';
import { createIdentityRepository } from '#shared/table/identity-repository.ts';
import { createJobRepository } from '#shared/table/job-repository.ts';
import { createTable } from '#shared/table/table.ts';
import { createJobsApi } from './jobs-api.ts';

const environmentSchema = z.object({
  TABLE_NAME: z.string().min(1),
  ORIGIN_VERIFY_SECRET_ARN: z.string().min(1),
  WORK_QUEUE_URL: z.string().min(1),
});

export function buildDependencies() {
  const environment = readEnvironment(environmentSchema);
  const table = createTable(environment.TABLE_NAME);
  const jobs = createJobRepository(table);
  const competitors = createCompetitorRepository(table);
  const { identities, coaches } = createIdentityRepository(table);
  const queues = createQueueSender({ work: environment.WORK_QUEUE_URL });
  const now = systemClock;

  return {
    originVerify: createOriginVerify({
      secretArn: environment.ORIGIN_VERIFY_SECRET_ARN,
      readSecret: createSecretReader(),
    }),
    resolveCaller: createResolveCaller({ identityBySub: identities.bySub, coachById: coaches.byId }),
    idempotency: createIdempotency({ table, now }),
    handlers: createJobsApi({
      jobById: (jobId) => jobs.byId(jobId),
      pageOfRows: (jobId, page) => jobs.pageOfRows(jobId, page),
      list: (filter, options) => listJobs((...page) => jobs.page(...page), filter, options),
      start: startJob({ jobs, now, newId }),
      planSoon: (jobId) => queues.sendWork({ kind: 'plan_job', jobId }),
      coachPage: coaches.page,
      competitorsOf: async (coachId) => {
        let count = 0;
        for await (const _ of competitors.ofCoach(coachId)) count += 1;
        return count;
      },
    }),
  };
}
