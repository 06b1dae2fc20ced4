import { coachViewSchema, type CoachView } from '#shared/coaches/contract.ts';
import type { ApiClient } from '../../../shared/api/client.ts';
import { startedSchema } from '../../../shared/api/get-job.ts';

/** `POST /api/admin/coaches/{id}/onboard`: the coach's own account over there; safe to repeat. */
export const addCoachAccount = (
  api: ApiClient,
  input: { readonly id: string; readonly idempotencyKey: string },
): Promise<CoachView> =>
  api.send('POST', `/api/admin/coaches/${encodeURIComponent(input.id)}/onboard`, coachViewSchema, {
    idempotencyKey: input.idempotencyKey,
  });

/** The same for every coach without one, as a job with a row for each. */
export const addAllCoachAccounts = (api: ApiClient, idempotencyKey: string): Promise<{ jobId: string }> =>
  api.send('POST', '/api/admin/jobs', startedSchema, {
    body: { taskType: 'onboard_coaches', payload: {} },
    idempotencyKey,
  });
