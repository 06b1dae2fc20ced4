import { erasureStartedSchema } from '#shared/privacy/delete-competitor.ts';
import * as z from 'zod';
import type { ApiClient } from '../../../shared/api/client.ts';
import { startedSchema } from '../../../shared/api/get-job.ts';

const onPlatform = (id: string) => `/api/game-platform/competitors/${encodeURIComponent(id)}`;
const own = (id: string) => `/api/competitors/${encodeURIComponent(id)}`;

/** `POST /api/game-platform/competitors/{id}/sync`: reads the scores now; 429 when too often. */
export const refreshCompetitor = (api: ApiClient, id: string): Promise<{ jobId: string }> =>
  api.send('POST', `${onPlatform(id)}/sync`, startedSchema);

/** `POST /api/game-platform/competitors/{id}/password-reset`: the platform sends an e-mail; 501 when it offers none. */
export const resetPassword = (api: ApiClient, id: string): Promise<unknown> =>
  api.send('POST', `${onPlatform(id)}/password-reset`, z.object({ sent: z.literal(true) }));

/** `DELETE /api/competitors/{id}`: gone at once; a job erases the rest. */
export const deleteCompetitor = (api: ApiClient, id: string): Promise<z.infer<typeof erasureStartedSchema>> =>
  api.send('DELETE', own(id), erasureStartedSchema);

/** `GET /api/competitors/{id}/export`: everything held about one person, as JSON. */
export const exportCompetitor = (api: ApiClient, id: string): Promise<Blob> =>
  api.download(`${own(id)}/export`);
