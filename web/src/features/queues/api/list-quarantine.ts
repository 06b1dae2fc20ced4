import { quarantineListSchema } from '#shared/score-sync/contract.ts';
import { infiniteQueryOptions } from '@tanstack/react-query';
import type { ApiClient } from '../../../shared/api/client.ts';

const PAGE = 50;

interface QuarantineFilters {
  readonly competitorId: string | null;
  readonly from: string | null;
  readonly to: string | null;
}

/** `GET /api/admin/quarantine`, newest first. */
export const quarantineQuery = (api: ApiClient, filters: QuarantineFilters) =>
  infiniteQueryOptions({
    queryKey: ['quarantine', filters],
    queryFn: ({ pageParam, signal }) =>
      api.get('/api/admin/quarantine', quarantineListSchema, {
        query: { ...filters, limit: PAGE, cursor: pageParam },
        signal,
      }),
    initialPageParam: firstPage,
    getNextPageParam: (page) => page.nextCursor,
  });

const firstPage: string | null = null;
