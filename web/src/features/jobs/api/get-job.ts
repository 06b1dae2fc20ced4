import { jobDetailSchema, type JobDetailView } from '#shared/jobs/contract.ts';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '../../../shared/api/client.ts';
import { isUnderWay } from '../job-words.ts';

const POLL_MS = 1_500;

/** The first look needs no parts but to know that there are some. */
const FEW_PARTS = 1;
const PARTS = 100;

export const jobKey = (id: string) => ['job', id] as const;
const path = (id: string): string => `/api/admin/jobs/${encodeURIComponent(id)}`;

/** `GET /api/admin/jobs/{id}`; read again until the job is over. */
export const jobQuery = (api: ApiClient, id: string) =>
  queryOptions({
    queryKey: jobKey(id),
    queryFn: ({ signal }) => api.get(path(id), jobDetailSchema, { query: { limit: FEW_PARTS }, signal }),
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data) ? POLL_MS : false),
  });

/** The same, for its parts page by page; read again while the job is under way. */
export const jobPartsQuery = (api: ApiClient, job: Pick<JobDetailView, 'id' | 'status'>) =>
  infiniteQueryOptions({
    queryKey: [...jobKey(job.id), 'parts'],
    queryFn: ({ pageParam, signal }) =>
      api.get(path(job.id), jobDetailSchema, { query: { limit: PARTS, cursor: pageParam }, signal }),
    initialPageParam: firstPage,
    getNextPageParam: (page) => page.parts.nextCursor,
    refetchInterval: isUnderWay(job) ? POLL_MS * 2 : false,
  });

const firstPage: string | null = null;
