import { useApi } from '#web/shared/api/api-context.ts';
import { ApiError } from '#web/shared/api/api-error.ts';
import { useKeyRing, isUndecided } from '#web/shared/api/idempotency-key.ts';
import { saveFile } from '#web/shared/api/save-file.ts';
import { OwnerField } from '#web/shared/identity/coaches.tsx';
import { seesAllCoaches, useMe } from '#web/shared/identity/current-user.tsx';
import { Button } from '#web/shared/ui/button.tsx';
import { Note } from '#web/shared/ui/note.tsx';
import { Panel } from '#web/shared/ui/panel.tsx';
import { useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useId, useState } from 'react';
import { useSearchParams } from 'react-router';
import { checkFile, importTemplate } from './import-api.ts';
import { type ChosenFile, readHere } from './import-labels.ts';

/** Step 1. */
export function ChooseFile({ onChecked }: { onChecked: (file: ChosenFile) => void }) {
  const api = useApi();
  const choosesOwner = seesAllCoaches(useMe());
  const [params] = useSearchParams();
  const [owner, setOwner] = useState(params.get('coach') ?? '');
  const [file, setFile] = useState<File | null>(null);
  const keys = useKeyRing();
  const input = useId();
  const check = useMutation({
    mutationFn: async (chosen: File) => {
      const bytes = new Uint8Array(await chosen.arrayBuffer());
      const read = readHere(bytes);
      const { jobId } = await checkFile(api, {
        file: read?.sent ?? new Blob([bytes], { type: 'application/octet-stream' }),
        coachId: choosesOwner && owner !== '' ? owner : null,
        idempotencyKey: keys.current(),
      });
      return { name: chosen.name, jobId, read };
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
  return (
    <Panel label="File">
      <form
        className="panel-body grid justify-items-start gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (file !== null && !check.isPending) check.mutate(file);
        }}
      >
        <h2 className="text-16 font-strong">Step 1 of 3: choose a file</h2>
        <p className="max-w-[70ch] text-13 text-text-2">
          A CSV file of at most 5 MB and 10,000 rows, as spreadsheets and school systems save it. A row with
          the id of a competitor, or with their email and name, changes them; others are added. You see what
          will happen before anything is written.
        </p>
        {choosesOwner && (
          <OwnerField
            value={owner}
            onChange={setOwner}
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
              keys.settle();
              check.reset();
              setFile(event.target.files?.[0] ?? null);
            }}
          />
        </div>
        {failure !== null && (
          <Note tone="error" title={isUndecided(failure) ? 'No answer yet' : 'Not accepted'} said="at once">
            <p>
              {facts?.message ?? 'The file could not be read. Choose it again.'}
              {isUndecided(failure) ? ' Trying again is safe.' : ''}
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
          <Button look="primary" type="submit" aria-disabled={file === null || check.isPending || undefined}>
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
    </Panel>
  );
}
