import { dashboardRoutes, type FreshnessView } from '#shared/dashboard/contract.ts';
import { queryOptions } from '@tanstack/react-query';
import { createContext, use } from 'react';
import { readRoute } from '../api/call-route.ts';
import type { ApiClient } from '../api/client.ts';
import { useNow } from '../format/time.ts';

/** A round of reads every five minutes: a minute is fresh enough, and reads from an open page stay few. */
const REFRESH_MS = 60_000;

/** `GET /api/game-platform/freshness` of everybody in sight. Under the dashboard's key, renewed with it. */
export const freshnessQuery = (api: ApiClient, actingAs: string | null) =>
  queryOptions({
    queryKey: ['dashboard', actingAs, 'freshness'],
    queryFn: ({ signal }) => readRoute(api, dashboardRoutes.getFreshness, { signal }),
    staleTime: REFRESH_MS / 2,
    refetchInterval: REFRESH_MS,
  });

const FreshnessContext = createContext<FreshnessView | undefined>(undefined);

/** Set by the shell, which knows how old the scores are on every page. */
export const FreshnessProvider = FreshnessContext.Provider;

/** The freshness bar of a panel that shows everybody in scope; null until it is known. */
export function useFreshnessBar(): FreshnessBar | null {
  const freshness = use(FreshnessContext);
  const now = useNow();
  return freshness === undefined ? null : freshnessBarOf(freshness, now);
}

/** True while the program has paused the platform, or the platform refuses our access. */
export const usePaused = (): boolean => use(FreshnessContext)?.state === 'paused';

/** The line on a panel's top edge. `length` is 0 to 1. */
export interface FreshnessBar {
  readonly length: number;
  readonly overdue: boolean;
}

interface FreshnessFacts {
  readonly state: 'live' | 'stale' | 'paused' | 'never';
  readonly asOf: string | null;
  readonly lastReadAt: string | null;
  readonly nextReadAt: string | null;
  readonly promiseSeconds: number;
}

const between = (value: number) => Math.min(1, Math.max(0, value));

/**
 * How long the freshness bar is: the share of time left until the next planned read, or, once that is overdue, of the freshness
 * promise (amber). Null when nothing was ever read.
 */
export function freshnessBarOf(facts: FreshnessFacts, now: Date): FreshnessBar | null {
  if (facts.state === 'never' || facts.lastReadAt === null) return null;
  const last = Date.parse(facts.lastReadAt);
  if (facts.state === 'live' && facts.nextReadAt !== null) {
    const planned = Date.parse(facts.nextReadAt);
    if (planned > last)
      return { length: between((planned - now.getTime()) / (planned - last)), overdue: false };
  }
  const since = Date.parse(facts.asOf ?? facts.lastReadAt);
  const promise = facts.promiseSeconds * 1000;
  return { length: between(1 - (now.getTime() - since) / promise), overdue: true };
}
