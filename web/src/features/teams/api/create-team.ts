import { teamViewSchema, type TeamView } from '#shared/teams/contract.ts';
import { addressOf, type ApiClient } from '../../../shared/api/client.ts';
import type { TeamBody } from '../team-form-values.ts';

/** `POST /api/teams`. An admin says whose team it is. */
export const createTeam = (
  api: ApiClient,
  input: { readonly body: TeamBody; readonly coachId: string | null; readonly idempotencyKey: string },
): Promise<TeamView> =>
  api.send('POST', addressOf('/api/teams', { coachId: input.coachId }), teamViewSchema, {
    body: input.body,
    idempotencyKey: input.idempotencyKey,
  });
