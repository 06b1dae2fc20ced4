import { exportRoutes, type ExportDownload } from '#shared/exports/contract.ts';
import { counted } from '#shared/kernel/format.ts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { CircleCheck, Clock, Download, OctagonAlert, X } from 'lucide-react';
import { useEffect } from 'react';
import { useApi } from '../api/api-context.ts';
import { ApiError, messageOf } from '../api/api-error.ts';
import type { ApiClient } from '../api/client.ts';
import { readRoute } from '../api/call-route.ts';
import { useActingAs } from '../identity/current-user.tsx';
import { Button } from '../ui/button.tsx';
import { dropLargeFile, endLargeFile, useLargeFiles, type LargeFile } from './large-file-store.ts';

const POLL_MS = 1_500;

/** The page stays: the answer is a download. No page learns where it was opened from. */
function open(url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.rel = 'noreferrer';
  link.click();
}

const ask = (api: ApiClient, jobId: string, signal?: AbortSignal): Promise<ExportDownload> =>
  readRoute(api, exportRoutes.downloadExport, { params: { jobId }, ...(signal && { signal }) });

/** What is left to do with an answer: wait, save, or say why not. */
function settle(jobId: string, { state, url, message }: ExportDownload): void {
  if (state === 'preparing') return;
  if (state === 'ready') {
    if (url !== null) open(url);
    endLargeFile(jobId, { kind: 'saved' });
  } else endLargeFile(jobId, { kind: state, message: message ?? 'Ask for it again.' });
}

/** Files that are being prepared, on every page, until they are closed; loaded with the first one. */
export default function LargeFiles() {
  const actingAs = useActingAs();
  const files = useLargeFiles().filter((file) => file.actingAs === actingAs);
  if (files.length === 0) return null;
  return (
    <section className="large-files" aria-label="Large files">
      {files.map((file) =>
        file.outcome === null ? (
          <Preparing key={file.jobId} {...file} />
        ) : (
          <Ended key={file.jobId} {...file} outcome={file.outcome} />
        ),
      )}
    </section>
  );
}

function Preparing({ jobId, what, actingAs }: LargeFile) {
  const api = useApi();
  const { data, error } = useQuery({
    queryKey: ['export-download', actingAs, jobId],
    queryFn: ({ signal }) => ask(api, jobId, signal),
    // An address is opened once, not kept.
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchInterval: ({ state }) =>
      state.data === undefined || state.data.state === 'preparing' ? POLL_MS : false,
  });
  useEffect(() => {
    if (data) settle(jobId, data);
  }, [jobId, data]);
  // Another person signed in on this tab meanwhile.
  const gone = error instanceof ApiError && error.facts.status === 404;
  useEffect(() => {
    if (gone) dropLargeFile(jobId);
  }, [jobId, gone]);
  return (
    <div className="toast">
      <Clock size={16} className="text-pending" aria-hidden />
      <div className="min-w-0 flex-1">
        <output className="font-medium">Preparing the file of {what}…</output>
        <p className="text-text-2">
          {data && data.rows > 0 && `${counted(data.rows, 'row')} so far. `}
          It is large. The download starts by itself; you can keep working here.
        </p>
        {error && !gone && <p className="text-warning">{messageOf(error)} Asking again.</p>}
      </div>
    </div>
  );
}

function Ended({
  jobId,
  what,
  outcome,
}: LargeFile & { readonly outcome: NonNullable<LargeFile['outcome']> }) {
  const api = useApi();
  const again = useMutation({
    mutationFn: () => ask(api, jobId),
    onSuccess: (answer) => settle(jobId, answer),
  });
  const saved = outcome.kind === 'saved';
  return (
    <div className="toast" role={saved ? 'status' : 'alert'}>
      {saved ? (
        <CircleCheck size={16} className="text-ok" aria-hidden />
      ) : (
        <OctagonAlert size={16} className="text-error" aria-hidden />
      )}
      <div className="min-w-0 flex-1">
        <p className="font-medium">{TITLES[outcome.kind](what)}</p>
        <p className="text-text-2">
          {outcome.kind === 'saved' ? 'It is where your browser saves downloads.' : outcome.message}
        </p>
        {again.isError && <p className="text-error">{messageOf(again.error)}</p>}
        {saved && (
          <Button
            small
            className="mt-2"
            aria-disabled={again.isPending || undefined}
            onClick={() => again.isPending || again.mutate()}
          >
            <Download size={14} aria-hidden /> Download again
          </Button>
        )}
      </div>
      <Button
        look="ghost"
        small
        iconOnly
        aria-label={`Close the message about ${what}`}
        onClick={() => dropLargeFile(jobId)}
      >
        <X size={14} aria-hidden />
      </Button>
    </div>
  );
}

const TITLES = {
  saved: (what: string) => `The file of ${what} is downloaded`,
  failed: (what: string) => `No file of ${what}`,
  expired: (what: string) => `The file of ${what} is gone`,
} as const;
