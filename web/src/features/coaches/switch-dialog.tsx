import type { CoachView } from '#shared/coaches/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { Dialog } from '#web/shared/ui/dialog.tsx';
import { ActFailure } from '#web/shared/ui/note.tsx';
import { showToast } from '#web/shared/ui/toasts.ts';
import { useMutation } from '@tanstack/react-query';
import { updateCoach, useKeepCoach } from './coach-api.ts';

/** Says what switching a coach off or on does before it is done. */
export function SwitchDialog({ coach, onClose }: { coach: CoachView; onClose: () => void }) {
  const api = useApi();
  const keep = useKeepCoach();
  const off = coach.enabled;
  const change = useMutation({
    mutationFn: () => updateCoach(api, { id: coach.id, change: { enabled: !off } }),
    onSuccess: (saved) => {
      keep.now(saved);
      showToast(
        'ok',
        off ? `${saved.name} is switched off` : `${saved.name} is switched on`,
        off ? 'Signed out everywhere.' : 'The old password works again.',
      );
      onClose();
    },
  });
  return (
    <Dialog title={off ? `Switch ${coach.name} off?` : `Switch ${coach.name} on?`} onClose={onClose}>
      <div className="grid gap-3 text-13 text-text-2">
        {off ? (
          <>
            <p>
              <bdi>{coach.name}</bdi> is signed out on every device at once and cannot sign in until switched
              on again.
            </p>
            <p>
              Competitors, teams, and scores stay as they are and are kept up to date. In the meantime, an
              admin can act as this coach.
            </p>
          </>
        ) : (
          <p>{coach.name} can sign in again, with the same password and the same competitors and teams.</p>
        )}
      </div>
      {change.isError && <ActFailure title="Not changed" error={change.error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          look="primary"
          aria-disabled={change.isPending || undefined}
          onClick={() => {
            if (!change.isPending) change.mutate();
          }}
        >
          {change.isPending ? 'Saving' : off ? 'Switch off and sign out' : 'Switch on'}
        </Button>
      </div>
    </Dialog>
  );
}
