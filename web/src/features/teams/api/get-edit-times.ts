import { editTimesViewSchema } from '#shared/teams/contract.ts';
import { queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '../../../shared/api/client.ts';

/** `GET /api/game-platform/edit-times`: of all coaches, so the same for everybody. */
export const editTimesQuery = (api: ApiClient) =>
  queryOptions({
    queryKey: ['edit-times'],
    queryFn: async ({ signal }) =>
      (await api.get('/api/game-platform/edit-times', editTimesViewSchema, { signal })).months,
    staleTime: 60_000,
  });
