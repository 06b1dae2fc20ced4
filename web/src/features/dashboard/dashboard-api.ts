import { readRoute } from '#web/shared/api/call-route.ts';
import { dashboardRoutes } from '#shared/dashboard/contract.ts';
import type { ApiClient } from '#web/shared/api/client.ts';
import type { DashboardFilters } from '#web/shared/dashboard/dashboard-query.ts';
import { infiniteQueryOptions } from '@tanstack/react-query';

/** New lines come with rounds of reads, five minutes apart. */
const FRESH_MS = 60_000;
const LINES = 20;
const firstPage = (): string | null => null;

/** `GET /api/game-platform/activity`, page after page. */
export const activityQuery = (api: ApiClient, actingAs: string | null, filters: Required<DashboardFilters>) =>
  infiniteQueryOptions({
    queryKey: ['activity', actingAs, filters],
    queryFn: ({ signal, pageParam }) =>
      readRoute(api, dashboardRoutes.listActivity, {
        query: { ...filters, limit: LINES, cursor: pageParam },
        signal,
      }),
    initialPageParam: firstPage(),
    getNextPageParam: (page) => page.nextCursor,
    staleTime: FRESH_MS,
  });
