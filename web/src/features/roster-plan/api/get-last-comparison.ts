import { jobListSchema } from '#shared/jobs/contract.ts';
import { queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '../../../shared/api/client.ts';

const POLL_BUSY_MS = 2_000;
const POLL_QUIET_MS = 30_000;

export const LAST_COMPARISON_KEY = ['last-comparison'] as const;

/** `GET /api/admin/jobs`: the newest comparison of all rosters, whoever started it; null before the first. */
export const lastComparisonQuery = (api: ApiClient) =>
  queryOptions({
    queryKey: LAST_COMPARISON_KEY,
    queryFn: async ({ signal }) => {
      const page = await api.get('/api/admin/jobs', jobListSchema, {
        query: { limit: 1, type: 'roster_reconcile' },
        signal,
      });
      return page.items[0] ?? null;
    },
    refetchInterval: ({ state }) =>
      state.data && state.data.finishedAt === null ? POLL_BUSY_MS : POLL_QUIET_MS,
  });
