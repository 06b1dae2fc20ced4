import { downloadRoute, readRoute, writeRoute } from '#web/shared/api/call-route.ts';
import { competitorRoutes, type ErasureStarted, type CompetitorView } from '#shared/competitors/contract.ts';
import { onboardingRoutes } from '#shared/onboarding/contract.ts';
import { type ApiClient } from '#web/shared/api/client.ts';
import type { CompetitorBody } from './competitor-form-values.ts';

export const readCompetitor = (api: ApiClient) => (id: string) =>
  readRoute(api, competitorRoutes.getCompetitor, { params: { id } });

/** `POST /api/competitors`. An admin says whose competitor it is. */
export const createCompetitor = (
  api: ApiClient,
  input: { readonly body: CompetitorBody; readonly coachId: string | null; readonly idempotencyKey: string },
): Promise<CompetitorView> =>
  writeRoute(api, competitorRoutes.createCompetitor, {
    query: { coachId: input.coachId },
    body: input.body,
    idempotencyKey: input.idempotencyKey,
    readAgain: readCompetitor(api),
  });

/** `PATCH /api/competitors/{id}`, refused with 412 when somebody changed the competitor since `version`. */
export const updateCompetitor = (
  api: ApiClient,
  input: { readonly id: string; readonly version: number; readonly body: Partial<CompetitorBody> },
): Promise<CompetitorView> =>
  writeRoute(api, competitorRoutes.updateCompetitor, {
    params: { id: input.id },
    body: input.body,
    version: input.version,
  });

/** `DELETE /api/competitors/{id}`: gone at once; a job erases the rest. */
export const deleteCompetitor = (api: ApiClient, id: string): Promise<ErasureStarted> =>
  writeRoute(api, competitorRoutes.eraseCompetitor, { params: { id } });

/** `GET /api/competitors/{id}/export`: everything held about one person, as JSON. */
export const exportCompetitor = (api: ApiClient, id: string): Promise<Blob> =>
  downloadRoute(api, competitorRoutes.exportCompetitor, { params: { id } });

/** `POST /api/game-platform/competitors/{id}`: looks the account up, creates it if there is none; safe to repeat. */
export const addToGamePlatform = (
  api: ApiClient,
  input: { readonly id: string; readonly idempotencyKey: string },
): Promise<CompetitorView> =>
  writeRoute(api, onboardingRoutes.onboardCompetitor, {
    params: { id: input.id },
    idempotencyKey: input.idempotencyKey,
    readAgain: readCompetitor(api),
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
  writeRoute(api, onboardingRoutes.onboardMany, {
    body: input.chosen,
    idempotencyKey: input.idempotencyKey,
  });

/** `POST /api/game-platform/competitors/{id}/link`: takes over the account that the platform has under another id. */
export const linkAccount = (
  api: ApiClient,
  input: { readonly id: string; readonly platformUserId: string },
): Promise<CompetitorView> =>
  writeRoute(api, onboardingRoutes.linkAccount, {
    params: { id: input.id },
    body: { platformUserId: input.platformUserId },
  });
