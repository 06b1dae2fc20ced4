import { competitorListSchema } from '#shared/competitors/contract.ts';
import { infiniteQueryOptions } from '@tanstack/react-query';
import type { ApiClient } from '../api/client.ts';

/** The most the API gives at once. */
const PAGE = 200;

export const competitorListKey = (actingAs: string | null) => ['competitors', actingAs] as const;

/** `GET /api/competitors`, page by page; only an admin narrows by coach. */
export const competitorsQuery = (api: ApiClient, actingAs: string | null, coachId: string | null) =>
  infiniteQueryOptions({
    queryKey: [...competitorListKey(actingAs), coachId],
    queryFn: ({ pageParam, signal }) =>
      api.get('/api/competitors', competitorListSchema, {
        query: { limit: PAGE, coachId, cursor: pageParam },
        signal,
      }),
    initialPageParam: firstPage,
    getNextPageParam: (page) => page.nextCursor,
    staleTime: 60_000,
  });

const firstPage: string | null = null;
