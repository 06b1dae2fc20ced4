import type { CompetitorRow } from '#shared/competitors/contract.ts';
import type { TeamView } from '#shared/teams/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { messageOf } from '#web/shared/api/api-error.ts';
import { useKeyRing } from '#web/shared/api/idempotency-key.ts';
import { divisionName, moment as momentIn } from '#shared/kernel/format.ts';
import { useNow } from '#web/shared/format/time.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { seesAllCoaches, useMe } from '#web/shared/identity/current-user.tsx';
import { useAllCompetitors } from '#web/shared/roster/competitors.ts';
import { type MembershipEdit, reversed } from '#web/shared/roster/membership.ts';
import { SyncBadge } from '#web/shared/roster/sync-badge.tsx';
import { Button, ButtonLink } from '#web/shared/ui/button.tsx';
import { Drawer } from '#web/shared/ui/dialog.tsx';
import { LoadFailure, Note } from '#web/shared/ui/note.tsx';
import { useMutation } from '@tanstack/react-query';
import { Pencil, Plus, RefreshCw, Trash2, X } from 'lucide-react';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { AddMembersDialog } from './add-members-dialog.tsx';
import { DeleteTeamDialog } from './delete-team-dialog.tsx';
import { DriftNote } from './drift-note.tsx';
import { DropStrip } from './drop-strip.tsx';
import { type DraggedMember, draggedOf, useDragged } from './member-drag.ts';
import { MemberRow } from './member-row.tsx';
import { MembershipNotice, useChanges } from './membership-notice.tsx';
import { RecreateDialog } from './recreate-dialog.tsx';
import { pushTeam } from './team-api.ts';
import { TeamDialog } from './team-dialog.tsx';
import { TeamFacts } from './team-facts.tsx';
import { TeamEdits, TeamPeriod } from './team-lately.tsx';
import { membersLabel } from './team-labels.ts';

interface TeamDrawerProps {
  readonly team: TeamView;
  /** The coach's other teams. */
  readonly siblings: readonly TeamView[];
  readonly onPushed: () => void;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}

/** One team: who is on it, what the platform has of it, and what can be changed. */
export function TeamDrawer({ team, siblings, onPushed, onClose, onDeleted }: TeamDrawerProps) {
  const { timeZone } = useConfig();
  const now = useNow();
  const [over, setOver] = useState<'edit' | 'add' | 'delete' | 'recreate' | null>(null);
  // Another edit afterwards is another difference.
  const [recreatedVersion, setRecreatedVersion] = useState<number | null>(null);
  const [dragged, setDragged] = useDragged();
  const { notice, change } = useChanges();
  const noticeRef = useFocusOn(notice?.edit);
  const { people, failed, again } = usePeople(team);
  const { badge } = team;
  const moment = (iso: string) => momentIn(iso, timeZone, now);
  const closeOver = () => setOver(null);
  return (
    <>
      <Drawer
        kind={`Team, ${divisionName(team.division)} division, ${team.affiliation}`}
        name={team.name}
        onClose={onClose}
        tools={
          <>
            <PushNow team={team} onPushed={onPushed} />
            <Button iconOnly look="ghost" aria-label="Edit team" onClick={() => setOver('edit')}>
              <Pencil size={16} aria-hidden />
            </Button>
            <Button iconOnly look="ghost" aria-label="Close team" onClick={onClose}>
              <X size={16} aria-hidden />
            </Button>
          </>
        }
      >
        <div className="drawer-body">
          <output className="flex flex-wrap items-center gap-2 text-13 text-text-2">
            <SyncBadge state={badge.state} />
            <span>
              {membersLabel(team)}
              {badge.lastSuccessAt !== null && ` Last confirmed ${moment(badge.lastSuccessAt)}.`}
            </span>
          </output>
          {badge.state === 'error' && (
            <Note tone="error" title="Not everything is on the platform">
              <p>
                {badge.reason} {badge.remedy}
              </p>
            </Note>
          )}
          <DriftNote
            team={team}
            recreating={recreatedVersion === team.version}
            onRecreate={() => setOver('recreate')}
          />
          <div ref={noticeRef} tabIndex={-1} className="empty:hidden">
            {notice && (
              <MembershipNotice
                notice={notice}
                teams={[team, ...siblings]}
                onUndo={() => change(reversed(notice.edit))}
              />
            )}
          </div>
          <TeamPeriod team={team} />
          <TeamFacts team={team} people={people} moment={moment} />
          <Members
            team={team}
            siblings={siblings}
            people={people}
            failed={failed}
            onRetry={again}
            onAdd={() => setOver('add')}
            onChange={change}
            onDrag={setDragged}
            moment={moment}
          />
          <Leaving team={team} />
          <TeamEdits team={team} moment={moment} />
          <DeleteTeam team={team} onDelete={() => setOver('delete')} />
        </div>
        {dragged && <DropStrip dragged={dragged} siblings={siblings} onChange={change} />}
      </Drawer>
      {over === 'recreate' && (
        <RecreateDialog
          team={team}
          onClose={closeOver}
          onStarted={() => {
            setRecreatedVersion(team.version);
            closeOver();
            onPushed();
          }}
        />
      )}
      {over === 'edit' && <TeamDialog team={team} coachId={null} onClose={closeOver} onSaved={closeOver} />}
      {over === 'add' && <AddMembersDialog team={team} onClose={closeOver} />}
      {over === 'delete' && <DeleteTeamDialog team={team} onClose={closeOver} onDeleted={onDeleted} />}
    </>
  );
}

