import { downloadRoute, readRoute, writeRoute } from '#web/shared/api/call-route.ts';
import { competitorRoutes } from '#shared/competitors/contract.ts';
import { writeColumns, type Reading } from '#shared/competitors/import/import-file.ts';
import { writeTeamAnswers, type TeamAnswers } from '#shared/competitors/import/import-teams.ts';
import { jobRoutes } from '#shared/jobs/contract.ts';
import { type ApiClient } from '#web/shared/api/client.ts';
import { infiniteQueryOptions } from '@tanstack/react-query';

const PAGE = 100;

const SEPARATOR_NAMES = { ',': 'comma', ';': 'semicolon', '\t': 'tab' } as const;

/** A larger file is packed, since the way to the server holds less than some files that are allowed. */
const PACKED_FROM = 1_000_000;

async function fileToSend(bytes: Uint8Array<ArrayBuffer>, text: Blob | null): Promise<Blob> {
  const plain = text ?? new Blob([bytes], { type: 'application/octet-stream' });
  if (Math.max(plain.size, bytes.byteLength) < PACKED_FROM || !('CompressionStream' in globalThis))
    return plain;
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Blob([await new Response(packed).arrayBuffer()], { type: 'application/gzip' });
}

/** `POST /api/competitors/import?dryRun=true`: nothing is written; the rows are under the job. */
export const checkFile = async (
  api: ApiClient,
  input: {
    readonly bytes: Uint8Array<ArrayBuffer>;
    /** The text as UTF-8; null: it could not be read here. */
    readonly sent: Blob | null;
    readonly told: Reading;
    readonly teams: TeamAnswers;
    readonly coachId: string | null;
    readonly idempotencyKey: string;
  },
): Promise<{ jobId: string }> => {
  const { encoding, separator, headerLine, columns } = input.told;
  const file = await fileToSend(input.bytes, input.sent);
  return writeRoute(api, competitorRoutes.startImport, {
    query: {
      dryRun: 'true',
      coachId: input.coachId,
      // A text that was read here is sent as UTF-8.
      encoding: file === input.sent ? 'utf-8' : encoding,
      separator: separator && SEPARATOR_NAMES[separator],
      headerLine,
      columns: columns && writeColumns(columns),
      teams: Object.keys(input.teams).length === 0 ? undefined : writeTeamAnswers(input.teams),
    },
    file,
    idempotencyKey: input.idempotencyKey,
  });
};

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

/** `GET /api/competitors/import/{jobId}/preview`, of one outcome or of all: with what changes, and what is missing. */
export const previewQuery = (api: ApiClient, jobId: string, outcome: string | null) =>
  infiniteQueryOptions({
    queryKey: ['import-preview', jobId, outcome],
    queryFn: ({ pageParam, signal }) =>
      readRoute(api, competitorRoutes.previewImport, {
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
