import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { useApi } from '../api/api-context.ts';
import { useActingAs } from '../identity/acting-as.ts';
import { competitorsQuery } from './list-competitors.ts';

/** So many pages are fetched without asking, for counts and search over everybody; 1,000 competitors. */
const PAGES_UNASKED = 5;

/** The competitors of a coach, or of all for an admin who narrows to none. `loaded` is undefined until there is a page. */
export function useAllCompetitors(coachId: string | null) {
  const list = useInfiniteQuery(competitorsQuery(useApi(), useActingAs(), coachId));
  const loaded = useMemo(() => list.data?.pages.flatMap((page) => page.items), [list.data]);
  const { hasNextPage, isFetching, isError, fetchNextPage } = list;
  const pages = list.data?.pages.length ?? 0;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError && pages < PAGES_UNASKED) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, pages, fetchNextPage]);
  return { list, loaded };
}
