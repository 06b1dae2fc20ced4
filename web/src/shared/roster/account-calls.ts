import * as z from 'zod';
import type { ApiClient } from '../api/client.ts';
import { startedSchema } from '../api/get-job.ts';

const onPlatform = (id: string) => `/api/game-platform/competitors/${encodeURIComponent(id)}`;

/** `POST /api/game-platform/competitors/{id}/sync`: reads the scores now; 429 when too often. */
export const refreshCompetitor = (api: ApiClient, id: string): Promise<{ jobId: string }> =>
  api.send('POST', `${onPlatform(id)}/sync`, startedSchema);

/** `POST /api/game-platform/competitors/{id}/password-reset`: the platform sends an e-mail; 501 when it offers none. */
export const resetPassword = (api: ApiClient, id: string): Promise<unknown> =>
  api.send('POST', `${onPlatform(id)}/password-reset`, z.object({ sent: z.literal(true) }));
