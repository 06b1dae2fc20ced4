import type { TaskType } from '#shared/jobs/task-types.ts';
import * as z from 'zod';
import type { ApiClient } from '../../../shared/api/client.ts';

const startedSchema = z.object({ jobId: z.string() });

/** `POST /api/admin/jobs`: 202 with the id of the job. */
export const startJob = (
  api: ApiClient,
  input: { readonly taskType: TaskType; readonly idempotencyKey: string },
): Promise<{ jobId: string }> =>
  api.send('POST', '/api/admin/jobs', startedSchema, {
    body: { taskType: input.taskType, payload: {} },
    idempotencyKey: input.idempotencyKey,
  });
