import type { TeamView } from '#shared/teams/contract.ts';
import { ApiError } from '#web/shared/api/api-error.ts';
import { isUndecided } from '#web/shared/api/idempotency-key.ts';
import { doneLabel, type MembershipEdit, undoneLabel, useMembership } from '#web/shared/roster/membership.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { Note } from '#web/shared/ui/note.tsx';
import { CircleCheck, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { editSeconds } from './team-labels.ts';

interface Notice {
  readonly edit: MembershipEdit;
  readonly state: 'saving' | 'saved' | 'failed';
  readonly error?: unknown;
}

/** What the platform made of a saved edit so far. */
export function platformLabel({ competitorId, to }: MembershipEdit, teams: readonly TeamView[]): string {
  if (to === null) {
    const leaving = teams.some((team) => team.leaving.some((one) => one.competitorId === competitorId));
    return leaving ? 'We tell the platform automatically.' : 'The platform has it.';
  }
  const member = teams
    .find((team) => team.id === to.id)
    ?.members.find((one) => one.competitorId === competitorId);
  if (member === undefined) return '';
  const { badge, lastEditSeconds } = member;
  if (badge.state !== 'synced') return badge.reason ?? 'On its way to the platform.';
  return lastEditSeconds === null
    ? 'The platform has it.'
    : `On the platform after ${editSeconds(lastEditSeconds)}.`;
}

interface MembershipNoticeProps {
  readonly notice: Notice;
  readonly teams: readonly TeamView[];
  readonly onUndo: () => void;
}

/** The last edit: done, with the way back; or not done, with the reason. */
export function MembershipNotice({ notice, teams, onUndo }: MembershipNoticeProps) {
  const { edit, state, error } = notice;
  if (state === 'failed') {
    const facts = error instanceof ApiError ? error.facts : null;
    return isUndecided(error) ? (
      <Note tone="warning" title="No answer yet" said="at once">
        <p>{facts?.message} It may have worked. The teams are being reloaded, and it is safe to try again.</p>
      </Note>
    ) : (
      <Note tone="error" title={undoneLabel(edit)} said="at once">
        <p>{facts?.message ?? 'Something went wrong on this page.'}</p>
      </Note>
    );
  }
  return (
    <div className="membership-notice">
      <CircleCheck size={16} className="text-ok" aria-hidden />
      <output className="flex-1">
        {doneLabel(edit)}{' '}
        <span className="text-text-2">{state === 'saving' ? 'Saving.' : platformLabel(edit, teams)}</span>
      </output>
      {state === 'saved' && (
        <Button small look="ghost" onClick={onUndo}>
          <Undo2 size={14} aria-hidden /> Undo
        </Button>
      )}
    </div>
  );
}

/** Edits of members, and what became of the last one. */
export function useChanges() {
  const membership = useMembership();
  const [notice, setNotice] = useState<Notice | null>(null);
  const change = (next: MembershipEdit) => {
    setNotice({ edit: next, state: 'saving' });
    membership.mutateAsync(next).then(
      () => setNotice((shown) => (shown?.edit === next ? { edit: next, state: 'saved' } : shown)),
      (error: unknown) => setNotice({ edit: next, state: 'failed', error }),
    );
  };
  return { notice, change, dismiss: () => setNotice(null) };
}
