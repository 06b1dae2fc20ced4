import { competitorViewSchema, type CompetitorView } from '#shared/competitors/contract.ts';
import { addressOf, type ApiClient } from '../../../shared/api/client.ts';
import type { CompetitorBody } from '../competitor-form-values.ts';

/** `POST /api/competitors`. An admin says whose competitor it is. */
export const createCompetitor = (
  api: ApiClient,
  input: { readonly body: CompetitorBody; readonly coachId: string | null; readonly idempotencyKey: string },
): Promise<CompetitorView> =>
  api.send('POST', addressOf('/api/competitors', { coachId: input.coachId }), competitorViewSchema, {
    body: input.body,
    idempotencyKey: input.idempotencyKey,
  });
