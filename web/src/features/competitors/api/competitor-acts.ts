import { erasureStartedSchema } from '#shared/competitors/contract.ts';
import type * as z from 'zod';
import type { ApiClient } from '../../../shared/api/client.ts';

const own = (id: string) => `/api/competitors/${encodeURIComponent(id)}`;

/** `DELETE /api/competitors/{id}`: gone at once; a job erases the rest. */
export const deleteCompetitor = (api: ApiClient, id: string): Promise<z.infer<typeof erasureStartedSchema>> =>
  api.send('DELETE', own(id), erasureStartedSchema);

/** `GET /api/competitors/{id}/export`: everything held about one person, as JSON. */
export const exportCompetitor = (api: ApiClient, id: string): Promise<Blob> =>
  api.download(`${own(id)}/export`);
