import type { ApiClient } from '../../../shared/api/client.ts';
import { startedSchema } from '../../../shared/api/get-job.ts';

/** Chosen competitors, or everybody of a coach who may be added; `coachId` only for an admin. */
export type ManyChosen =
  | { readonly competitorIds: readonly string[] }
  | { readonly coachId: string }
  | Readonly<Record<string, never>>;

/** `POST /api/game-platform/competitors/onboard`: 202 with the job, which has a row per competitor. */
export const addMany = (
  api: ApiClient,
  input: { readonly chosen: ManyChosen; readonly idempotencyKey: string },
): Promise<{ jobId: string }> =>
  api.send('POST', '/api/game-platform/competitors/onboard', startedSchema, {
    body: input.chosen,
    idempotencyKey: input.idempotencyKey,
  });
