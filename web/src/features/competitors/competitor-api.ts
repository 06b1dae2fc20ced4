import {
  type CompetitorView,
  competitorViewSchema,
  erasureStartedSchema,
} from '#shared/competitors/contract.ts';
import { addressOf, type ApiClient } from '#web/shared/api/client.ts';
import { startedSchema } from '#web/shared/jobs/job-api.ts';
import type * as z from 'zod';
import type { CompetitorBody } from './competitor-form-values.ts';

/** `POST /api/competitors`. An admin says whose competitor it is. */
export const createCompetitor = (
  api: ApiClient,
  input: { readonly body: CompetitorBody; readonly coachId: string | null; readonly idempotencyKey: string },
): Promise<CompetitorView> =>
  api.send('POST', addressOf('/api/competitors', { coachId: input.coachId }), competitorViewSchema, {
    body: input.body,
    idempotencyKey: input.idempotencyKey,
  });

/** `PATCH /api/competitors/{id}`, refused with 412 when somebody changed the competitor since `version`. */
export const updateCompetitor = (
  api: ApiClient,
  input: { readonly id: string; readonly version: number; readonly body: Partial<CompetitorBody> },
): Promise<CompetitorView> =>
  api.send('PATCH', `/api/competitors/${encodeURIComponent(input.id)}`, competitorViewSchema, {
    body: input.body,
    ifMatch: input.version,
  });

const own = (id: string) => `/api/competitors/${encodeURIComponent(id)}`;

/** `DELETE /api/competitors/{id}`: gone at once; a job erases the rest. */
export const deleteCompetitor = (api: ApiClient, id: string): Promise<z.infer<typeof erasureStartedSchema>> =>
  api.send('DELETE', own(id), erasureStartedSchema);

/** `GET /api/competitors/{id}/export`: everything held about one person, as JSON. */
export const exportCompetitor = (api: ApiClient, id: string): Promise<Blob> =>
  api.download(`${own(id)}/export`);

/** `POST /api/game-platform/competitors/{id}`: looks the account up, creates it if there is none; safe to repeat. */
export const addToGamePlatform = (
  api: ApiClient,
  input: { readonly id: string; readonly idempotencyKey: string },
): Promise<CompetitorView> =>
  api.send('POST', `/api/game-platform/competitors/${encodeURIComponent(input.id)}`, competitorViewSchema, {
    idempotencyKey: input.idempotencyKey,
  });

/** Chosen competitors, or everybody of a coach who may be added; `coachId` only for an admin. */
export type ManyChosen =
  | { readonly competitorIds: readonly string[] }
  | { readonly coachId: string }
  | Readonly<Record<string, never>>;

/** `POST /api/game-platform/competitors/onboard`: 202 with the job, which has a row per competitor. */
export const addMany = (
  api: ApiClient,
  input: { readonly chosen: ManyChosen; readonly idempotencyKey: string },
): Promise<{ jobId: string }> =>
  api.send('POST', '/api/game-platform/competitors/onboard', startedSchema, {
    body: input.chosen,
    idempotencyKey: input.idempotencyKey,
  });

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
