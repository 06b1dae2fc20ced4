import { coachViewSchema, type CoachView } from '#shared/coaches/contract.ts';
import type { ApiClient } from '../../../shared/api/client.ts';
import type { CoachBody } from '../coach-form-values.ts';

/** `POST /api/admin/coaches`: 201, and the invitation is sent; 409 `EMAIL_TAKEN`. */
export const createCoach = (
  api: ApiClient,
  input: { readonly body: CoachBody; readonly idempotencyKey: string },
): Promise<CoachView> =>
  api.send('POST', '/api/admin/coaches', coachViewSchema, {
    body: input.body,
    idempotencyKey: input.idempotencyKey,
  });
