import { competitorViewSchema } from '#shared/competitors/contract.ts';
import { queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '../api/client.ts';

/** `GET /api/competitors/{id}`. */
export const competitorQuery = (api: ApiClient, actingAs: string | null, id: string) =>
  queryOptions({
    queryKey: ['competitor', actingAs, id],
    queryFn: ({ signal }) =>
      api.get(`/api/competitors/${encodeURIComponent(id)}`, competitorViewSchema, { signal }),
  });
