import { jobViewSchema } from '#shared/jobs/contract.ts';
import { queryOptions } from '@tanstack/react-query';
import * as z from 'zod';
import type { ApiClient } from './client.ts';

const POLL_MS = 1_500;

/** The answer to whatever is done later. */
export const startedSchema = z.object({ jobId: z.string() });

/** `GET /api/jobs/{jobId}`, for whoever started it; read again until the job is over. */
export const ownJobQuery = (api: ApiClient, actingAs: string | null, id: string) =>
  queryOptions({
    queryKey: ['own-job', actingAs, id],
    queryFn: ({ signal }) => api.get(`/api/jobs/${encodeURIComponent(id)}`, jobViewSchema, { signal }),
    refetchInterval: ({ state }) =>
      state.data === undefined || state.data.finishedAt === null ? POLL_MS : false,
  });
