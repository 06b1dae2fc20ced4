import * as z from 'zod';
import { actorOf, type Actor } from '#shared/audit/actor.ts';
import type { createDynamoEstimate } from '#shared/composition/estimates.ts';
import { startJobSchema, TASK_TYPES } from '#shared/composition/tasks.ts';
import { exportRoutes } from '#shared/exports/contract.ts';
import type { createDownloadExport } from '#shared/exports/download-export.ts';
import type { AuthenticatedRequest, RouteHandlers } from '#shared/http/api-types.ts';
import { jobStarted } from '#shared/http/job-started.ts';
import { parseInput } from '#shared/http/middleware/request-input.ts';
import { decodeCursor, encodeCursor } from '#shared/http/request-parsing.ts';
import { actOnJobs, countForBulk, type BulkJobsDeps } from '#shared/jobs/bulk-jobs.ts';
import type { CancelOutcome } from '#shared/jobs/cancel-job.ts';
import { jobRoutes } from '#shared/jobs/contract.ts';
import { causesOf, jobToDetail } from '#shared/jobs/job-detail.ts';
import type { JobRepository } from '#shared/jobs/job-repository.ts';
import { jobToView, type NamesBySub, starterSub } from '#shared/jobs/job-to-view.ts';
import { isDryRun, type Job, type JobPart } from '#shared/jobs/job.ts';
import type { JobFilter, JobPage } from '#shared/jobs/list-jobs.ts';
import type { Refusal, ReopenOutcome } from '#shared/jobs/reopen-job.ts';
import type { StartJobInput } from '#shared/jobs/start-job.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { notFound, DomainError } from '#shared/kernel/errors.ts';
import {
  scoreSyncRoutes,
  SYNC_TASKS,
  syncHealthRoutes,
  type AdviceView,
  type SyncHealthView,
} from '#shared/score-sync/contract.ts';
import {
  runsBefore,
  runsWithin,
  syncRunView,
  type SyncHealthProblem,
  type SyncHealthRange,
} from '#shared/score-sync/health/read-sync-health.ts';

export interface JobsApiDeps {
  readonly jobById: (jobId: string) => Promise<Job | undefined>;
  readonly pageOfRows: JobRepository['pageOfRows'];
  readonly list: (
    filter: JobFilter,
    options: { readonly limit: number; readonly before: string | null },
  ) => Promise<JobPage>;
  readonly pageOfParts: JobRepository['pageOfParts'];
  /** Makes the job and notes who started it: both or neither. */
  readonly start: (input: StartJobInput, actor: Actor) => Promise<Job>;
  readonly reopen: (jobId: string, actor: Actor) => Promise<ReopenOutcome>;
  readonly cancel: (jobId: string, actor: Actor) => Promise<CancelOutcome>;
  readonly bulk: BulkJobsDeps;
  readonly estimate: ReturnType<typeof createDynamoEstimate>;
  /** Asks for the job to be planned now; the dispatcher does it within a minute anyway. */
  readonly planSoon: (jobId: string) => Promise<void>;
  readonly dismissAdvice: (code: string, dismissed: boolean, actor: Actor) => Promise<AdviceView>;
  readonly timeZone: string;
  readonly syncHealth: (range: SyncHealthRange) => Promise<SyncHealthView | SyncHealthProblem>;
  /** The name of a person who can sign in, or could. */
  readonly nameOf: (sub: string) => Promise<string | null>;
  readonly isCoach: (coachId: string) => Promise<boolean>;
  readonly download: ReturnType<typeof createDownloadExport>;
  readonly now: Clock;
}

/** Parts that are looked at for causes: some hundred kilobytes. */
const CAUSES_OF = 1_000;

/** Which types there are, only the whole product knows. */
const typeFilterSchema = z.object({ type: z.enum(TASK_TYPES).optional() });

/** No filter never means all of them. */
const NOTHING = { count: 0, states: {} };

const conflict = ({ code, detail }: Refusal): DomainError => new DomainError('conflict', code, detail);

export const ROUTES = { ...jobRoutes, ...exportRoutes, ...scoreSyncRoutes, ...syncHealthRoutes };

