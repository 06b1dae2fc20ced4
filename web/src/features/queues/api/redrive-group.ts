import type { QueueName } from '#shared/jobs/task-definition.ts';
import type { ApiClient } from '../../../shared/api/client.ts';
import { startedSchema } from '../../../shared/api/get-job.ts';

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
  return api.send('POST', `/api/admin/queues/${queue}/redrive`, startedSchema, { body, idempotencyKey });
};
