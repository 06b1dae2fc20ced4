import type { TeamView } from '#shared/teams/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { useKeyRing } from '#web/shared/api/idempotency-key.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { Dialog } from '#web/shared/ui/dialog.tsx';
import { Note } from '#web/shared/ui/note.tsx';
import { useMutation } from '@tanstack/react-query';
import { recreateRefusal, recreateSteps } from './recreate-labels.ts';
import { recreateTeam, useKeepTeam } from './team-api.ts';

interface RecreateDialogProps {
  readonly team: TeamView;
  readonly onClose: () => void;
  readonly onStarted: () => void;
}

/** A deliberate act: what will happen and what the platform drops is said before it begins. */
export function RecreateDialog({ team, onClose, onStarted }: RecreateDialogProps) {
  const api = useApi();
  const keep = useKeepTeam();
  const keys = useKeyRing();
  const recreate = useMutation({
    mutationFn: () => recreateTeam(api, { id: team.id, idempotencyKey: keys.current() }),
    onSuccess: onStarted,
    onSettled: (_started, error) => {
      keys.settle(error ?? undefined);
      keep.again(team.id);
    },
  });
  const refusal = recreate.isError ? recreateRefusal(recreate.error) : null;
  return (
    <Dialog title={`Recreate ${team.name} on the platform?`} onClose={onClose}>
      <ol className="grid list-decimal gap-2 pl-5 text-13 text-text-2">
        {recreateSteps(team).map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <Note tone="warning" title="The platform may count the new team from zero">
        <p>
          The platform may drop points that members scored for the old team from its own team ranking. Here,
          every solve and total stays. It takes about a minute and cannot be undone.
        </p>
      </Note>
      {refusal && (
        <Note tone="error" title={refusal.title} said="at once">
          <p>{refusal.text}</p>
        </Note>
      )}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          look="primary"
          aria-disabled={recreate.isPending || undefined}
          onClick={() => {
            if (!recreate.isPending) recreate.mutate();
          }}
        >
          {recreate.isPending ? 'Asking' : 'Recreate team'}
        </Button>
      </div>
    </Dialog>
  );
}
