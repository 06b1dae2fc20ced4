import type { TeamView } from '#shared/teams/contract.ts';
import { useMutation } from '@tanstack/react-query';
import { useApi } from '../../shared/api/api-context.ts';
import { ApiError } from '../../shared/api/api-error.ts';
import { isUndecided } from '../../shared/api/idempotency-key.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Note } from '../../shared/ui/note.tsx';
import { deleteTeam } from './api/delete-team.ts';
import { useKeepTeam } from './keep-team.ts';

interface DeleteTeamDialogProps {
  readonly team: TeamView;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}

export function DeleteTeamDialog({ team, onClose, onDeleted }: DeleteTeamDialogProps) {
  const api = useApi();
  const keep = useKeepTeam();
  const remove = useMutation({
    mutationFn: () => deleteTeam(api, team.id),
    onSuccess: () => {
      keep.gone(team.id);
      onDeleted();
    },
    onError: (error) => {
      // An earlier try may have worked without our hearing of it.
      if (error instanceof ApiError && error.facts.status === 404) {
        keep.gone(team.id);
        onDeleted();
      } else keep.again(team.id);
    },
  });
  const facts = remove.error instanceof ApiError ? remove.error.facts : null;
  return (
    <Dialog title={`Delete ${team.name}?`} onClose={onClose}>
      <p className="text-13 text-text-2">
        The team goes from here at once. The platform is then asked to delete it too; should that fail, it is
        tried again by itself. Nobody&rsquo;s scores are touched. It cannot be undone.
      </p>
      {remove.isError && (
        <Note tone="error" title={isUndecided(remove.error) ? 'No answer yet' : 'Not deleted'} said="at once">
          <p>
            {facts?.message ?? 'The site made a mistake.'}
            {isUndecided(remove.error) ? ' Trying again is safe.' : ''}
          </p>
        </Note>
      )}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          look="primary"
          aria-disabled={remove.isPending || undefined}
          onClick={() => {
            if (!remove.isPending) remove.mutate();
          }}
        >
          {remove.isPending ? 'Deleting' : 'Delete team'}
        </Button>
      </div>
    </Dialog>
  );
}
