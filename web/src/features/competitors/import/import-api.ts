import { jobRowListSchema } from '#shared/jobs/contract.ts';
import { addressOf, type ApiClient } from '#web/shared/api/client.ts';
import { startedSchema } from '#web/shared/jobs/job-api.ts';
import { infiniteQueryOptions } from '@tanstack/react-query';

const PAGE = 100;

/** `POST /api/competitors/import?dryRun=true`: nothing is written; the rows are under the job. */
export const checkFile = (
  api: ApiClient,
  input: { readonly file: Blob; readonly coachId: string | null; readonly idempotencyKey: string },
): Promise<{ jobId: string }> =>
  api.send(
    'POST',
    addressOf('/api/competitors/import', { dryRun: 'true', coachId: input.coachId }),
    startedSchema,
    { file: input.file, idempotencyKey: input.idempotencyKey },
  );

/** `POST /api/competitors/import/{jobId}/apply`: does what the dry run said, once; 409 when the data changed since. */
export const applyImport = (api: ApiClient, jobId: string): Promise<{ jobId: string }> =>
  api.send('POST', `/api/competitors/import/${encodeURIComponent(jobId)}/apply`, startedSchema);

/** `GET /api/jobs/{jobId}/rows`, of one outcome or of all. */
export const rowsQuery = (api: ApiClient, jobId: string, outcome: string | null) =>
  infiniteQueryOptions({
    queryKey: ['job-rows', jobId, outcome],
    queryFn: ({ pageParam, signal }) =>
      api.get(`/api/jobs/${encodeURIComponent(jobId)}/rows`, jobRowListSchema, {
        query: { limit: PAGE, outcome, cursor: pageParam },
        signal,
      }),
    initialPageParam: firstPage,
    getNextPageParam: (page) => page.nextCursor,
  });

const firstPage: string | null = null;

/** `GET /api/competitors/import/template.csv`. */
export const importTemplate = (api: ApiClient): Promise<Blob> =>
  api.download('/api/competitors/import/template.csv');
