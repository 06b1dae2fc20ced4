import type { JobView } from '#shared/jobs/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { ApiError, messageOf } from '#web/shared/api/api-error.ts';
import { saveCsv } from '#web/shared/api/save-file.ts';
import { counted } from '#shared/kernel/format.ts';
import { useActingAs } from '#web/shared/identity/current-user.tsx';
import { allJobRows, ownJobQuery } from '#web/shared/jobs/job-api.ts';
import { competitorListKey } from '#web/shared/roster/competitors.ts';
import { Badge } from '#web/shared/ui/badge.tsx';
import { Button, ButtonLink } from '#web/shared/ui/button.tsx';
import { ActFailure, LoadFailure, Note } from '#web/shared/ui/note.tsx';
import { Empty, Panel } from '#web/shared/ui/panel.tsx';
import { showToast } from '#web/shared/ui/toasts.ts';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Check, Download, TriangleAlert } from 'lucide-react';
import { useEffect } from 'react';
import { applyImport, previewQuery } from './import-api.ts';
import {
  type ChosenFile,
  importable,
  importedLabel,
  outcomeCount,
  type ReadFile,
  refusedCsv,
} from './import-labels.ts';
import { ImportRows } from './import-rows.tsx';

interface CheckedFileProps {
  /** Of the check. */
  readonly jobId: string;
  /** Of the import, once it was asked for. */
  readonly applyId: string | null;
  /** Null after a reload, or for somebody who was sent the address. */
  readonly file: ChosenFile | null;
  readonly onApplied: (jobId: string) => void;
  readonly onAgain: () => void;
  /** Back to the answers about the file; null when this tab does not have it. */
  readonly onCorrect: (() => void) | null;
}

/** Steps 2 and 3: what would happen with each row, then what happened. */
export function CheckedFile({
  jobId: checkId,
  applyId,
  file,
  onApplied,
  onAgain,
  onCorrect,
}: CheckedFileProps) {
  const api = useApi();
  const actingAs = useActingAs();
  const queries = useQueryClient();
  const apply = useMutation({
    mutationFn: () => applyImport(api, checkId),
    onSuccess: (started) => onApplied(started.jobId),
  });
  const jobId = applyId ?? checkId;
  const query = useQuery(ownJobQuery(api, actingAs, jobId));
  const job = query.data?.taskType === 'competitor_import' ? query.data : undefined;
  const unknown =
    (query.error instanceof ApiError && query.error.facts.status === 404) ||
    (query.data !== undefined && job === undefined);
  const over = job !== undefined && job.finishedAt !== null;
  const imported = over && applyId !== null;
  useEffect(() => {
    if (imported) void queries.invalidateQueries({ queryKey: competitorListKey(actingAs) });
  }, [imported, queries, actingAs]);
  const writes = over && applyId === null ? importable(job) : 0;
  if (unknown) return <UnknownCheck onAgain={onAgain} />;
  return (
    <Panel label={applyId === null ? 'Check' : 'Import'} busy={!over}>
      <div className="panel-head">
        <div>
          <h2 className="!text-16">{file?.name ?? 'Your file'}</h2>
          <p className="as-of">
            {applyId === null ? 'Step 2 of 3: check. Nothing has been saved yet.' : 'Step 3 of 3: import'}
          </p>
        </div>
        <div className="end">
          {over && <RefusedRows job={job} file={file?.read ?? null} />}
          {onCorrect !== null && applyId === null && <Button onClick={onCorrect}>Change the answers</Button>}
          <Button onClick={onAgain}>{imported ? 'Import another file' : 'Choose another file'}</Button>
        </div>
      </div>
      <div className="panel-body grid gap-4">
        {query.isError && (
          <LoadFailure
            what="The status of the job"
            safe={
              applyId === null ? 'Nothing has been saved.' : 'The import keeps going if you leave this page.'
            }
            error={query.error}
            retrying={query.isFetching}
            onRetry={() => void query.refetch()}
          />
        )}
        <output className="text-13 text-text-2 empty:hidden">
          {!over && !query.isError && (
            <Progress job={job} says={applyId === null ? 'Checking every row.' : 'Importing.'} />
          )}
          {imported && job.status === 'succeeded' && importedLabel(job)}
        </output>
        {over &&
          file?.read?.sentences.map((sentence) => (
            <p key={sentence} className="text-13 text-text-2">
              {sentence}
            </p>
          ))}
        {over && applyId === null && job.status === 'succeeded' && <NewOnes job={job} />}
        {over && job.status !== 'succeeded' && (
          <Note tone="error" title="The import did not finish" said="at once">
            <p>
              {job.error ?? 'Choose the file again. Rows that were already imported will show as unchanged.'}
            </p>
          </Note>
        )}
        {apply.isError && (
          <ActFailure
            title="Not imported"
            error={apply.error}
            again="It is safe to try again: it is only done once."
          />
        )}
      </div>
      {over && (
        <ImportRows
          job={job}
          checked={applyId === null && job.status === 'succeeded'}
          names={file?.read?.names ?? NO_NAMES}
        />
      )}
      {over && (
        <div className="panel-foot">
          <span>
            {imported
              ? 'Refused rows were not imported. Download them, fix them, and import that file.'
              : 'Refused rows will not be imported. The others are imported as shown.'}
          </span>
          <span className="end">
            {imported ? (
              <ButtonLink look="primary" to="/competitors">
                Show competitors
              </ButtonLink>
            ) : (
              <Button
                look="primary"
                aria-disabled={writes === 0 || apply.isPending || undefined}
                onClick={() => {
                  if (writes > 0 && !apply.isPending) apply.mutate();
                }}
              >
                {writes === 0 ? 'Nothing to import' : `Import ${counted(writes, 'row')}`}
              </Button>
            )}
          </span>
        </div>
      )}
    </Panel>
  );
}

