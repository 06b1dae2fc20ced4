import { ApiError } from '../../shared/api/api-error.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { LoadFailure } from '../../shared/ui/load-failure.tsx';

interface UnknownTeamProps {
  readonly error: unknown;
  readonly retrying: boolean;
  readonly onRetry: () => void;
  readonly onClose: () => void;
}

/** The address names a team that is not there, or that could not be read. */
export function UnknownTeam({ error, retrying, onRetry, onClose }: UnknownTeamProps) {
  const unknown = error instanceof ApiError && error.facts.status === 404;
  return (
    <Dialog title={unknown ? 'There is no such team' : 'Team'} onClose={onClose}>
      {unknown ? (
        <p className="text-13 text-text-2">
          The address may be old, the team may be deleted, or it belongs to another coach.
        </p>
      ) : (
        <LoadFailure what="The team" error={error} retrying={retrying} onRetry={onRetry} />
      )}
      <div className="flex justify-end">
        <Button onClick={onClose}>Show all teams</Button>
      </div>
    </Dialog>
  );
}
