import { jobListSchema } from '#shared/jobs/contract.ts';
import { infiniteQueryOptions } from '@tanstack/react-query';
import type { ApiClient } from '../../../shared/api/client.ts';
import { isUnderWay } from '../job-words.ts';

const PAGE = 50;
const POLL_BUSY_MS = 2_000;
const POLL_QUIET_MS = 30_000;

export const JOB_LIST_KEY = ['jobs'] as const;

export interface JobFilters {
  readonly status: string | null;
  readonly type: string | null;
}

/** `GET /api/admin/jobs`, newest first. Read often while a listed job is under way. */
export const jobsQuery = (api: ApiClient, { status, type }: JobFilters) =>
  infiniteQueryOptions({
    queryKey: [...JOB_LIST_KEY, { status, type }],
    queryFn: ({ pageParam, signal }) =>
      api.get('/api/admin/jobs', jobListSchema, {
        query: { limit: PAGE, status, type, cursor: pageParam },
        signal,
      }),
    initialPageParam: firstPage,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some(isUnderWay)) ? POLL_BUSY_MS : POLL_QUIET_MS,
  });

const firstPage: string | null = null;
