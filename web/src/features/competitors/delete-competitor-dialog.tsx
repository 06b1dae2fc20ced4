import type { CompetitorRow } from '#shared/competitors/contract.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useApi } from '#web/shared/api/api-context.ts';
import { ApiError } from '#web/shared/api/api-error.ts';
import { saveFile } from '#web/shared/api/save-file.ts';
import { useActingAs } from '#web/shared/identity/current-user.tsx';
import { teamListKey } from '#web/shared/roster/teams.ts';
import { useKeepCompetitor } from '#web/shared/roster/competitors.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { Dialog } from '#web/shared/ui/dialog.tsx';
import { ActFailure } from '#web/shared/ui/note.tsx';
import { deleteCompetitor, exportCompetitor } from './competitor-api.ts';

interface DeleteCompetitorDialogProps {
  readonly competitor: CompetitorRow;
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
          Everything kept about {competitor.firstName} will be deleted: the profile right away, then solves,
          scores, team membership, activity, and uploads. This cannot be undone.
        </p>
        <p>
          We cannot delete two things: the account on the Game Platform, which only its staff can delete, and
          backups, which expire on their own.
        </p>
      </div>
      {failure !== null && <ActFailure title="Not done" error={failure} />}
      <Button
        className="justify-self-start"
        aria-disabled={held.isPending || undefined}
        onClick={() => {
          if (!held.isPending) held.mutate();
        }}
      >
        <Download size={14} aria-hidden /> {held.isPending ? 'Fetching' : 'Download everything first'}
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
      <h3 className="pb-1 text-13 font-strong text-text">Erased</h3>
      <ul className="list-disc pl-5">
        {erased.map((what) => (
          <li key={what}>{what}</li>
        ))}
      </ul>
    </div>
    <div>
      <h3 className="pb-1 text-13 font-strong text-text">What we cannot delete</h3>
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
