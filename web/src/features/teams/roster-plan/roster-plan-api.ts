import { readRoute, writeRoute } from '#web/shared/api/call-route.ts';
import { teamRoutes, type PlanConfirmation } from '#shared/teams/contract.ts';
import { jobRoutes } from '#shared/jobs/contract.ts';
import type { ApiClient } from '#web/shared/api/client.ts';
import { queryOptions } from '@tanstack/react-query';

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
