import type { CompetitorView } from '#shared/competitors/contract.ts';
import type { TeamMember, TeamView } from '#shared/teams/contract.ts';
import {
  ArrowLeftRight,
  ChevronDown,
  ChevronUp,
  GripVertical,
  KeyRound,
  RefreshCw,
  UserMinus,
} from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';
import {
  AccountButtons,
  hasAccount,
  useRefreshNow,
  useResetPassword,
  type AccountAct,
} from '../../shared/roster/account-acts.tsx';
import { ChainDots } from '../../shared/roster/chain-dots.tsx';
import { Chain } from '../../shared/roster/chain.tsx';
import type { TeamRef } from '../../shared/roster/membership.ts';
import { SyncBadge } from '../../shared/roster/sync-badge.tsx';
import { Button, ButtonLink } from '../../shared/ui/button.tsx';
import { classNames } from '../../shared/ui/class-names.ts';
import { SelectInput } from '../../shared/ui/inputs.tsx';
import { Note } from '../../shared/ui/note.tsx';
import { dragProps, type DraggedMember } from './member-drag.ts';
import { confirmedWords, memberWords, solvedWords } from './team-words.ts';

interface MemberRowProps {
  readonly member: TeamMember;
  /** Their record; undefined until it is loaded. */
  readonly person: CompetitorView | undefined;
  /** The coach's other teams. */
  readonly siblings: readonly TeamView[];
  readonly open: boolean;
  readonly dragged: DraggedMember;
  readonly onToggle: () => void;
  readonly onMove: (to: TeamRef) => void;
  readonly onRemove: () => void;
  readonly onDrag: (dragged: DraggedMember | null) => void;
  readonly moment: (iso: string) => string;
}

/** Nothing is known of an account that is not loaded yet, so nothing can be pressed. */
const noAccount = (member: TeamMember) => ({
  id: member.competitorId,
  firstName: member.name,
  gamePlatform: {
    id: null,
    username: null,
    accountStatus: null,
    lastLoginAt: null,
    onboardedAt: null,
    refusal: null,
  },
});

/** Closed: who, the chain, how it stands, quick acts. Open: the chain in full, why, and what to do about it. */
export function MemberRow(props: MemberRowProps) {
  const { member, person, open, onToggle, onDrag, dragged, moment } = props;
  const details = useId();
  const { badge, name, competitorId } = member;
  const refresh = useRefreshNow(competitorId);
  const reset = useResetPassword(person ?? noAccount(member));
  const Arrow = open ? ChevronUp : ChevronDown;
  return (
    <li className={classNames('member', open && 'open')}>
      <div className="member-line" {...(open ? {} : dragProps(dragged, onDrag))}>
        {!open && <GripVertical size={14} className="grip" aria-hidden />}
        <span className="two-lines">
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
            {memberWords(member, person, moment)}
          </span>
          {!open && <ActSaid act={refresh} />}
          {!open && reset.pressable && <ActSaid act={reset} />}
        </span>
        {person && <ChainDots chain={person.chain} />}
        <SyncBadge state={badge.state} />
        {!open && person && hasAccount(person) && (
          <QuickActs name={name} refresh={refresh} reset={reset} onReassign={onToggle} />
        )}
      </div>
      {open && (
        <div id={details} className="member-details">
          <MemberDetails {...props} refresh={refresh} reset={reset} />
        </div>
      )}
    </li>
  );
}

const ActSaid = ({ act }: { act: AccountAct }) => (
  <output className={classNames('second empty:hidden', act.failed && 'error')}>{act.words}</output>
);

interface Acts {
  readonly refresh: AccountAct;
  readonly reset: AccountAct;
}

function QuickActs({ name, refresh, reset, onReassign }: Acts & { name: string; onReassign: () => void }) {
  return (
    <span className="quick-acts">
      <Button small iconOnly look="ghost" aria-label={`Reassign ${name}`} onClick={onReassign}>
        <ArrowLeftRight size={14} aria-hidden />
      </Button>
      {reset.pressable && (
        <Button small iconOnly look="ghost" aria-label={`Reset password of ${name}`} onClick={reset.press}>
          <KeyRound size={14} aria-hidden />
        </Button>
      )}
      <Button
        small
        iconOnly
        look="ghost"
        aria-label={`Read scores of ${name} now`}
        aria-disabled={!refresh.pressable || undefined}
        onClick={refresh.press}
      >
        <RefreshCw size={14} aria-hidden />
      </Button>
    </span>
  );
}

function MemberDetails({
  member,
  person,
  siblings,
  onMove,
  onRemove,
  moment,
  refresh,
  reset,
}: MemberRowProps & Acts) {
  const { badge, name, competitorId } = member;
  return (
    <>
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
      {person && hasAccount(person) && <AccountButtons refresh={refresh} reset={reset} />}
      <dl className="facts">
        <Fact name="On the platform">{confirmedWords(member, moment)}</Fact>
        {person && (
          <>
            <Fact name="Solved">{solvedWords(person)}</Fact>
            <Fact name="Scores read">
              {person.lastReadAt === null ? 'not yet' : moment(person.lastReadAt)}
            </Fact>
            <Fact name="Platform user">
              {person.gamePlatform.username === null ? (
                'none yet'
              ) : (
                <span className="mono">{person.gamePlatform.username}</span>
              )}
            </Fact>
          </>
        )}
      </dl>
      {person && <Chain chain={person.chain} lastRead={person.lastRead} />}
    </>
  );
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

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
