import { CircleCheck, Info, OctagonAlert, RotateCw, TriangleAlert, WifiOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { ApiError, messageOf } from '../api/api-error.ts';
import { isUndecided } from '../api/idempotency-key.ts';
import { Button } from './button.tsx';
import { classNames } from './class-names.ts';

const ICONS = {
  neutral: Info,
  accent: Info,
  ok: CircleCheck,
  warning: TriangleAlert,
  error: OctagonAlert,
  offline: WifiOff,
};

const SAID = { 'at once': 'alert', 'when free': 'status' } as const;

interface NoteProps {
  readonly tone: keyof typeof ICONS;
  readonly title: string;
  readonly children?: ReactNode;
  /** Said to screen readers at once (errors) or when they are free; left out for what was there from the start. */
  readonly said?: 'at once' | 'when free';
}

/** An explanation in place. */
export function Note({ tone, title, children, said }: NoteProps) {
  const Icon = ICONS[tone];
  return (
    <div
      className={classNames('note', tone === 'offline' ? 'warning' : tone !== 'neutral' && tone)}
      role={said && SAID[said]}
    >
      <Icon size={16} strokeWidth={1.75} aria-hidden />
      <div>
        <b>{title}</b>
        {children && <div>{children}</div>}
      </div>
    </div>
  );
}

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
        {facts?.message ?? 'Something went wrong on this page.'} {safe}{' '}
        {offline
          ? 'Try again once the connection is back.'
          : 'Try again. If it fails twice, send us the id below.'}
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

interface ActFailureProps {
  /** Where the server decided against it: "Not deleted". */
  readonly title: string;
  readonly error: unknown;
  /** Said while the outcome is unknown. */
  readonly again?: string;
}

/** An act that did not work, or whose outcome is unknown. */
export const ActFailure = ({ title, error, again = 'It is safe to try again.' }: ActFailureProps) => (
  <Note tone="error" title={isUndecided(error) ? 'No answer yet' : title} said="at once">
    <p>
      {messageOf(error)}
      {isUndecided(error) && ` ${again}`}
    </p>
  </Note>
);

/** The id that support can look up. */
export const RequestId = ({ id }: { id: string | undefined }) => (
  <span className="mono text-12 text-text-2">{id ?? 'no request id: nothing reached the server'}</span>
);
