import type { CompetitorRow } from '#shared/competitors/contract.ts';
import type { TeamMember, TeamView } from '#shared/teams/contract.ts';
import { Fact } from '#web/shared/ui/panel.tsx';
import {
  type AccountAct,
  AccountButtons,
  hasAccount,
  useRefreshNow,
  useResetPassword,
} from '#web/shared/roster/account-actions.tsx';
import { Chain, ChainDots } from '#web/shared/roster/chain.tsx';
import type { TeamRef } from '#web/shared/roster/membership.ts';
import { ReportCardLink } from '#web/shared/roster/report-card-link.tsx';
import { SyncBadge } from '#web/shared/roster/sync-badge.tsx';
import { Button, ButtonLink } from '#web/shared/ui/button.tsx';
import { classNames } from '#web/shared/ui/class-names.ts';
import { SelectInput } from '#web/shared/ui/inputs.tsx';
import { Note } from '#web/shared/ui/note.tsx';
import {
  ArrowLeftRight,
  ChevronDown,
  ChevronUp,
  GripVertical,
  KeyRound,
  RefreshCw,
  UserMinus,
} from 'lucide-react';
import { useId, useState } from 'react';
import { type DraggedMember, dragProps } from './member-drag.ts';
import { confirmedLabel, memberLabel, solvedLabel } from './team-labels.ts';

interface MemberRowProps {
  readonly member: TeamMember;
  /** Their record; undefined until it is loaded. */
  readonly person: CompetitorRow | undefined;
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
    <li className={classNames('border-line-strong not-first:border-t', open && 'bg-surface-2')}>
      <div className="member-line" {...(open ? {} : dragProps(dragged, onDrag))}>
        {!open && <GripVertical size={14} className="grip" aria-hidden />}
        <span className="grid min-w-0 flex-1 max-sm:basis-[calc(100%-130px)]">
          <button
            type="button"
            className="name"
            aria-expanded={open}
            aria-controls={open ? details : undefined}
            onClick={onToggle}
          >
            <bdi>{name}</bdi>
            <Arrow size={14} className="ml-1.5 text-muted" aria-hidden />
          </button>
          <span className={classNames('text-12', badge.state === 'error' ? 'text-error' : 'text-muted')}>
            {memberLabel(member, person, moment)}
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
        <div id={details} className="grid gap-3 px-3.5 pb-3.5">
          <MemberDetails {...props} refresh={refresh} reset={reset} />
        </div>
      )}
    </li>
  );
}

const ActSaid = ({ act }: { act: AccountAct }) => (
  <output className={classNames('text-12 empty:hidden', act.failed ? 'text-error' : 'text-muted')}>
    {act.words}
  </output>
);

interface Acts {
  readonly refresh: AccountAct;
  readonly reset: AccountAct;
}

function QuickActs({ name, refresh, reset, onReassign }: Acts & { name: string; onReassign: () => void }) {
  return (
    <span className="-mr-1.5 flex gap-0.5 max-sm:order-4">
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
        <ReportCardLink competitorId={competitorId} name={name} look="button" />
      </div>
      <p className="text-12 text-muted">
        We read solves and totals once more before telling the platform, so no score is lost.
      </p>
      {person && hasAccount(person) && <AccountButtons refresh={refresh} reset={reset} />}
      <dl className="facts">
        <Fact name="On the platform">{confirmedLabel(member, moment)}</Fact>
        {person && (
          <>
            <Fact name="Solved">{solvedLabel(person)}</Fact>
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
      className="flex flex-wrap items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (target) onMove(target);
      }}
    >
      <div className="min-w-0 flex-[1_1_220px]">
        <SelectInput
          label={`Move ${name} to`}
          value={to}
          onChange={setTo}
          options={[
            { value: '', text: 'Choose a team' },
            ...siblings.map((team) => ({ value: team.id, text: team.name })),
          ]}
        />
      </div>
      <Button type="submit" aria-disabled={target === undefined || undefined}>
        <ArrowLeftRight size={14} aria-hidden /> Move
      </Button>
    </form>
  );
}
