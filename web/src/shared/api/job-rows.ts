import { jobRowListSchema } from '#shared/jobs/contract.ts';
import type * as z from 'zod';
import type { ApiClient } from './client.ts';

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
    const answer: z.infer<typeof jobRowListSchema> = await api.get(
      `/api/jobs/${encodeURIComponent(jobId)}/rows`,
      jobRowListSchema,
      { query: { limit: PAGE, outcome, cursor }, ...(signal && { signal }) },
    );
    rows.push(...answer.items);
    cursor = answer.nextCursor;
    if (cursor === null) break;
  }
  return rows;
}
