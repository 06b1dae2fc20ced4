import { competitorViewSchema, type CompetitorView } from '#shared/competitors/contract.ts';
import type { ApiClient } from '../../../shared/api/client.ts';
import type { CompetitorBody } from '../competitor-form-values.ts';

/** `PATCH /api/competitors/{id}`, refused with 412 when somebody changed the competitor since `version`. */
export const updateCompetitor = (
  api: ApiClient,
  input: { readonly id: string; readonly version: number; readonly body: Partial<CompetitorBody> },
): Promise<CompetitorView> =>
  api.send('PATCH', `/api/competitors/${encodeURIComponent(input.id)}`, competitorViewSchema, {
    body: input.body,
    ifMatch: input.version,
  });
