import { jobViewSchema, type JobView } from '#shared/jobs/contract.ts';
import type { ApiClient } from '../../../shared/api/client.ts';
import { startedSchema } from '../../../shared/api/get-job.ts';

interface Act {
  readonly id: string;
  readonly idempotencyKey: string;
}

const path = (id: string): string => `/api/admin/jobs/${encodeURIComponent(id)}`;

/** `POST /api/admin/jobs/{id}/retry`: 202; the same job goes on. */
export const retryJob = (api: ApiClient, { id, idempotencyKey }: Act): Promise<{ jobId: string }> =>
  api.send('POST', `${path(id)}/retry`, startedSchema, { idempotencyKey });

/** `POST /api/admin/jobs/{id}/cancel`: the job as it ended. */
export const cancelJob = (api: ApiClient, { id, idempotencyKey }: Act): Promise<JobView> =>
  api.send('POST', `${path(id)}/cancel`, jobViewSchema, { idempotencyKey });
