import { dashboardRoutes } from '#shared/dashboard/contract.ts';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { readRoute } from '../api/call-route.ts';
import type { ApiClient } from '../api/client.ts';

export interface DashboardFilters {
  /** Only an admin narrows by coach. */
  readonly coachId?: string | null;
  readonly division?: string | null;
  /** Days of the program's zone, `YYYY-MM-DD`; both or neither. */
  readonly from?: string | null;
  readonly to?: string | null;
}

/** A round of reads every five minutes: a minute is fresh enough, and reads from an open page stay few. */
const REFRESH_MS = 60_000;

/** `GET /api/game-platform/dashboard`. While a new filter loads, the figures before it stay, marked as such. */
export const dashboardQuery = (api: ApiClient, actingAs: string | null, filters: DashboardFilters) => {
  const { coachId = null, division = null, from = null, to = null } = filters;
  return queryOptions({
    queryKey: ['dashboard', actingAs, { coachId, division, from, to }],
    queryFn: ({ signal }) =>
      readRoute(api, dashboardRoutes.getDashboard, {
        query: { coachId, division, from, to },
        signal,
      }),
    staleTime: REFRESH_MS / 2,
    refetchInterval: REFRESH_MS,
    placeholderData: keepPreviousData,
  });
};
