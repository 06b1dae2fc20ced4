import type { TeamView } from '#shared/teams/contract.ts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../../shared/api/api-context.ts';
import { createKeyRing } from '../../shared/api/idempotency-key.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Note } from '../../shared/ui/note.tsx';
import { recreateTeam } from './api/recreate-team.ts';
import { useKeepTeam } from './keep-team.ts';
import { recreateRefusal, recreateSteps } from './recreate-words.ts';

interface RecreateDialogProps {
  readonly team: TeamView;
  readonly onClose: () => void;
  readonly onStarted: () => void;
}

/** A deliberate act: what will happen and what the platform drops is said before it begins. */
export function RecreateDialog({ team, onClose, onStarted }: RecreateDialogProps) {
  const api = useApi();
  const keep = useKeepTeam();
  const [keys] = useState(() => createKeyRing(() => crypto.randomUUID()));
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
      <ol className="recreate-steps">
        {recreateSteps(team).map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <Note tone="warning" title="The platform may count the new team from zero">
        <p>
          Points that members scored for the old team can be dropped from the platform&rsquo;s own team
          ranking. Here every solve and total stays. It takes about a minute, and cannot be undone.
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
