import { readRoute, writeRoute } from '#web/shared/api/call-route.ts';
import { deadLetterRoutes, type Discarded } from '#shared/dead-letters/contract.ts';
import { jobRoutes, type JobView } from '#shared/jobs/contract.ts';
import { quarantineRoutes } from '#shared/score-sync/contract.ts';
import type { QueueName } from '#shared/jobs/task-definition.ts';
import type { ApiClient } from '#web/shared/api/client.ts';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

const POLL_MS = 10_000;

export const QUEUES_KEY = ['queues'] as const;

/** `GET /api/admin/queues`. */
export const queuesQuery = (api: ApiClient) =>
  queryOptions({
    queryKey: QUEUES_KEY,
    queryFn: ({ signal }) => readRoute(api, deadLetterRoutes.listQueues, { signal }),
    refetchInterval: POLL_MS,
  });

const HISTORY_POLL_MS = 60_000;

/** `GET /api/admin/queues/history`. */
export const queueHistoryQuery = (api: ApiClient) =>
  queryOptions({
    queryKey: [...QUEUES_KEY, 'history'],
    queryFn: ({ signal }) => readRoute(api, deadLetterRoutes.getQueueHistory, { signal }),
    refetchInterval: HISTORY_POLL_MS,
  });

/** `POST /api/admin/jobs/{id}/cancel`: a redrive stops before its next message. */
export const stopRedrive = (api: ApiClient, jobId: string, idempotencyKey: string): Promise<JobView> =>
  writeRoute(api, jobRoutes.cancelJob, {
    params: { id: jobId },
    idempotencyKey,
    readAgain: (id) => readRoute(api, jobRoutes.getJob, { params: { jobId: id } }),
  });

export const DEAD_LETTERS_KEY = ['dead-letters'] as const;

/** `GET /api/admin/queues/{name}/dead-letters`. Only read when asked for: a look hides messages for a moment. */
export const deadLettersQuery = (api: ApiClient, queue: QueueName) =>
  queryOptions({
    queryKey: [...DEAD_LETTERS_KEY, queue],
    queryFn: ({ signal }) =>
      readRoute(api, deadLetterRoutes.listDeadLetters, { params: { name: queue }, signal }),
    refetchOnWindowFocus: false,
  });

/** `POST /api/admin/queues/{name}/redrive`: 202 with the job that does it. */
export const redriveGroup = (
  api: ApiClient,
  input: {
    readonly queue: QueueName;
    readonly cause: string;
    readonly trial: boolean;
    readonly maxPerSecond?: number;
    readonly idempotencyKey: string;
  },
): Promise<{ jobId: string }> => {
  const { queue, idempotencyKey, ...body } = input;
  return writeRoute(api, deadLetterRoutes.redrive, { params: { name: queue }, body, idempotencyKey });
};

/**
 * `POST /api/admin/queues/{name}/discard`: the messages are gone. Without a key: again, it takes what is still there, and
 * its answer is a count, which no key keeps.
 */
export const discardGroup = (
  api: ApiClient,
  input: {
    readonly queue: QueueName;
    readonly cause: string;
    readonly reason: string;
  },
): Promise<Discarded> => {
  const { queue, ...body } = input;
  return writeRoute(api, deadLetterRoutes.discard, { params: { name: queue }, body });
};

const PAGE = 50;

interface QuarantineFilters {
  readonly competitorId: string | null;
  readonly from: string | null;
  readonly to: string | null;
}

/** `GET /api/admin/quarantine`, newest first. */
export const quarantineQuery = (api: ApiClient, filters: QuarantineFilters) =>
  infiniteQueryOptions({
    queryKey: ['quarantine', filters],
    queryFn: ({ pageParam, signal }) =>
      readRoute(api, quarantineRoutes.listQuarantine, {
        query: { ...filters, limit: PAGE, cursor: pageParam },
        signal,
      }),
    initialPageParam: firstPage,
    getNextPageParam: (page) => page.nextCursor,
  });

const firstPage: string | null = null;
