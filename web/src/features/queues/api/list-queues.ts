import { queueListSchema } from '#shared/dead-letters/contract.ts';
import { queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '../../../shared/api/client.ts';

const POLL_MS = 10_000;

export const QUEUES_KEY = ['queues'] as const;

/** `GET /api/admin/queues`. */
export const queuesQuery = (api: ApiClient) =>
  queryOptions({
    queryKey: QUEUES_KEY,
    queryFn: ({ signal }) => api.get('/api/admin/queues', queueListSchema, { signal }),
    refetchInterval: POLL_MS,
  });