const RELEASES = new Set(['participationAgreementDate', 'mediaReleaseDate']);

/** How far those who would be added are from the platform; of many, the first ones. */
function NewOnes({ job }: { job: JobView }) {
  const added = outcomeCount(job, 'new');
  const preview = useInfiniteQuery({ ...previewQuery(useApi(), job.id, 'new'), enabled: added > 0 });
  const rows = preview.data?.pages.flatMap((page) => page.items);
  if (rows === undefined || rows.length === 0) return null;
  const ready = rows.filter(({ missing }) => missing.length === 0).length;
  const release = rows.filter(
    ({ missing }) => missing.length > 0 && missing.every((field) => RELEASES.has(field)),
  ).length;
  const incomplete = rows.length - ready - release;
  return (
    <p className="flex flex-wrap items-center gap-2 text-13 text-text-2">
      Of the {rows.length < added ? 'first ' : ''}
      {counted(rows.length, 'new competitor')}:
      {ready > 0 && (
        <Badge tone="accent" icon={Check}>
          {ready} {ready === 1 ? 'is' : 'are'} ready to add
        </Badge>
      )}
      {release > 0 && (
        <Badge tone="warning" icon={TriangleAlert}>
          {release} {release === 1 ? 'needs' : 'need'} a release
        </Badge>
      )}
      {incomplete > 0 && (
        <Badge tone="warning" icon={TriangleAlert}>
          {incomplete} {incomplete === 1 ? 'profile is' : 'profiles are'} incomplete
        </Badge>
      )}
    </p>
  );
}

const Progress = ({ job, says }: { job: JobView | undefined; says: string }) => (
  <span className="flex flex-wrap items-center gap-3">
    {says}
    {job !== undefined && job.progress.total > 0 && (
      <>
        <progress
          className="meter wide"
          aria-label="Progress"
          value={job.progress.done}
          max={job.progress.total}
        />
        {job.progress.done} of {job.progress.total}
      </>
    )}
  </span>
);

const NO_NAMES: ReadonlyMap<number, string> = new Map();

const UnknownCheck = ({ onAgain }: { onAgain: () => void }) => (
  <Panel label="Check">
    <Empty
      kind="never"
      heading="h2"
      title="Check not found"
      action={
        <Button look="primary" onClick={onAgain}>
          Choose a file
        </Button>
      }
    >
      The link may be old, or someone else checked the file. A check is kept for 14 days, its file for one.
    </Empty>
  </Panel>
);

/** The refused rows as a file for spreadsheets, to be mended and imported again. */
function RefusedRows({ job, file }: { job: JobView; file: ReadFile | null }) {
  const api = useApi();
  const fetched = useMutation({
    mutationFn: () => allJobRows(api, { jobId: job.id, outcome: 'refused' }),
    onSuccess: (rows) => saveCsv(refusedCsv(rows, file), 'refused-rows.csv'),
    onError: (error) => showToast('error', 'The file could not be created', messageOf(error)),
  });
  if (outcomeCount(job, 'refused') === 0) return null;
  return (
    <Button
      aria-disabled={fetched.isPending || undefined}
      onClick={() => {
        if (!fetched.isPending) fetched.mutate();
      }}
    >
      <Download size={14} aria-hidden /> {fetched.isPending ? 'Fetching' : 'Download refused rows'}
    </Button>
  );
}
