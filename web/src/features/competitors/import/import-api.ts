import { downloadRoute, readRoute, writeRoute } from '#web/shared/api/call-route.ts';
import { competitorRoutes } from '#shared/competitors/contract.ts';
import { jobRoutes } from '#shared/jobs/contract.ts';
import { type ApiClient } from '#web/shared/api/client.ts';
import { infiniteQueryOptions } from '@tanstack/react-query';

const PAGE = 100;

/** `POST /api/competitors/import?dryRun=true`: nothing is written; the rows are under the job. */
export const checkFile = (
  api: ApiClient,
  input: { readonly file: Blob; readonly coachId: string | null; readonly idempotencyKey: string },
): Promise<{ jobId: string }> =>
  writeRoute(api, competitorRoutes.startImport, {
    query: { dryRun: 'true', coachId: input.coachId },
    file: input.file,
    idempotencyKey: input.idempotencyKey,
  });

/** `POST /api/competitors/import/{jobId}/apply`: does what the dry run said, once; 409 when the data changed since. */
export const applyImport = (api: ApiClient, jobId: string): Promise<{ jobId: string }> =>
  writeRoute(api, competitorRoutes.applyImport, { params: { jobId: jobId } });

/** `GET /api/jobs/{jobId}/rows`, of one outcome or of all. */
export const rowsQuery = (api: ApiClient, jobId: string, outcome: string | null) =>
  infiniteQueryOptions({
    queryKey: ['job-rows', jobId, outcome],
    queryFn: ({ pageParam, signal }) =>
      readRoute(api, jobRoutes.listJobRows, {
        params: { jobId: jobId },
        query: { limit: PAGE, outcome, cursor: pageParam },
        signal,
      }),
    initialPageParam: firstPage,
    getNextPageParam: (page) => page.nextCursor,
  });

const firstPage: string | null = null;

/** `GET /api/competitors/import/template.csv`. */
export const importTemplate = (api: ApiClient): Promise<Blob> =>
  downloadRoute(api, competitorRoutes.importTemplate, {});
