import type { QueueName } from '#shared/jobs/task-definition.ts';
import { discardedSchema, type Discarded } from '#shared/dead-letters/contract.ts';
import type { ApiClient } from '../../../shared/api/client.ts';

/** `POST /api/admin/queues/{name}/discard`: the letters are gone. */
export const discardGroup = (
  api: ApiClient,
  input: {
    readonly queue: QueueName;
    readonly cause: string;
    readonly reason: string;
    readonly idempotencyKey: string;
  },
): Promise<Discarded> => {
  const { queue, idempotencyKey, ...body } = input;
  return api.send('POST', `/api/admin/queues/${queue}/discard`, discardedSchema, { body, idempotencyKey });
};
