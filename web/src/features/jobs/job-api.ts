import { readRoute, writeRoute } from '#web/shared/api/call-route.ts';
import type { TaskType } from '#shared/composition/tasks.ts';
import {
  jobRoutes,
  type BULK_ACTS,
  type BulkDone,
  type JOB_STARTERS,
  type JOB_STATES,
  type JobDetailView,
  type JobView,
} from '#shared/jobs/contract.ts';
import type { ApiClient } from '#web/shared/api/client.ts';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { isUnderWay } from './job-labels.ts';

/** A day has some 450 runs of schedules, folded hour by hour. */
const JOBS_PER_PAGE = 100;
const POLL_BUSY_MS = 2_000;
const POLL_IDLE_MS = 30_000;

export const JOB_LIST_KEY = ['jobs'] as const;

export interface JobFilters {
  readonly status: (typeof JOB_STATES)[number] | null;
  readonly type: TaskType | null;
  readonly by: (typeof JOB_STARTERS)[number] | null;
}

/** `GET /api/admin/jobs`, newest first. Read often while a listed job is under way. */
export const jobsQuery = (api: ApiClient, filters: JobFilters) =>
  infiniteQueryOptions({
    queryKey: [...JOB_LIST_KEY, filters],
    queryFn: ({ pageParam, signal }) =>
      readRoute(api, jobRoutes.listJobs, {
        query: { limit: JOBS_PER_PAGE, ...filters, cursor: pageParam },
        signal,
      }),
    initialPageParam: firstPage,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some(isUnderWay)) ? POLL_BUSY_MS : POLL_IDLE_MS,
  });

export type BulkAct = (typeof BULK_ACTS)[number];

/** `GET /api/admin/jobs/bulk`: counted again with the list. */
export const bulkCountQuery = (api: ApiClient, act: BulkAct, filters: JobFilters) =>
  queryOptions({
    queryKey: [...JOB_LIST_KEY, 'bulk', act, filters],
    queryFn: ({ signal }) => readRoute(api, jobRoutes.countForBulk, { query: { act, ...filters }, signal }),
    refetchInterval: POLL_IDLE_MS,
  });

/**
 * `POST /api/admin/jobs/bulk`. Without a key: asked again, another number of jobs matches, and its answer is counts, which
 * no key keeps.
 */
export const actOnJobs = (
  api: ApiClient,
  {
    act,
    filters: { status, type, by },
    expected,
  }: { readonly act: BulkAct; readonly filters: JobFilters; readonly expected: number },
): Promise<BulkDone> => {
  const filter = { ...(status && { status }), ...(type && { type }), ...(by && { by }) };
  return writeRoute(api, jobRoutes.actOnJobs, { body: { act, filter, expected } });
};

/** `POST /api/admin/jobs/estimate`; the last one stays while the next is made. */
export const estimateQuery = (
  api: ApiClient,
  asked: { readonly taskType: TaskType; readonly payload: Readonly<Record<string, unknown>> } | null,
) =>
  queryOptions({
    queryKey: ['job-estimate', asked],
    queryFn: () => writeRoute(api, jobRoutes.estimateJob, { body: asked ?? { taskType: '', payload: {} } }),
    enabled: asked !== null,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

const POLL_MS = 1_500;

/** The first look needs no parts: they are read by themselves. */
const FEW = 1;
const PARTS_PER_PAGE = 100;

export const jobKey = (id: string) => ['job', id] as const;
/** `GET /api/admin/jobs/{id}`; read again until the job is over. */
export const jobQuery = (api: ApiClient, id: string) =>
  queryOptions({
    queryKey: jobKey(id),
    queryFn: ({ signal }) =>
      readRoute(api, jobRoutes.getJobDetail, { params: { id: id }, query: { limit: FEW }, signal }),
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data) ? POLL_MS : false),
  });

/** The same, for its parts page by page; read again while the job is under way. */
export const jobPartsQuery = (api: ApiClient, job: Pick<JobDetailView, 'id' | 'status'>) =>
  infiniteQueryOptions({
    queryKey: [...jobKey(job.id), 'parts'],
    queryFn: ({ pageParam, signal }) =>
      readRoute(api, jobRoutes.getJobDetail, {
        params: { id: job.id },
        query: { limit: PARTS_PER_PAGE, cursor: pageParam },
        signal,
      }),
    initialPageParam: firstPage,
    getNextPageParam: (page) => page.parts.nextCursor,
    refetchInterval: isUnderWay(job) ? POLL_MS * 2 : false,
  });

const ROWS_PER_PAGE = 100;

/** `GET /api/jobs/{jobId}/rows`, page by page: what became of each of a job's subjects. */
export const jobRowsQuery = (api: ApiClient, id: string, isOver: boolean) =>
  infiniteQueryOptions({
    queryKey: ['job', id, 'rows', isOver],
    queryFn: ({ pageParam, signal }) =>
      readRoute(api, jobRoutes.listJobRows, {
        params: { jobId: id },
        query: { limit: ROWS_PER_PAGE, cursor: pageParam },
        signal,
      }),
    initialPageParam: firstPage,
    getNextPageParam: (page) => page.nextCursor,
  });

interface Act {
  readonly id: string;
  readonly idempotencyKey: string;
}

/** `POST /api/admin/jobs/{id}/retry`: 202; the same job goes on. */
export const retryJob = (api: ApiClient, { id, idempotencyKey }: Act): Promise<{ jobId: string }> =>
  writeRoute(api, jobRoutes.retryJob, { params: { id }, idempotencyKey });

/** `POST /api/admin/jobs/{id}/cancel`: the job as it ended. */
export const cancelJob = (api: ApiClient, { id, idempotencyKey }: Act): Promise<JobView> =>
  writeRoute(api, jobRoutes.cancelJob, {
    params: { id },
    idempotencyKey,
    readAgain: (jobId) => readRoute(api, jobRoutes.getJob, { params: { jobId } }),
  });

const firstPage: string | null = null;
