import { useApi } from '#web/shared/api/api-context.ts';
import { ApiError } from '#web/shared/api/api-error.ts';
import { useKeyRing, isUndecided } from '#web/shared/api/idempotency-key.ts';
import { saveFile } from '#web/shared/api/save-file.ts';
import { OwnerField } from '#web/shared/identity/owner-field.tsx';
import { seesAllCoaches, useActingAs, useMe } from '#web/shared/identity/current-user.tsx';
import { teamsQuery } from '#web/shared/roster/teams.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { LoadFailure, Note } from '#web/shared/ui/note.tsx';
import { Panel } from '#web/shared/ui/panel.tsx';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useId, useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import { Columns, Reading, UnknownTeams } from './draft-panels.tsx';
import { checkFile, importTemplate } from './import-api.ts';
import { chosenColumns, type Draft, newDraft, readDraft, teamAnswers, unknownIn } from './import-draft.ts';
import { type ChosenFile, readHere } from './import-labels.ts';

interface ChooseFileProps {
  /** What was chosen and answered before, in this tab. */
  readonly draft: Draft | null;
  readonly onDraft: (draft: Draft) => void;
  readonly onChecked: (file: ChosenFile) => void;
}

/** Step 1: the file, what its columns become, and what becomes of teams that are not known. */
export function ChooseFile({ draft, onDraft, onChecked }: ChooseFileProps) {
  const api = useApi();
  const actingAs = useActingAs();
  const choosesOwner = seesAllCoaches(useMe());
  const [params] = useSearchParams();
  const [owner, setOwner] = useState(params.get('coach') ?? '');
  const coachId = choosesOwner && owner !== '' ? owner : null;
  const keys = useKeyRing();
  const input = useId();
  const read = useMemo(() => (draft === null ? null : readDraft(draft)), [draft]);
  const file = read === null || 'fault' in read ? null : read;
  const hasTeams = file?.columns.some(({ field }) => field === 'team') === true;
  const teams = useQuery({
    ...teamsQuery(api, actingAs, coachId),
    enabled: hasTeams && (!choosesOwner || coachId !== null),
  });
  const known = teams.data?.teams;
  const unknown = useMemo(
    () => (file === null || known === undefined ? [] : unknownIn(file, known)),
    [file, known],
  );
  const check = useMutation({
    mutationFn: async (chosen: Draft) => {
      const columns = chosenColumns(chosen);
      const here = readHere(chosen.bytes, { ...chosen.told, columns });
      const { jobId } = await checkFile(api, {
        bytes: chosen.bytes,
        sent: here?.sent ?? null,
        told: {
          separator: chosen.told.separator,
          headerLine: chosen.told.headerLine,
          columns,
          encoding: file?.encoding,
        },
        teams: teamAnswers(chosen, unknown, known ?? []),
        coachId,
        idempotencyKey: keys.current(),
      });
      return { name: chosen.name, jobId, read: here };
    },
    onSuccess: onChecked,
    onSettled: (_checked, error) => keys.settle(error ?? undefined),
  });
  const template = useMutation({
    mutationFn: () => importTemplate(api),
    onSuccess: (blob) => saveFile(blob, 'competitors-template.csv'),
  });
  const failure = check.error ?? template.error;
  const facts = failure instanceof ApiError ? failure.facts : null;
  const waitsForTeams = hasTeams && teams.isFetching && known === undefined;
  const ready = file !== null && file.problems.length === 0 && !waitsForTeams && !check.isPending;
  const change = (next: Draft) => {
    keys.settle();
    check.reset();
    onDraft(next);
  };
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (draft !== null && ready) check.mutate(draft);
      }}
    >
      <Panel label="File">
        <div className="panel-body grid justify-items-start gap-4">
          <h2 className="text-16 font-strong">Step 1 of 3: choose a file</h2>
          <p className="max-w-[70ch] text-13 text-text-2">
            A CSV file of up to 5 MB and 10,000 rows, saved from a spreadsheet or school system. A row with a
            competitor’s id, or their email and name, updates them; other rows add new people. You see what
            will happen before anything is saved.
          </p>
          {choosesOwner && (
            <OwnerField
              value={owner}
              onChange={(next) => {
                keys.settle();
                setOwner(next);
              }}
              error={facts?.fieldErrors?.find(({ path }) => path === 'coachId')?.message}
            />
          )}
          <div className="grid gap-1.5 text-13 text-text-2">
            <label htmlFor={input}>CSV file</label>
            <input
              id={input}
              className="file-input"
              type="file"
              accept=".csv,.txt,.tsv,text/csv"
              onChange={(event) => {
                const chosen = event.target.files?.[0];
                if (chosen === undefined) return;
                void chosen
                  .arrayBuffer()
                  .then((bytes) => change(newDraft(chosen.name, new Uint8Array(bytes))));
              }}
            />
          </div>
          {read !== null && 'fault' in read && (
            <Note tone="error" title="This file cannot be imported" said="at once">
              <p>{read.fault}</p>
            </Note>
          )}
          {draft !== null && file !== null && <Reading draft={draft} file={file} onChange={change} />}
        </div>
      </Panel>
      {draft !== null && file !== null && <Columns draft={draft} file={file} onChange={change} />}
      {draft !== null && unknown.length > 0 && known !== undefined && (
        <UnknownTeams draft={draft} unknown={unknown} known={known} onChange={change} />
      )}
      {hasTeams && teams.isError && (
        <LoadFailure
          what="Your teams"
          safe="Rows with an unknown team are refused."
          error={teams.error}
          retrying={teams.isFetching}
          onRetry={() => void teams.refetch()}
        />
      )}
      {failure !== null && (
        <Note tone="error" title={isUndecided(failure) ? 'No answer yet' : 'Not accepted'} said="at once">
          <p>
            {facts?.message ?? 'The file could not be read. Choose it again.'}
            {isUndecided(failure) ? ' It is safe to try again.' : ''}
          </p>
          {facts?.fieldErrors && (
            <ul className="list-disc pl-5">
              {facts.fieldErrors.map(({ path, message }) => (
                <li key={path}>
                  {path}: {message}
                </li>
              ))}
            </ul>
          )}
        </Note>
      )}
      <div className="flex flex-wrap gap-2">
        <Button look="primary" type="submit" aria-disabled={!ready || undefined}>
          {check.isPending ? 'Sending' : 'Check the file'}
        </Button>
        <Button
          aria-disabled={template.isPending || undefined}
          onClick={() => {
            if (!template.isPending) template.mutate();
          }}
        >
          <Download size={14} aria-hidden /> Download the template
        </Button>
      </div>
    </form>
  );
}
