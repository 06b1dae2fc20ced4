import type { CompetitorRow } from '#shared/competitors/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { ApiError, messageOf } from '#web/shared/api/api-error.ts';
import { useKeyRing, isUndecided } from '#web/shared/api/idempotency-key.ts';
import { counted } from '#shared/kernel/format.ts';
import { useSwitchedOff } from '#web/shared/identity/coaches.tsx';
import { seesAllCoaches, useMe } from '#web/shared/identity/current-user.tsx';
import { Button } from '#web/shared/ui/button.tsx';
import { Dialog } from '#web/shared/ui/dialog.tsx';
import { Note, RequestId } from '#web/shared/ui/note.tsx';
import { useMutation } from '@tanstack/react-query';
import { addLabel, type LeftOut, MOST_AT_ONCE, sortOut } from './bulk-labels.ts';
import { addMany, type ManyChosen } from './competitor-api.ts';

interface BulkAddDialogProps {
  /** Those ticked, or everybody loaded of the coach. */
  readonly people: readonly CompetitorRow[];
  /** Everybody of this coach who can be added, also those not loaded; null: those ticked. */
  readonly everyoneOf: string | null;
  /** There are more than were loaded, so that the count may be higher. */
  readonly more: boolean;
  readonly onClose: () => void;
  readonly onStarted: (jobId: string) => void;
}

/** Says who is added and why others are not, before anything is asked of the platform. */
export function BulkAddDialog({ people, everyoneOf, more, onClose, onStarted }: BulkAddDialogProps) {
  const api = useApi();
  const me = useMe();
  const { ready, leftOut } = sortOut(people);
  const coachIds = new Set(ready.map(({ coachId }) => coachId));
  const switchedOff = useSwitchedOff(coachIds.size === 1 ? ([...coachIds][0] ?? null) : null);
  const keys = useKeyRing();
  const chosen: ManyChosen =
    everyoneOf === null
      ? { competitorIds: ready.map(({ id }) => id) }
      : seesAllCoaches(me)
        ? { coachId: everyoneOf }
        : {};
  const start = useMutation({
    mutationFn: () => addMany(api, { chosen, idempotencyKey: keys.current() }),
    onSuccess: ({ jobId }) => onStarted(jobId),
    onSettled: (_started, error) => keys.settle(error ?? undefined),
  });
  const tooMany = everyoneOf === null && ready.length > MOST_AT_ONCE;
  const pressable = ready.length > 0 && !tooMany && switchedOff === null && !start.isPending;
  const refusedBefore = ready.filter((one) => one.gamePlatform.refusal !== null).length;
  return (
    <Dialog title="Add to the Game Platform" onClose={onClose}>
      <div className="grid gap-3 text-13 text-text-2">
        <p>
          <b className="text-text">
            {ready.length === 0
              ? 'None of them can be added right now.'
              : `${counted(ready.length, 'competitor')}${more ? ' or more' : ''} can be added.`}
          </b>{' '}
          {ready.length > 0 &&
            'Each one gets an account there and a welcome email. It takes a few seconds per person and keeps going if you leave the page.'}
        </p>
        {refusedBefore > 0 && (
          <p>
            {refusedBefore === 1 ? 'One was' : `${refusedBefore} were`} refused before. We will ask the
            platform again.
          </p>
        )}
        {everyoneOf === null && leftOut.length > 0 && <WhoIsLeftOut leftOut={leftOut} />}
      </div>
      {switchedOff !== null && (
        <Note tone="warning" title="Switched off">
          {switchedOff}
        </Note>
      )}
      {tooMany && (
        <Note tone="warning" title="Too many at once">
          Choose {MOST_AT_ONCE} at most, then add the rest.
        </Note>
      )}
      {start.isError && <StartFailure error={start.error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          look="primary"
          aria-disabled={!pressable || undefined}
          onClick={() => {
            if (pressable) start.mutate();
          }}
        >
          {start.isPending ? 'Starting' : ready.length === 0 ? 'No one to add' : addLabel(ready.length)}
        </Button>
      </div>
    </Dialog>
  );
}

const NAMED = 5;

const WhoIsLeftOut = ({ leftOut }: { leftOut: readonly LeftOut<CompetitorRow>[] }) => (
  <div>
    <p>Left out (nothing changes for them):</p>
    <ul className="list-disc pl-5">
      {leftOut.map(({ text, people }) => (
        <li key={text}>
          {people.length} {text}: {people.slice(0, NAMED).map(nameOf).join(', ')}
          {people.length > NAMED ? ` and ${people.length - NAMED} more` : ''}
        </li>
      ))}
    </ul>
  </div>
);

const nameOf = ({ firstName, lastName }: CompetitorRow): string => `${firstName} ${lastName}`;

function StartFailure({ error }: { error: unknown }) {
  const requestId = error instanceof ApiError ? error.facts.requestId : undefined;
  const undecided = isUndecided(error);
  return (
    <Note tone="error" title={undecided ? 'No answer yet' : 'Not started'} said="at once">
      <p>
        {messageOf(error)}
        {undecided ? ' It is safe to try again: no one gets a second account.' : ''}
      </p>
      {requestId !== undefined && <RequestId id={requestId} />}
    </Note>
  );
}
