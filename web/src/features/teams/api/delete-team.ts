import * as z from 'zod';
import type { ApiClient } from '../../../shared/api/client.ts';

/** `DELETE /api/teams/{id}`, refused with 409 while the team has members. */
export const deleteTeam = (api: ApiClient, id: string): Promise<undefined> =>
  api.send('DELETE', `/api/teams/${encodeURIComponent(id)}`, z.undefined());
