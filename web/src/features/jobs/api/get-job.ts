import { jobViewSchema } from '#shared/jobs/job-view.ts';
import { queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '../../../shared/api/client.ts';
import { isUnderWay } from '../job-words.ts';

const POLL_MS = 1_500;

/** `GET /api/admin/jobs/{id}`; read again until the job is over. */
export const jobQuery = (api: ApiClient, id: string) =>
  queryOptions({
    queryKey: ['job', id],
    queryFn: ({ signal }) => api.get(`/api/admin/jobs/${encodeURIComponent(id)}`, jobViewSchema, { signal }),
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data) ? POLL_MS : false),
  });