export function createJobsApi(deps: JobsApiDeps): RouteHandlers<typeof ROUTES> {
  const jobOf = async (jobId: string | undefined, request: AuthenticatedRequest): Promise<Job> => {
    const job = jobId === undefined ? undefined : await deps.jobById(jobId);
    const { role, sub } = request.caller;
    // An admin who acts as a coach has that coach's rights and no more; what they started themselves stays theirs.
    const seesAll = role === 'admin' && request.caller.actingAs === null;
    if (job === undefined || (!seesAll && job.startedBy !== `user:${sub}`)) throw notFound();
    return job;
  };
  /** Few: most jobs are started by schedules, and people start several. */
  const namesFor = async (jobs: readonly Job[]): Promise<NamesBySub> => {
    const subs = new Set(
      jobs.flatMap((job) => [starterSub(job.startedBy) ?? [], job.discarded?.by ?? []].flat()),
    );
    const named = await Promise.all([...subs].map(async (sub) => [sub, await deps.nameOf(sub)] as const));
    return new Map(named.flatMap(([sub, name]) => (name === null ? [] : [[sub, name] as const])));
  };
  const planSoon = async (jobId: string, request: AuthenticatedRequest) => {
    await deps.planSoon(jobId).catch((error: unknown) => {
      request.log.warn('planning not asked for; the dispatcher will', { jobId }, error);
    });
    return jobStarted(jobId);
  };
  const startNow = async (
    input: Pick<StartJobInput, 'taskType' | 'payload' | 'notBefore'>,
    request: AuthenticatedRequest,
  ) => {
    const { idempotencyId } = request;
    const startedBy = `user:${request.caller.sub}`;
    const job = await deps.start(
      { ...input, startedBy, ...(idempotencyId === undefined ? {} : { idempotencyId }) },
      actorOf(request),
    );
    request.log.info('job started', { jobId: job.id, taskType: job.taskType });
    return planSoon(job.id, request);
  };
  const detailOf = async (job: Job, query: { limit: number; after: number | null }) => {
    const { limit, after } = query;
    const failed = job.partsFailed > 0 || (job.earlier ?? []).length > 0;
    const none: readonly JobPart[] = [];
    const [parts, looked, names] = await Promise.all([
      deps.pageOfParts(job.id, { limit: limit + 1, after }),
      failed ? deps.pageOfParts(job.id, { limit: CAUSES_OF, after: null }) : none,
      namesFor([job]),
    ]);
    const shown = parts.slice(0, limit);
    const last = parts.length > limit ? shown.at(-1) : undefined;
    const page = { parts: shown, nextCursor: last === undefined ? null : encodeCursor(last.part) };
    return {
      status: 200 as const,
      body: jobToDetail(job, page, causesOf(looked), { now: deps.now(), names }),
    };
  };

  return {
    getJob: async (request) => ({
      status: 200,
      body: jobToView(await jobOf(request.params.jobId, request)),
    }),

    getJobDetail: async (request) => {
      const { limit, cursor } = request.query;
      const after = cursor === undefined ? null : decodeCursor(z.int(), cursor);
      return detailOf(await jobOf(request.params.id, request), { limit, after });
    },

    downloadExport: async (request) => ({
      status: 200,
      body: await deps.download(request.params.jobId, request.caller, actorOf(request)),
    }),

    retryJob: async (request) => {
      const id = request.params.id;
      const outcome = await deps.reopen(id, actorOf(request));
      if (outcome.kind === 'not_found') throw notFound();
      if (outcome.kind === 'refused') throw conflict(outcome.refusal);
      request.log.info('job tried again', { jobId: id, taskType: outcome.job.taskType });
      return planSoon(id, request);
    },

    cancelJob: async (request) => {
      const id = request.params.id;
      const outcome = await deps.cancel(id, actorOf(request));
      if (outcome.kind === 'not_found') throw notFound();
      if (outcome.kind === 'refused') throw conflict(outcome.refusal);
      request.log.info('job canceled', { jobId: id, taskType: outcome.job.taskType });
      return { status: 200, body: jobToView(outcome.job) };
    },

    listJobRows: async (request) => {
      const { limit, cursor, outcome } = request.query;
      const { id } = await jobOf(request.params.jobId, request);
      const after = cursor === undefined ? null : decodeCursor(z.string(), cursor);
      const { rows, end } = await deps.pageOfRows(id, { limit, after, outcome });
      const last = rows.at(-1);
      return {
        status: 200,
        body: {
          items: rows.map(
            ({
              subject,
              message,
              at,
              line = null,
              competitorId = null,
              jobId = null,
              fields = [],
              ...row
            }) => ({
              subject,
              outcome: row.outcome,
              message,
              at,
              line,
              competitorId,
              jobId,
              fields,
            }),
          ),
          nextCursor: end || last === undefined ? null : encodeCursor(last.subject),
        },
      };
    },

    countForBulk: async (request) => {
      const { act, status, by } = request.query;
      const { type } = parseInput(typeFilterSchema, request.query);
      if (status === undefined && type === undefined && by === undefined)
        return { status: 200, body: NOTHING };
      return { status: 200, body: await countForBulk(deps.bulk, act, { status, taskType: type, by }) };
    },

    actOnJobs: async (request) => {
      const { act, filter, expected } = request.body;
      const { type } = parseInput(typeFilterSchema, filter);
      const asked = { act, filter: { status: filter.status, taskType: type, by: filter.by }, expected };
      const { jobs, ...body } = await actOnJobs(deps.bulk, asked, actorOf(request), request.remainingMs);
      request.log.info('jobs retried or canceled', { act, jobs: body.done, refused: body.refused.length });
      if (act === 'retry') await Promise.all(jobs.map((jobId) => planSoon(jobId, request)));
      return { status: 200, body };
    },

    listJobs: async (request) => {
      const { limit, cursor, status, by } = request.query;
      const { type } = parseInput(typeFilterSchema, request.query);
      const before = cursor === undefined ? null : decodeCursor(z.string(), cursor);
      const page = await deps.list({ status, taskType: type, by }, { limit, before });
      const nextCursor = page.next === null ? null : encodeCursor(page.next);
      const names = await namesFor(page.jobs);
      return { status: 200, body: { items: page.jobs.map((job) => jobToView(job, names)), nextCursor } };
    },

    getSyncHealth: async (request) => {
      const health = await deps.syncHealth(request.query);
      if ('message' in health) {
        throw new DomainError('invalid', 'VALIDATION_FAILED', health.message, { errors: [health] });
      }
      return { status: 200, body: health };
    },

    listSyncRuns: async (request) => {
      const { limit, cursor, type, ...days } = request.query;
      const before = cursor === undefined ? runsBefore(days) : decodeCursor(z.string(), cursor);
      const page = await deps.list({ status: undefined, taskType: type ?? SYNC_TASKS }, { limit, before });
      const { jobs, over } = runsWithin(page.jobs, days, deps.timeZone);
      const nextCursor = page.next === null || over ? null : encodeCursor(page.next);
      return {
        status: 200,
        body: { items: jobs.filter((job) => !isDryRun(job)).map(syncRunView), nextCursor },
      };
    },

    dismissAdvice: async (request) => ({
      status: 200,
      body: await deps.dismissAdvice(request.params.code, true, actorOf(request)),
    }),

    restoreAdvice: async (request) => ({
      status: 200,
      body: await deps.dismissAdvice(request.params.code, false, actorOf(request)),
    }),

    estimateJob: async (request) => ({
      status: 200,
      body: await deps.estimate(parseInput(startJobSchema, request.body), request.remainingMs),
    }),

    startJob: async (request) => {
      const { taskType, payload, runAt } = parseInput(startJobSchema, request.body);
      const notBefore = runAt === undefined ? null : new Date(runAt).toISOString();
      return startNow({ taskType, payload, notBefore }, request);
    },

    startScoreSync: async (request) => {
      const { coachId } = request.body;
      if (coachId !== undefined && !(await deps.isCoach(coachId))) throw notFound();
      return startNow({ taskType: 'game_platform_sync', payload: request.body, notBefore: null }, request);
    },
  };
}
