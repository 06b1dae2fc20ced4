import { moveRoutes, type MoveView } from '#shared/moves/contract.ts';
import { readRoute, writeRoute } from '#web/shared/api/call-route.ts';
import type { ApiClient } from '#web/shared/api/client.ts';
import { wholePlanQuery, type WholePlan } from '#web/shared/jobs/plan-run.tsx';

/** Whom a plan is about: some competitors, or a coach's whole list. */
export type Moving = { readonly competitorIds: readonly string[] } | { readonly fromCoachId: string };

/** `POST /api/admin/competitors/move`: a plan; nothing is changed by it. */
export const planMove = (
  api: ApiClient,
  input: { readonly moving: Moving; readonly toCoachId: string; readonly idempotencyKey: string },
): Promise<{ jobId: string }> =>
  writeRoute(api, moveRoutes.planMove, {
    body: { ...input.moving, toCoachId: input.toCoachId, dryRun: true },
    idempotencyKey: input.idempotencyKey,
  });

/** `POST /api/admin/competitors/move/{jobId}/apply`: does what the plan said, once; 409 when it would be another one now. */
export const applyMove = (api: ApiClient, planId: string): Promise<{ jobId: string }> =>
  writeRoute(api, moveRoutes.applyMove, { params: { jobId: planId } });

export type WholeMove = WholePlan<MoveView>;

/** `GET /api/admin/competitors/move/{jobId}`, all pages. */
export const moveQuery = (api: ApiClient, jobId: string) =>
  wholePlanQuery<MoveView>('move', jobId, (query, signal) =>
    readRoute(api, moveRoutes.getMove, { params: { jobId }, query, signal }),
  );
