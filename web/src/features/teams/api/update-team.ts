import { teamViewSchema, type TeamView } from '#shared/teams/contract.ts';
import type { ApiClient } from '../../../shared/api/client.ts';
import type { TeamBody } from '../team-form-values.ts';

/** `PATCH /api/teams/{id}`, refused with 412 when somebody changed the team since `version`. */
export const updateTeam = (
  api: ApiClient,
  input: { readonly id: string; readonly version: number; readonly body: Partial<TeamBody> },
): Promise<TeamView> =>
  api.send('PATCH', `/api/teams/${encodeURIComponent(input.id)}`, teamViewSchema, {
    body: input.body,
    ifMatch: input.version,
  });
