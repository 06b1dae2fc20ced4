import type { TeamMember, TeamView } from '#shared/teams/team-view.ts';
import { ArrowLeftRight, ChevronDown, ChevronUp, UserMinus } from 'lucide-react';
import { useId, useState } from 'react';
import type { TeamRef } from '../../shared/roster/membership.ts';
import { SyncBadge } from '../../shared/roster/sync-badge.tsx';
import { Button, ButtonLink } from '../../shared/ui/button.tsx';
import { classNames } from '../../shared/ui/class-names.ts';
import { SelectInput } from '../../shared/ui/inputs.tsx';
import { Note } from '../../shared/ui/note.tsx';
import { memberWords } from './team-words.ts';

interface MemberRowProps {
  readonly member: TeamMember;
  /** The coach's other teams. */
  readonly siblings: readonly TeamView[];
  readonly open: boolean;
  readonly onToggle: () => void;
  readonly onMove: (to: TeamRef) => void;
  readonly onRemove: () => void;
  readonly moment: (iso: string) => string;
}

/** Closed: who and how it stands. Open: why, what to do, and the ways to another team or off this one. */
export function MemberRow({ member, siblings, open, onToggle, onMove, onRemove, moment }: MemberRowProps) {
  const details = useId();
  const { badge, name, competitorId } = member;
  const Arrow = open ? ChevronUp : ChevronDown;
  return (
    <li className={classNames('member', open && 'open')}>
      <div className="member-line">
        <span className="two-lines flex-1">
          <button
            type="button"
            className="name"
            aria-expanded={open}
            aria-controls={open ? details : undefined}
            onClick={onToggle}
          >
            {name}
            <Arrow size={14} className="ml-1.5 text-muted" aria-hidden />
          </button>
          <span className={classNames('second', badge.state === 'error' && 'error')}>
            {memberWords(member, moment)}
          </span>
        </span>
        <SyncBadge state={badge.state} />
      </div>
      {open && (
        <div id={details} className="member-details">
          {badge.state !== 'synced' && (badge.reason !== null || badge.remedy !== null) && (
            <Note
              tone={badge.state === 'error' ? 'error' : 'neutral'}
              title={badge.state === 'error' ? 'Why not?' : 'Why pending?'}
            >
              <p>
                {badge.reason} {badge.remedy}
              </p>
            </Note>
          )}
          <MoveForm name={name} siblings={siblings} onMove={onMove} />
          <div className="flex flex-wrap gap-2">
            <Button small onClick={onRemove} aria-label={`Remove from team: ${name}`}>
              <UserMinus size={14} aria-hidden /> Remove from team
            </Button>
            <ButtonLink small look="ghost" to={`/competitors/${encodeURIComponent(competitorId)}`}>
              Open competitor
            </ButtonLink>
          </div>
          <p className="text-12 text-muted">
            Solves and totals are read once more before the platform is told, so no score is lost.
          </p>
        </div>
      )}
    </li>
  );
}

interface MoveFormProps {
  readonly name: string;
  readonly siblings: readonly TeamView[];
  readonly onMove: (to: TeamRef) => void;
}

/** A choice and a button: a choice alone would move people while one is still looking through the list by keyboard. */
function MoveForm({ name, siblings, onMove }: MoveFormProps) {
  const [to, setTo] = useState('');
  const target = siblings.find((team) => team.id === to);
  if (siblings.length === 0)
    return <p className="text-13 text-text-2">There is no other team to move {name} to.</p>;
  return (
    <form
      className="move-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (target) onMove(target);
      }}
    >
      <SelectInput
        label={`Move ${name} to`}
        value={to}
        onChange={setTo}
        options={[
          { value: '', text: 'Choose a team' },
          ...siblings.map((team) => ({ value: team.id, text: team.name })),
        ]}
      />
      <Button type="submit" aria-disabled={target === undefined || undefined}>
        <ArrowLeftRight size={14} aria-hidden /> Move
      </Button>
    </form>
  );
}
