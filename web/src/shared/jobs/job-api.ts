import { readRoute, writeRoute } from '#web/shared/api/call-route.ts';
import { jobRoutes, jobRowListSchema } from '#shared/jobs/contract.ts';
import type { TaskType } from '#shared/composition/tasks.ts';
import { queryOptions } from '@tanstack/react-query';
import * as z from 'zod';
import type { ApiClient } from '../api/client.ts';

const POLL_MS = 1_500;

/** The answer to whatever is done later. */

/** `GET /api/jobs/{jobId}`, for whoever started it; read again until the job is over. */
export const ownJobQuery = (api: ApiClient, actingAs: string | null, id: string) =>
  queryOptions({
    queryKey: ['own-job', actingAs, id],
    queryFn: ({ signal }) => readRoute(api, jobRoutes.getJob, { params: { jobId: id }, signal }),
    refetchInterval: ({ state }) =>
      state.data === undefined || state.data.finishedAt === null ? POLL_MS : false,
  });

/** `POST /api/admin/jobs`: 202 with the id of the job. */
export const startJob = (
  api: ApiClient,
  input: {
    readonly taskType: TaskType;
    readonly payload?: Readonly<Record<string, unknown>>;
    readonly idempotencyKey: string;
  },
): Promise<{ jobId: string }> =>
  writeRoute(api, jobRoutes.startJob, {
    body: { taskType: input.taskType, payload: input.payload ?? {} },
    idempotencyKey: input.idempotencyKey,
  });

/** The most the API gives at once. */
const PAGE = 200;
/** An import has 10,000 rows at most. */
const MOST_PAGES = 50;

export type JobRowView = z.infer<typeof jobRowListSchema>['items'][number];

interface RowsAsked {
  readonly jobId: string;
  /** Only rows of this outcome; null: all. */
  readonly outcome: string | null;
  readonly signal?: AbortSignal;
}

/** `GET /api/jobs/{jobId}/rows`, all pages. */
export async function allJobRows(api: ApiClient, { jobId, outcome, signal }: RowsAsked) {
  const rows: JobRowView[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer: z.infer<typeof jobRowListSchema> = await readRoute(api, jobRoutes.listJobRows, {
      params: { jobId: jobId },
      query: { limit: PAGE, outcome, cursor },
      ...(signal && { signal }),
    });
    rows.push(...answer.items);
    cursor = answer.nextCursor;
    if (cursor === null) break;
  }
  return rows;
}
