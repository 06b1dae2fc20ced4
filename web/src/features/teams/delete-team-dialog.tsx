import type { TeamView } from '#shared/teams/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { ApiError } from '#web/shared/api/api-error.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { Dialog } from '#web/shared/ui/dialog.tsx';
import { ActFailure } from '#web/shared/ui/note.tsx';
import { useMutation } from '@tanstack/react-query';
import { deleteTeam, useKeepTeam } from './team-api.ts';

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
  return (
    <Dialog title={`Delete ${team.name}?`} onClose={onClose}>
      <p className="text-13 text-text-2">
        The team is deleted here right away. Then we ask the platform to delete it too, and keep trying if
        that fails. No one&rsquo;s scores change. This cannot be undone.
      </p>
      {remove.isError && <ActFailure title="Not deleted" error={remove.error} />}
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
