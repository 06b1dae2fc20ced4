import { readRoute, writeRoute } from '#web/shared/api/call-route.ts';
import type { ApiClient } from '#web/shared/api/client.ts';
import { seasonRoutes, type RollOverView } from '#shared/season/contract.ts';
import { wholePlanQuery, type WholePlan } from '#web/shared/jobs/plan-run.tsx';

export interface RollOverForm {
  /** Empty: the whole program. */
  readonly coachId: string;
  readonly seasonStart: string;
  readonly teams: RollOverView['teams'];
}

/** `POST /api/admin/season/roll-over`: a plan; nothing is changed by it. */
export const planRollOver = (
  api: ApiClient,
  { coachId, seasonStart, teams }: RollOverForm,
  idempotencyKey: string,
): Promise<{ jobId: string }> =>
  writeRoute(api, seasonRoutes.planRollOver, {
    body: { ...(coachId === '' ? {} : { coachId }), seasonStart, teams, dryRun: true },
    idempotencyKey,
  });

/** `POST /api/admin/season/roll-over/{jobId}/apply`: does what the plan said, once. */
export const applyRollOver = (api: ApiClient, planId: string): Promise<{ jobId: string }> =>
  writeRoute(api, seasonRoutes.applyRollOver, { params: { jobId: planId } });

export type WholeRollOver = WholePlan<RollOverView>;

/** `GET /api/admin/season/roll-over/{jobId}`, all pages, up to 10,000 rows. */
export const rollOverQuery = (api: ApiClient, jobId: string) =>
  wholePlanQuery<RollOverView>('roll-over', jobId, (query, signal) =>
    readRoute(api, seasonRoutes.getRollOver, { params: { jobId }, query, signal }),
  );
