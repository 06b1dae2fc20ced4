import { alertRoutes, type Alert } from '#shared/alerts/contract.ts';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApi } from '../api/api-context.ts';
import { readRoute, writeRoute } from '../api/call-route.ts';
import type { ApiClient } from '../api/client.ts';
import { useActingAs } from '../identity/current-user.tsx';

const REFRESH_MS = 60_000;

/** `GET /api/game-platform/alerts`; only an admin narrows by coach. Under the dashboard's key, renewed with it. */
const alertsQuery = (api: ApiClient, actingAs: string | null, coachId: string | null) =>
  queryOptions({
    queryKey: ['dashboard', actingAs, 'alerts', coachId],
    queryFn: ({ signal }) => readRoute(api, alertRoutes.listAlerts, { query: { coachId }, signal }),
    staleTime: REFRESH_MS / 2,
    refetchInterval: REFRESH_MS,
  });

export const useAlerts = (coachId: string | null) => useQuery(alertsQuery(useApi(), useActingAs(), coachId));

/** Reads everything of the dashboard again, the alerts with it. */
export function useAlertsAgain(): () => Promise<void> {
  const queries = useQueryClient();
  const actingAs = useActingAs();
  return () => queries.invalidateQueries({ queryKey: ['dashboard', actingAs] });
}

export const snoozeAlert = (
  api: ApiClient,
  input: { readonly id: string; readonly until: string },
): Promise<Alert> =>
  writeRoute(api, alertRoutes.snoozeAlert, { params: { alertId: input.id }, body: { until: input.until } });

export const wakeAlert = (api: ApiClient, id: string): Promise<Alert> =>
  writeRoute(api, alertRoutes.wakeAlert, { params: { alertId: id } });

/**
 * Competitors with something for a coach to do: the subjects of the open alerts whose actor is the coach. Null where
 * they are too many over all coaches to be listed.
 */
export function useNeeds(coachId: string | null): ReadonlySet<string> | null {
  const { data } = useAlerts(coachId);
  return useMemo(
    () =>
      data?.complete === false
        ? null
        : new Set(
            (data?.items ?? []).flatMap(({ actor, subjectKind, subjectIds }) =>
              actor === 'coach' && subjectKind === 'competitor' ? subjectIds : [],
            ),
          ),
    [data],
  );
}
