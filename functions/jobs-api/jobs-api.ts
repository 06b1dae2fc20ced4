import * as z from 'zod';
import type { ApiReply, AuthenticatedRequest, RouteHandlers } from '#shared/http/api-handler.ts';
import { notFound } from '#shared/http/problem-error.ts';
import {
  decodeCursor,
  encodeCursor,
  pageQuerySchema,
  parseBody,
  parseQuery,
} from '#shared/http/request-parsing.ts';
import { jobToView } from '#shared/jobs/job-to-view.ts';
import { JOB_STATES } from '#shared/jobs/job-view.ts';
import type { Job } from '#shared/jobs/job.ts';
import type { JobFilter, JobPage } from '#shared/jobs/list-jobs.ts';
import type { StartJobInput } from '#shared/jobs/start-job.ts';
import { startJobSchema } from '#shared/jobs/task-payloads.ts';
import type { JobRepository } from '#shared/table/job-repository.ts';
import { TASK_TYPES } from '#shared/jobs/task-types.ts';

export interface JobsApiDeps {
  readonly jobById: (jobId: string) => Promise<Job | undefined>;
  readonly pageOfRows: JobRepository['pageOfRows'];
  readonly list: (
    filter: JobFilter,
    options: { readonly limit: number; readonly before: string | null },
  ) => Promise<JobPage>;
  readonly start: (input: StartJobInput) => Promise<Job>;
  /** Asks for the job to be planned now; the dispatcher does it within a minute anyway. */
  readonly planSoon: (jobId: string) => Promise<void>;
}

const listQuerySchema = pageQuerySchema.extend({
  status: z.enum(JOB_STATES).optional(),
  type: z.enum(TASK_TYPES).optional(),
});

const rowsQuerySchema = pageQuerySchema.extend({ outcome: z.string().min(1).max(50).optional() });

export function createJobsApi(deps: JobsApiDeps): RouteHandlers<'jobs-api'> {
  const jobOf = async (jobId: string | undefined, request: AuthenticatedRequest): Promise<Job> => {
    const job = jobId === undefined ? undefined : await deps.jobById(jobId);
    const { role, sub } = request.caller;
    // An admin who acts as a coach has that coach's rights and no more; what they started themselves stays theirs.
    const seesAll = role === 'admin' && request.caller.actingAs === null;
    if (job === undefined || (!seesAll && job.startedBy !== `user:${sub}`)) throw notFound();
    return job;
  };
  const jobFor = async (jobId: string | undefined, request: AuthenticatedRequest): Promise<ApiReply> => ({
    status: 200,
    body: jobToView(await jobOf(jobId, request)),
  });

  return {
    'GET /api/jobs/{jobId}': (request) => jobFor(request.params['jobId'], request),
    'GET /api/admin/jobs/{id}': (request) => jobFor(request.params['id'], request),

    'GET /api/jobs/{jobId}/rows': async (request) => {
      const { limit, cursor, outcome } = parseQuery(rowsQuerySchema, request);
      const { id } = await jobOf(request.params['jobId'], request);
      const after = cursor === undefined ? null : decodeCursor(z.string(), cursor);
      const { rows, end } = await deps.pageOfRows(id, { limit, after, outcome });
      const last = rows.at(-1);
      return {
        status: 200,
        body: {
          items: rows.map(
            ({ subject, message, at, line = null, competitorId = null, fields = [], ...row }) => ({
              subject,
              outcome: row.outcome,
              message,
              at,
              line,
              competitorId,
              fields,
            }),
          ),
          nextCursor: end || last === undefined ? null : encodeCursor(last.subject),
        },
      };
    },

    'GET /api/admin/jobs': async (request) => {
      const { limit, cursor, status, type } = parseQuery(listQuerySchema, request);
      const before = cursor === undefined ? null : decodeCursor(z.string(), cursor);
      const page = await deps.list({ status, taskType: type }, { limit, before });
      const nextCursor = page.next === null ? null : encodeCursor(page.next);
      return { status: 200, body: { items: page.jobs.map(jobToView), nextCursor } };
    },

    'POST /api/admin/jobs': async (request) => {
      const { taskType, payload, runAt } = parseBody(startJobSchema, request);
      const notBefore = runAt === undefined ? null : new Date(runAt).toISOString();
      const startedBy = `user:${request.caller.sub}`;
      const { idempotencyId } = request;
      const job = await deps.start({
        taskType,
        payload,
        startedBy,
        notBefore,
        ...(idempotencyId === undefined ? {} : { idempotencyId }),
      });
      request.log.info('job started', { jobId: job.id, taskType });
      await deps.planSoon(job.id).catch((error: unknown) => {
        request.log.warn('planning not asked for; the dispatcher will', { jobId: job.id }, error);
      });
      return { status: 202, body: { jobId: job.id }, headers: { location: `/api/jobs/${job.id}` } };
    },
  };
}
