import { jobRowListSchema } from '#shared/jobs/contract.ts';
import { infiniteQueryOptions } from '@tanstack/react-query';
import type { ApiClient } from '../../../shared/api/client.ts';

const PAGE = 100;

/** `GET /api/jobs/{jobId}/rows`, page by page: what became of each of a job's subjects. */
export const jobRowsQuery = (api: ApiClient, id: string, isOver: boolean) =>
  infiniteQueryOptions({
    queryKey: ['job', id, 'rows', isOver],
    queryFn: ({ pageParam, signal }) =>
      api.get(`/api/jobs/${encodeURIComponent(id)}/rows`, jobRowListSchema, {
        query: { limit: PAGE, cursor: pageParam },
        signal,
      }),
    initialPageParam: firstPage,
    getNextPageParam: (page) => page.nextCursor,
  });

const firstPage: string | null = null;
