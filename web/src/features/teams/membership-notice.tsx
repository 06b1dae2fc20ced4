import type { TeamView } from '#shared/teams/contract.ts';
import { CircleCheck, Undo2 } from 'lucide-react';
import { ApiError } from '../../shared/api/api-error.ts';
import { isUndecided } from '../../shared/api/idempotency-key.ts';
import { doneWords, undoneWords, type MembershipEdit } from '../../shared/roster/membership.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Note } from '../../shared/ui/note.tsx';
import { editSeconds } from './team-words.ts';

export interface Notice {
  readonly edit: MembershipEdit;
  readonly state: 'saving' | 'saved' | 'failed';
  readonly error?: unknown;
}

/** What the platform made of a saved edit so far. */
export function platformWords({ competitorId, to }: MembershipEdit, teams: readonly TeamView[]): string {
  if (to === null) {
    const leaving = teams.some((team) => team.leaving.some((one) => one.competitorId === competitorId));
    return leaving ? 'The platform is told by itself.' : 'The platform has it.';
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
        <p>{facts?.message} It may have worked: the teams are read again, and trying again is safe.</p>
      </Note>
    ) : (
      <Note tone="error" title={undoneWords(edit)} said="at once">
        <p>{facts?.message ?? 'The site made a mistake.'}</p>
      </Note>
    );
  }
  return (
    <div className="membership-notice">
      <CircleCheck size={16} className="text-ok" aria-hidden />
      <output className="flex-1">
        {doneWords(edit)}{' '}
        <span className="text-text-2">
          {state === 'saving' ? 'Being saved.' : platformWords(edit, teams)}
        </span>
      </output>
      {state === 'saved' && (
        <Button small look="ghost" onClick={onUndo}>
          <Undo2 size={14} aria-hidden /> Undo
        </Button>
      )}
    </div>
  );
}
