import { accountStatusName } from '#shared/competitors/state-names.ts';
import type { CompetitorRow } from '#shared/competitors/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { ApiError } from '#web/shared/api/api-error.ts';
import { useKeyRing, isUndecided } from '#web/shared/api/idempotency-key.ts';
import { useSwitchedOff } from '#web/shared/identity/coaches.tsx';
import { useKeepCompetitor } from '#web/shared/roster/competitors.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { Note, RequestId } from '#web/shared/ui/note.tsx';
import { showToast } from '#web/shared/ui/toasts.ts';
import { useMutation } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useId } from 'react';
import { addToGamePlatform } from './competitor-api.ts';
import { canLink } from './competitor-labels.ts';

/** Makes the account. Only from `compliance`; before, the button is disabled and says exactly what is missing. */
export function AddToPlatform({ competitor, onAdded }: { competitor: CompetitorRow; onAdded?: () => void }) {
  const api = useApi();
  const keep = useKeepCompetitor();
  const keys = useKeyRing();
  const missingId = useId();
  const switchedOff = useSwitchedOff(competitor.coachId);
  const add = useMutation({
    mutationFn: () => addToGamePlatform(api, { id: competitor.id, idempotencyKey: keys.current() }),
    onSuccess: (added) => {
      const { username, accountStatus } = added.gamePlatform;
      keep.now(added);
      onAdded?.();
      showToast(
        'ok',
        `${added.firstName} is on the Game Platform`,
        `Username ${username ?? 'not known yet'}, ${accountStatusName(accountStatus)}.`,
      );
    },
    // A refusal is kept on the competitor, so the record is read again.
    onError: () => keep.again(competitor.id),
    onSettled: (_added, error) => keys.settle(error ?? undefined),
  });
  if (competitor.status === 'complete') return null;
  const ready = competitor.status === 'compliance' && competitor.active;
  const possible = ready && switchedOff === null;
  const pressable = possible && !add.isPending;
  return (
    <div className="grid justify-items-start gap-3">
      <Button
        // Where an account can be linked, asking again is the second choice.
        look={pressable && !canLink(competitor) ? 'primary' : 'plain'}
        aria-disabled={!pressable || undefined}
        aria-describedby={possible ? undefined : missingId}
        onClick={() => {
          if (pressable) add.mutate();
        }}
      >
        <Plus size={14} aria-hidden />
        {add.isPending ? 'Adding' : add.isError ? 'Try again: add to Game Platform' : 'Add to Game Platform'}
      </Button>
      <output className="text-12 text-muted empty:hidden">
        {add.isPending ? 'Looking for an account, then making one. This takes about 10 seconds.' : ''}
      </output>
      {!ready && <WhatIsMissing id={missingId} competitor={competitor} />}
      {ready && switchedOff !== null && (
        <p id={missingId} className="text-13 text-text-2">
          {switchedOff}
        </p>
      )}
      {add.isError && (
        <AddFailure error={add.error} refusalShown={competitor.gamePlatform.refusal !== null} />
      )}
    </div>
  );
}

const WhatIsMissing = ({ id, competitor }: { id: string; competitor: CompetitorRow }) => (
  <div id={id} className="text-13 text-text-2">
    {competitor.active ? (
      <>
        <p>{competitor.firstName} can be added once you have this:</p>
        <ul className="list-disc pl-5">
          {competitor.missing.map(({ field, message }) => (
            <li key={field}>{message}</li>
          ))}
        </ul>
      </>
    ) : (
      <p>{competitor.firstName} is deactivated. Activate them first.</p>
    )}
  </div>
);

/** Why it did not work, in place. A refusal by the platform stands above already, with its remedy. */
function AddFailure({ error, refusalShown }: { error: unknown; refusalShown: boolean }) {
  const facts = error instanceof ApiError ? error.facts : null;
  if (facts?.code === 'GAME_PLATFORM_REFUSED' && refusalShown) {
    return (
      <p role="alert" className="text-13 text-error">
        The platform refused the account. See above for the reason and what to do.
      </p>
    );
  }
  return (
    <Note tone="error" title={isUndecided(error) ? 'No answer yet' : 'Not added'} said="at once">
      <p>
        {facts?.message ?? 'Something went wrong on this page.'}
        {isUndecided(error)
          ? ' The account may already exist. It is safe to try again: no one gets a second account.'
          : ''}
      </p>
      {facts?.missing && (
        <ul className="list-disc pl-5">
          {facts.missing.map(({ field, message }) => (
            <li key={field}>{message}</li>
          ))}
        </ul>
      )}
      {facts?.requestId !== undefined && <RequestId id={facts.requestId} />}
    </Note>
  );
}
