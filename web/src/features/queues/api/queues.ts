import { deadLettersSchema, queueListSchema } from '#shared/queues/queues-view.ts';
import { quarantineListSchema } from '#shared/score-sync/quarantine-view.ts';
import type { QueueName } from '#shared/jobs/task-types.ts';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '../../../shared/api/client.ts';

const POLL_MS = 10_000;
const PAGE = 50;

export const QUEUES_KEY = ['queues'] as const;
export const DEAD_LETTERS_KEY = ['dead-letters'] as const;

/** `GET /api/admin/queues`. */
export const queuesQuery = (api: ApiClient) =>
  queryOptions({
    queryKey: QUEUES_KEY,
    queryFn: ({ signal }) => api.get('/api/admin/queues', queueListSchema, { signal }),
    refetchInterval: POLL_MS,
  });

/** `GET /api/admin/queues/{name}/dead-letters`. Only read when asked for: a look hides letters for a moment. */
export const deadLettersQuery = (api: ApiClient, queue: QueueName) =>
  queryOptions({
    queryKey: [...DEAD_LETTERS_KEY, queue],
    queryFn: ({ signal }) =>
      api.get(`/api/admin/queues/${queue}/dead-letters`, deadLettersSchema, { signal }),
    refetchOnWindowFocus: false,
  });

export interface QuarantineFilters {
  readonly competitorId: string | null;
  readonly from: string | null;
  readonly to: string | null;
}

/** `GET /api/admin/quarantine`, newest first. */
export const quarantineQuery = (api: ApiClient, filters: QuarantineFilters) =>
  infiniteQueryOptions({
    queryKey: ['quarantine', filters],
    queryFn: ({ pageParam, signal }) =>
      api.get('/api/admin/quarantine', quarantineListSchema, {
        query: { ...filters, limit: PAGE, cursor: pageParam },
        signal,
      }),
    initialPageParam: firstPage,
    getNextPageParam: (page) => page.nextCursor,
  });

const firstPage: string | null = null;
