import { startedSchema } from '../../../shared/api/get-job.ts';
import type { ApiClient } from '../../../shared/api/client.ts';

/** `POST /api/game-platform/teams/{id}/sync`: the platform is asked now; the badges tell the outcome. */
export const pushTeam = (
  api: ApiClient,
  input: { readonly id: string; readonly idempotencyKey: string },
): Promise<{ jobId: string }> =>
  api.send('POST', `/api/game-platform/teams/${encodeURIComponent(input.id)}/sync`, startedSchema, {
    idempotencyKey: input.idempotencyKey,
  });
