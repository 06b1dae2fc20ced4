import { syncHealthRoutes, type AdviceView } from '#shared/score-sync/contract.ts';
import { readRoute, writeRoute } from '#web/shared/api/call-route.ts';
import type { ApiClient } from '#web/shared/api/client.ts';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { DayRange } from './sync-health-labels.ts';

const EVERY_MS = 30_000;
export const SYNC_HEALTH_KEY = ['sync-health'] as const;

/** `GET /api/admin/sync-health`; read again twice a minute. */
export const syncHealthQuery = (api: ApiClient, { from, to }: DayRange) =>
  queryOptions({
    queryKey: [...SYNC_HEALTH_KEY, from, to],
    queryFn: ({ signal }) => readRoute(api, syncHealthRoutes.getSyncHealth, { query: { from, to }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MS,
  });

const RUNS_PER_PAGE = 200;

/** `GET /api/admin/sync-runs` of one day, newest first. */
export const syncRunsQuery = (api: ApiClient, day: string) =>
  infiniteQueryOptions({
    queryKey: ['sync-runs', day],
    queryFn: ({ pageParam, signal }) =>
      readRoute(api, syncHealthRoutes.listSyncRuns, {
        query: { from: day, to: day, limit: RUNS_PER_PAGE, cursor: pageParam },
        signal,
      }),
    initialPageParam: firstPage,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: EVERY_MS,
  });

/** `POST /api/admin/sync-health/advice/{code}/dismiss` or `/restore`. */
export const dismissAdvice = (
  api: ApiClient,
  { code, dismissed }: { readonly code: AdviceView['code']; readonly dismissed: boolean },
): Promise<AdviceView> =>
  writeRoute(api, dismissed ? syncHealthRoutes.dismissAdvice : syncHealthRoutes.restoreAdvice, {
    params: { code },
  });

const firstPage: string | null = null;
