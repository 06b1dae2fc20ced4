import type { RosterPlanView } from '#shared/teams/contract.ts';
import { readRoute } from '#web/shared/api/call-route.ts';
import type { ApiClient } from '#web/shared/api/client.ts';
import { queryOptions } from '@tanstack/react-query';

/** For admins who act as nobody, so it is not kept per coach. */
export const ROSTER_PLAN_KEY = ['roster-plan'] as const;

/** `GET /api/admin/roster-plan`: the last plan, or null before the first. */
export const rosterPlanQuery = (api: ApiClient) =>
  queryOptions({
    queryKey: ROSTER_PLAN_KEY,
    queryFn: async ({ signal }) => {
      // Every page counts what waits, and only admins ask: the routes are fetched with the question.
      const { teamRoutes } = await import('#shared/teams/contract.ts');
      return (await readRoute(api, teamRoutes.getRosterPlan, { signal })).plan;
    },
    staleTime: 60_000,
  });

/** Changes that only an admin can release; counted in the navigation. What waits for an event's end goes by itself. */
export const waitsForAdmin = (plan: RosterPlanView | null | undefined): number =>
  plan?.confirmed === null
    ? plan.rows.filter(({ state, heldBy }) => state === 'held' && heldBy !== 'event_running').length
    : 0;
