import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useApi } from '../../shared/api/api-context.ts';
import { ApiError } from '../../shared/api/api-error.ts';
import { isUndecided } from '../../shared/api/idempotency-key.ts';
import { ownJobQuery } from '../../shared/api/get-job.ts';
import { counted } from '../../shared/format/numbers.ts';
import { useActingAs } from '../../shared/identity/acting-as.ts';
import { competitorListKey } from '../../shared/roster/list-competitors.ts';
import { Button, ButtonLink } from '../../shared/ui/button.tsx';
import { Empty } from '../../shared/ui/empty.tsx';
import { LoadFailure } from '../../shared/ui/load-failure.tsx';
import { Note } from '../../shared/ui/note.tsx';
import { Panel } from '../../shared/ui/panel.tsx';
import { applyImport } from './api/import-file.ts';
import { ImportRows } from './import-rows.tsx';
import { RefusedRows } from './refused-rows.tsx';
import { importable, importedWords, type ChosenFile } from './import-words.ts';

interface CheckedFileProps {
  /** Of the check. */
  readonly jobId: string;
  /** Of the import, once it was asked for. */
  readonly applyId: string | null;
  /** Null after a reload, or for somebody who was sent the address. */
  readonly file: ChosenFile | null;
  readonly onApplied: (jobId: string) => void;
  readonly onAgain: () => void;
}

/** Steps 2 and 3: what would happen with each row, then what happened. */
export function CheckedFile({ jobId: checkId, applyId, file, onApplied, onAgain }: CheckedFileProps) {
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
  const facts = apply.error instanceof ApiError ? apply.error.facts : null;
  const writes = over && applyId === null ? importable(job) : 0;
  if (unknown) return <UnknownCheck onAgain={onAgain} />;
  return (
    <Panel label={applyId === null ? 'Check' : 'Import'} busy={!over}>
      <div className="panel-head">
        <div>
          <h2 className="!text-16">{file?.name ?? 'Your file'}</h2>
          <p className="as-of">
            {applyId === null ? 'Step 2 of 3: check, nothing has been written' : 'Step 3 of 3: import'}
          </p>
        </div>
        <div className="end">
          {over && <RefusedRows job={job} />}
          <Button onClick={onAgain}>{imported ? 'Import another file' : 'Choose another file'}</Button>
        </div>
      </div>
      <div className="panel-body grid gap-4">
        {query.isError && (
          <LoadFailure
            what="The state of the job"
            safe={applyId === null ? 'Nothing has been written.' : 'The import goes on without this page.'}
            error={query.error}
            retrying={query.isFetching}
            onRetry={() => void query.refetch()}
          />
        )}
        <output className="text-13 text-text-2 empty:hidden">
          {!over && !query.isError && (
            <span className="flex flex-wrap items-center gap-3">
              {applyId === null ? 'Checking every row.' : 'Importing.'}
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
          )}
          {imported && job.status === 'succeeded' && importedWords(job)}
        </output>
        {over && job.status !== 'succeeded' && (
          <Note tone="error" title="The job did not end well" said="at once">
            <p>{job.error ?? 'Choose the file again; rows that were imported are found as unchanged.'}</p>
          </Note>
        )}
        {apply.isError && (
          <Note
            tone="error"
            title={isUndecided(apply.error) ? 'No answer yet' : 'Not imported'}
            said="at once"
          >
            <p>
              {facts?.message ?? 'The site made a mistake.'}
              {isUndecided(apply.error) ? ' Trying again is safe: it is done once.' : ''}
            </p>
          </Note>
        )}
      </div>
      {over && <ImportRows job={job} names={file?.names ?? NO_NAMES} />}
      {over && (
        <div className="panel-foot">
          <span>
            {imported
              ? 'Refused rows stayed out; mend them in the file and import it again.'
              : 'Refused rows stay out; the others are imported as shown.'}
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

const NO_NAMES: ReadonlyMap<number, string> = new Map();

const UnknownCheck = ({ onAgain }: { onAgain: () => void }) => (
  <Panel label="Check">
    <Empty
      kind="never"
      heading="h2"
      title="There is no such check"
      action={
        <Button look="primary" onClick={onAgain}>
          Choose a file
        </Button>
      }
    >
      The address may be old, or somebody else checked the file. A check is kept for 14 days, its file for
      one.
    </Empty>
  </Panel>
);
