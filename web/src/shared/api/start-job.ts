import type { TaskType } from '#shared/composition/tasks.ts';
import type { ApiClient } from './client.ts';
import { startedSchema } from './get-job.ts';

/** `POST /api/admin/jobs`: 202 with the id of the job. */
export const startJob = (
  api: ApiClient,
  input: {
    readonly taskType: TaskType;
    readonly payload?: Readonly<Record<string, unknown>>;
    readonly idempotencyKey: string;
  },
): Promise<{ jobId: string }> =>
  api.send('POST', '/api/admin/jobs', startedSchema, {
    body: { taskType: input.taskType, payload: input.payload ?? {} },
    idempotencyKey: input.idempotencyKey,
  });
