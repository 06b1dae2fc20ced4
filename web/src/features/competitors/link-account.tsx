import type { CompetitorRow } from '#shared/competitors/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { ApiError, fieldErrorOf, messageOf } from '#web/shared/api/api-error.ts';
import { isUndecided } from '#web/shared/api/idempotency-key.ts';
import { seesAllCoaches, useMe } from '#web/shared/identity/current-user.tsx';
import { useKeepCompetitor } from '#web/shared/roster/competitors.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { TextInput } from '#web/shared/ui/inputs.tsx';
import { Note, RequestId } from '#web/shared/ui/note.tsx';
import { showToast } from '#web/shared/ui/toasts.ts';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState } from 'react';
import { linkAccount } from './competitor-api.ts';

interface LinkAccountProps {
  readonly competitor: CompetitorRow;
  readonly onCancel: () => void;
}

/** The platform knows the email already: the id of that account completes the onboarding. */
export function LinkAccount({ competitor, onCancel }: LinkAccountProps) {
  const api = useApi();
  const keep = useKeepCompetitor();
  const title = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const trusted = seesAllCoaches(useMe());
  const [userId, setUserId] = useState('');
  useEffect(() => heading.current?.focus(), []);
  const link = useMutation({
    mutationFn: () => linkAccount(api, { id: competitor.id, platformUserId: userId.trim() }),
    onSuccess: (linked) => {
      keep.now(linked);
      showToast(
        'ok',
        `${linked.firstName}’s account is linked`,
        'Approval, team, and scores follow automatically.',
      );
    },
  });
  const pressable = userId.trim() !== '' && !link.isPending;
  return (
    <section className="grid gap-3" aria-labelledby={title}>
      <h3 id={title} ref={heading} tabIndex={-1} className="text-13 font-strong">
        Link the other account
      </h3>
      <p className="text-13 text-text-2">
        You need the account&rsquo;s id, not an email address or a username. Ask {competitor.firstName} who
        registered the account: a camp, or another school? That coach or the program can look up the id.
        {trusted ? '' : ' If the platform does not show that it is the same person, an admin has to link it.'}
      </p>
      <form
        className="grid gap-3"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (pressable) link.mutate();
        }}
      >
        <TextInput
          label="Id of the account on the Game Platform"
          required
          autoComplete="off"
          maxLength={100}
          value={userId}
          onChange={(value) => {
            link.reset();
            setUserId(value);
          }}
          error={idError(link.error)}
        />
        {link.isError && idError(link.error) === undefined && <LinkFailure error={link.error} />}
        <div className="flex flex-wrap gap-2">
          <Button look="primary" type="submit" aria-disabled={!pressable || undefined}>
            {link.isPending ? 'Linking' : 'Link account'}
          </Button>
          <Button onClick={onCancel}>Cancel</Button>
        </div>
        <output className="text-12 text-muted empty:hidden">
          {link.isPending ? 'Asking the platform about this id.' : ''}
        </output>
      </form>
    </section>
  );
}

/** What is wrong with the id itself stands at the field. */
const idError = (error: unknown): string | undefined =>
  error instanceof ApiError && (error.facts.code === 'ACCOUNT_TAKEN' || error.facts.code === 'ACCOUNT_ERASED')
    ? error.facts.message
    : fieldErrorOf(error, 'platformUserId');

function LinkFailure({ error }: { error: unknown }) {
  const facts = error instanceof ApiError ? error.facts : null;
  const undecided = isUndecided(error);
  return (
    <Note tone="error" title={undecided ? 'No answer yet' : 'Not linked'} said="at once">
      <p>
        {messageOf(error)}
        {undecided ? ' It is safe to try again: it is only linked once.' : ''}
      </p>
      {facts?.requestId !== undefined && <RequestId id={facts.requestId} />}
    </Note>
  );
}
