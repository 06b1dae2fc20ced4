import { readRoute } from '#web/shared/api/call-route.ts';
import { competitorRoutes, type CompetitorView } from '#shared/competitors/contract.ts';
import { infiniteQueryOptions, queryOptions, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { useApi } from '../api/api-context.ts';
import type { ApiClient } from '../api/client.ts';
import { useActingAs } from '../identity/current-user.tsx';

/** `GET /api/competitors/{id}`. */
export const competitorQuery = (api: ApiClient, actingAs: string | null, id: string) =>
  queryOptions({
    queryKey: ['competitor', actingAs, id],
    queryFn: ({ signal }) => readRoute(api, competitorRoutes.getCompetitor, { params: { id: id }, signal }),
  });

/** The most the API gives at once. */
const PAGE = 200;

export const competitorListKey = (actingAs: string | null) => ['competitors', actingAs] as const;

/** `GET /api/competitors`, page by page; only an admin narrows by coach. */
const competitorsQuery = (api: ApiClient, actingAs: string | null, coachId: string | null) =>
  infiniteQueryOptions({
    queryKey: [...competitorListKey(actingAs), coachId],
    queryFn: ({ pageParam, signal }) =>
      readRoute(api, competitorRoutes.listCompetitors, {
        query: { limit: PAGE, coachId, cursor: pageParam },
        signal,
      }),
    initialPageParam: firstPage,
    getNextPageParam: (page) => page.nextCursor,
    staleTime: 60_000,
  });

const firstPage: string | null = null;

/** So many pages are fetched without asking, for counts and search over everybody; 1,000 competitors. */
const PAGES_UNASKED = 5;

/**
 * The competitors of a coach, or of all for an admin who narrows to none. `loaded` is undefined until there is a page;
 * `settled`: no more of them come unasked.
 */
export function useAllCompetitors(coachId: string | null) {
  const list = useInfiniteQuery(competitorsQuery(useApi(), useActingAs(), coachId));
  const loaded = useMemo(() => list.data?.pages.flatMap((page) => page.items), [list.data]);
  const { hasNextPage, isFetching, isError, fetchNextPage } = list;
  const pages = list.data?.pages.length ?? 0;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError && pages < PAGES_UNASKED) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, pages, fetchNextPage]);
  const settled = loaded !== undefined && (!hasNextPage || isError || pages >= PAGES_UNASKED);
  return { list, loaded, settled };
}

/** Brings a change into everything that shows the competitor. */
export function useKeepCompetitor() {
  const queries = useQueryClient();
  const api = useApi();
  const actingAs = useActingAs();
  const listsAgain = () => {
    void queries.invalidateQueries({ queryKey: competitorListKey(actingAs) });
    void queries.invalidateQueries({ queryKey: ['dashboard', actingAs] });
  };
  return {
    /** The server answered with the new state. */
    now: (competitor: CompetitorView) => {
      queries.setQueryData(competitorQuery(api, actingAs, competitor.id).queryKey, competitor);
      listsAgain();
    },
    /** The state may have changed: read it again. */
    again: (id: string) => {
      void queries.invalidateQueries({ queryKey: competitorQuery(api, actingAs, id).queryKey });
      listsAgain();
    },
    /** The state of many may have changed. */
    all: () => {
      void queries.invalidateQueries({ queryKey: ['competitor', actingAs] });
      listsAgain();
    },
  };
}
