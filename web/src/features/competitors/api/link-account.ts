import { competitorViewSchema, type CompetitorView } from '#shared/competitors/contract.ts';
import type { ApiClient } from '../../../shared/api/client.ts';

/** `POST /api/game-platform/competitors/{id}/link`: takes over the account that the platform has under another id. */
export const linkAccount = (
  api: ApiClient,
  input: { readonly id: string; readonly platformUserId: string },
): Promise<CompetitorView> =>
  api.send(
    'POST',
    `/api/game-platform/competitors/${encodeURIComponent(input.id)}/link`,
    competitorViewSchema,
    { body: { platformUserId: input.platformUserId } },
  );
