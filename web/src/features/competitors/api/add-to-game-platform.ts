import { competitorViewSchema, type CompetitorView } from '#shared/competitors/contract.ts';
import type { ApiClient } from '../../../shared/api/client.ts';

/** `POST /api/game-platform/competitors/{id}`: looks the account up, creates it if there is none; safe to repeat. */
export const addToGamePlatform = (
  api: ApiClient,
  input: { readonly id: string; readonly idempotencyKey: string },
): Promise<CompetitorView> =>
  api.send('POST', `/api/game-platform/competitors/${encodeURIComponent(input.id)}`, competitorViewSchema, {
    idempotencyKey: input.idempotencyKey,
  });
