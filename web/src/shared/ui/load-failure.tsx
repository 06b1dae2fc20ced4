import { RotateCw } from 'lucide-react';
import { ApiError } from '../api/api-error.ts';
import { Button } from './button.tsx';
import { Note } from './note.tsx';

interface LoadFailureProps {
  /** What could not be loaded, as the subject: "The leaderboard". */
  readonly what: string;
  /** What is not in danger: "Your rosters are safe." */
  readonly safe?: string;
  readonly error: unknown;
  readonly onRetry: () => void;
  readonly retrying?: boolean;
}

/** A failed load: what happened, what is safe, what to do. Never the words of an empty list. */
export function LoadFailure({ what, safe, error, onRetry, retrying = false }: LoadFailureProps) {
  const facts = error instanceof ApiError ? error.facts : null;
  const offline = facts?.failure === 'offline';
  return (
    <Note tone={offline ? 'offline' : 'error'} title={`${what} could not be loaded`} said="at once">
      <p>
        {facts?.message ?? 'The site made a mistake.'} {safe}{' '}
        {offline
          ? 'Try again once the connection is back.'
          : 'Try again; if it fails twice, tell us the id below.'}
      </p>
      <div className="mt-2.5 flex flex-wrap items-center gap-3">
        <Button small onClick={onRetry} aria-disabled={retrying || undefined}>
          <RotateCw size={14} aria-hidden /> {retrying ? 'Trying' : 'Try again'}
        </Button>
        {!offline && <RequestId id={facts?.requestId} />}
      </div>
    </Note>
  );
}

/** The id that support can look up. */
export const RequestId = ({ id }: { id: string | undefined }) => (
  <span className="mono text-12 text-text-2">{id ?? 'no request id: nothing reached the server'}</span>
);
