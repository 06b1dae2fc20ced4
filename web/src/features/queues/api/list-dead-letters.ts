import type { QueueName } from '#shared/jobs/task-definition.ts';
import { deadLettersSchema } from '#shared/dead-letters/contract.ts';
import { queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '../../../shared/api/client.ts';

export const DEAD_LETTERS_KEY = ['dead-letters'] as const;

/** `GET /api/admin/queues/{name}/dead-letters`. Only read when asked for: a look hides letters for a moment. */
export const deadLettersQuery = (api: ApiClient, queue: QueueName) =>
  queryOptions({
    queryKey: [...DEAD_LETTERS_KEY, queue],
    queryFn: ({ signal }) =>
      api.get(`/api/admin/queues/${queue}/dead-letters`, deadLettersSchema, { signal }),
    refetchOnWindowFocus: false,
  });
