import type { ApiClient } from '../../../shared/api/client.ts';
import { startedSchema } from '../../../shared/api/get-job.ts';

/** `POST /api/game-platform/teams/{id}/recreate`: 409 `NO_DRIFT` or `EVENT_RUNNING`; the badges tell the outcome. */
export const recreateTeam = (
  api: ApiClient,
  input: { readonly id: string; readonly idempotencyKey: string },
): Promise<{ jobId: string }> =>
  api.send('POST', `/api/game-platform/teams/${encodeURIComponent(input.id)}/recreate`, startedSchema, {
    idempotencyKey: input.idempotencyKey,
  });
