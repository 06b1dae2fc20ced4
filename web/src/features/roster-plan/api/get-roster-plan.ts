import { rosterPlanViewSchema } from '#shared/teams/contract.ts';
import { queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '../../../shared/api/client.ts';

/** For admins who act as nobody, so it is not kept per coach. */
export const ROSTER_PLAN_KEY = ['roster-plan'] as const;

/** `GET /api/admin/roster-plan`: the last plan, or null before the first. */
export const rosterPlanQuery = (api: ApiClient) =>
  queryOptions({
    queryKey: ROSTER_PLAN_KEY,
    queryFn: async ({ signal }) =>
      (await api.get('/api/admin/roster-plan', rosterPlanViewSchema, { signal })).plan,
    staleTime: 60_000,
  });