interface MembersProps {
  readonly team: TeamView;
  readonly siblings: readonly TeamView[];
  readonly people: ReadonlyMap<string, CompetitorRow>;
  /** Why the members' records could not be read; null: they could. */
  readonly failed: Error | null;
  readonly onRetry: () => void;
  readonly onAdd: () => void;
  readonly onChange: (edit: MembershipEdit) => void;
  readonly onDrag: (dragged: DraggedMember | null) => void;
  readonly moment: (iso: string) => string;
}

/** A row per member, one of them open at a time. */
function Members({ team, siblings, people, failed, onRetry, onAdd, onChange, onDrag, moment }: MembersProps) {
  const [openId, setOpenId] = useState<string | null>(null);
  const { members } = team;
  const here = { id: team.id, name: team.name };
  return (
    <section aria-label="Members">
      <div className="flex items-center justify-between gap-3 pb-2">
        <h3>Members</h3>
        <span className="wide-only text-12 text-muted">release, account, approval, team, last solve</span>
        <Button small onClick={onAdd}>
          <Plus size={14} aria-hidden /> Add member
        </Button>
      </div>
      {members.length > 0 && (
        <p className="pb-2">
          <ButtonLink small look="ghost" to={`/teams/${encodeURIComponent(team.id)}/report-cards`}>
            Print all report cards
          </ButtonLink>
        </p>
      )}
      {failed !== null && (
        <LoadFailure
          what="Details of the members"
          safe="The team itself is up to date."
          error={failed}
          onRetry={onRetry}
        />
      )}
      {members.length === 0 ? (
        <p className="rounded-2 border border-dashed border-line-strong p-4 text-13 text-text-2">
          No members yet. Add competitors, or move them here from another team.
        </p>
      ) : (
        <ul className="rounded-2 border border-line-strong" aria-label={`Members of ${team.name}`}>
          {members.map((member) => (
            <MemberRow
              key={member.competitorId}
              member={member}
              person={people.get(member.competitorId)}
              dragged={draggedOf(member, team)}
              onDrag={onDrag}
              siblings={siblings}
              open={openId === member.competitorId}
              onToggle={() =>
                setOpenId((before) => (before === member.competitorId ? null : member.competitorId))
              }
              onMove={(to) => onChange({ ...idOf(member), from: here, to: { id: to.id, name: to.name } })}
              onRemove={() => onChange({ ...idOf(member), from: here, to: null })}
              moment={moment}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

/** Who was taken off here, and is still on the team over there. */
function Leaving({ team: { leaving } }: { team: TeamView }) {
  if (leaving.length === 0) return null;
  return (
    <section aria-label="Leaving">
      <h3 className="pb-2">Still on this team on the platform</h3>
      <ul className="rounded-2 border border-line-strong">
        {leaving.map((member) => (
          <li key={member.competitorId} className="border-line-strong not-first:border-t">
            <div className="member-line">
              <span className="grid min-w-0 flex-1 max-sm:basis-[calc(100%-130px)]">
                <span className="name">
                  <bdi>{member.name}</bdi>
                </span>
                <span className="text-12 text-muted">
                  {member.badge.reason ?? 'Will be removed automatically.'}
                </span>
              </span>
              <SyncBadge state={member.badge.state} />
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function DeleteTeam({ team: { members }, onDelete }: { team: TeamView; onDelete: () => void }) {
  const hint = useId();
  return (
    <div className="flex flex-wrap items-center gap-3 border-t border-line pt-4">
      <Button
        small
        aria-disabled={members.length > 0 || undefined}
        aria-describedby={members.length > 0 ? hint : undefined}
        onClick={() => {
          if (members.length === 0) onDelete();
        }}
      >
        <Trash2 size={14} aria-hidden /> Delete team
      </Button>
      {members.length > 0 && (
        <p id={hint} className="text-12 text-muted">
          You can delete a team once it has no members.
        </p>
      )}
    </div>
  );
}

const idOf = ({ competitorId, name }: TeamView['members'][number]) => ({ competitorId, name });

/** The row of whoever was moved may be gone, so the focus goes to the notice of each new edit. */
function useFocusOn(edit: object | undefined) {
  const notice = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (edit) notice.current?.focus();
  }, [edit]);
  return notice;
}

/** The records of the coach's competitors, by id, as far as they are loaded. */
function usePeople(team: TeamView) {
  const { list, loaded } = useAllCompetitors(seesAllCoaches(useMe()) ? team.coachId : null);
  const people = useMemo(() => new Map(loaded?.map((one) => [one.id, one])), [loaded]);
  return { people, failed: list.isError ? list.error : null, again: () => void list.refetch() };
}

function PushNow({ team, onPushed }: { team: TeamView; onPushed: () => void }) {
  const api = useApi();
  const keys = useKeyRing();
  const push = useMutation({
    mutationFn: () => pushTeam(api, { id: team.id, idempotencyKey: keys.current() }),
    onSuccess: onPushed,
    onSettled: (_started, error) => keys.settle(error ?? undefined),
  });
  const words = push.isError
    ? `Not pushed. ${messageOf(push.error)}`
    : push.isSuccess
      ? 'Telling the platform.'
      : '';
  return (
    <>
      <output className={push.isError ? 'text-12 text-error' : 'text-12 text-muted'}>{words}</output>
      <Button
        aria-disabled={push.isPending || undefined}
        onClick={() => {
          if (!push.isPending) push.mutate();
        }}
      >
        <RefreshCw size={14} aria-hidden /> {push.isPending ? 'Asking' : 'Push now'}
      </Button>
    </>
  );
}
