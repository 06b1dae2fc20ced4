import { readRoute, writeRoute } from '#web/shared/api/call-route.ts';
import { teamRoutes, type PlanConfirmation, type RosterPlanView } from '#shared/teams/contract.ts';
import { jobRoutes } from '#shared/jobs/contract.ts';
import type { ApiClient } from '#web/shared/api/client.ts';
import { queryOptions } from '@tanstack/react-query';

/** For admins who act as nobody, so it is not kept per coach. */
export const ROSTER_PLAN_KEY = ['roster-plan'] as const;

/** `GET /api/admin/roster-plan`: the last plan, or null before the first. */
export const rosterPlanQuery = (api: ApiClient) =>
  queryOptions({
    queryKey: ROSTER_PLAN_KEY,
    queryFn: async ({ signal }) => (await readRoute(api, teamRoutes.getRosterPlan, { signal })).plan,
    staleTime: 60_000,
  });

/** Changes that only an admin can release; counted in the navigation. What waits for an event's end goes by itself. */
export const waitsForAdmin = (plan: RosterPlanView | null | undefined): number =>
  plan?.confirmed === null
    ? plan.rows.filter(({ state, heldBy }) => state === 'held' && heldBy !== 'event_running').length
    : 0;

/** `POST /api/admin/roster-plan/{planId}/confirm`: 202 with the job that carries it out; 409 or 422 when it may not. */
export const confirmRosterPlan = (
  api: ApiClient,
  input: {
    readonly planId: string;
    readonly body: PlanConfirmation;
    readonly idempotencyKey: string;
  },
): Promise<{ jobId: string }> =>
  writeRoute(api, teamRoutes.confirmRosterPlan, {
    params: { planId: input.planId },
    body: input.body,
    idempotencyKey: input.idempotencyKey,
  });

const POLL_BUSY_MS = 2_000;
const POLL_IDLE_MS = 30_000;

export const LAST_COMPARISON_KEY = ['last-comparison'] as const;

/** `GET /api/admin/jobs`: the newest comparison of all rosters, whoever started it; null before the first. */
export const lastComparisonQuery = (api: ApiClient) =>
  queryOptions({
    queryKey: LAST_COMPARISON_KEY,
    queryFn: async ({ signal }) => {
      const page = await readRoute(api, jobRoutes.listJobs, {
        query: { limit: 1, type: 'roster_reconcile' },
        signal,
      });
      return page.items[0] ?? null;
    },
    refetchInterval: ({ state }) =>
      state.data && state.data.finishedAt === null ? POLL_BUSY_MS : POLL_IDLE_MS,
  });
