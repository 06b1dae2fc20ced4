import type { CompetitorView } from '#shared/competitors/contract.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useApi } from '../../shared/api/api-context.ts';
import { ApiError } from '../../shared/api/api-error.ts';
import { isUndecided } from '../../shared/api/idempotency-key.ts';
import { saveFile } from '../../shared/api/save-file.ts';
import { useActingAs } from '../../shared/identity/acting-as.ts';
import { teamListKey } from '../../shared/roster/get-teams.ts';
import { useKeepCompetitor } from '../../shared/roster/keep-competitor.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Note } from '../../shared/ui/note.tsx';
import { deleteCompetitor, exportCompetitor } from './api/competitor-acts.ts';

interface DeleteCompetitorDialogProps {
  readonly competitor: CompetitorView;
  readonly onClose: () => void;
  /** The competitor is gone and this dialog was read. */
  readonly onGone: () => void;
}

/** A privacy request: says before what is erased and what cannot be reached, and after what was done. */
export function DeleteCompetitorDialog({ competitor, onClose, onGone }: DeleteCompetitorDialogProps) {
  const api = useApi();
  const keep = useKeepCompetitor();
  const queries = useQueryClient();
  const actingAs = useActingAs();
  const erase = useMutation({
    mutationFn: () => deleteCompetitor(api, competitor.id),
    onSuccess: () => void queries.invalidateQueries({ queryKey: teamListKey(actingAs) }),
  });
  const held = useMutation({
    mutationFn: () => exportCompetitor(api, competitor.id),
    onSuccess: (file) => saveFile(file, 'competitor.json'),
  });
  const name = `${competitor.firstName} ${competitor.lastName}`;
  const failure = erase.error ?? held.error;
  const facts = failure instanceof ApiError ? failure.facts : null;
  // An earlier try may have worked without our hearing of it.
  const goneBefore = facts?.status === 404;
  const gone = () => {
    keep.again(competitor.id);
    onGone();
  };
  if (erase.isSuccess || goneBefore) {
    return (
      <Dialog title={goneBefore ? 'Already erased' : `${name} is erased`} onClose={gone}>
        {erase.data && <Erased {...erase.data} />}
        <div className="flex justify-end">
          <Button look="primary" onClick={gone}>
            Close
          </Button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title={`Erase ${name}?`} onClose={onClose}>
      <div className="grid gap-3 text-13 text-text-2">
        <p>
          Everything kept about {competitor.firstName} goes: the profile at once, then solves, scores, team
          membership, activity and uploads. It cannot be undone, and a tombstone keeps the person from coming
          back with a late job or a restore.
        </p>
        <p>
          What cannot be reached from here: the account on the Game Platform, which only its staff can delete,
          and backups, which end by themselves.
        </p>
      </div>
      {failure !== null && (
        <Note tone="error" title={isUndecided(failure) ? 'No answer yet' : 'Not done'} said="at once">
          <p>
            {facts?.message ?? 'The site made a mistake.'}
            {isUndecided(failure) ? ' Trying again is safe.' : ''}
          </p>
        </Note>
      )}
      <Button
        className="justify-self-start"
        aria-disabled={held.isPending || undefined}
        onClick={() => {
          if (!held.isPending) held.mutate();
        }}
      >
        <Download size={14} aria-hidden /> {held.isPending ? 'Fetching' : 'Download all of it first'}
      </Button>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          look="primary"
          aria-disabled={erase.isPending || undefined}
          onClick={() => {
            if (!erase.isPending) erase.mutate();
          }}
        >
          {erase.isPending ? 'Erasing' : 'Erase competitor'}
        </Button>
      </div>
    </Dialog>
  );
}

interface ErasedProps {
  readonly erased: readonly string[];
  readonly notReachable: readonly { readonly what: string; readonly why: string }[];
}

const Erased = ({ erased, notReachable }: ErasedProps) => (
  <div className="grid gap-4 text-13 text-text-2">
    <div>
      <h3 className="pb-1 text-13 font-[620] text-text">Erased</h3>
      <ul className="list-disc pl-5">
        {erased.map((what) => (
          <li key={what}>{what}</li>
        ))}
      </ul>
    </div>
    <div>
      <h3 className="pb-1 text-13 font-[620] text-text">Not reachable from here</h3>
      <ul className="list-disc pl-5">
        {notReachable.map(({ what, why }) => (
          <li key={what}>
            {what}. {why}
          </li>
        ))}
      </ul>
    </div>
  </div>
);
