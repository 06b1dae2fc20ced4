import type { TeamView } from '#shared/teams/contract.ts';
import { counted, divisionName } from '#shared/kernel/format.ts';
import { SyncBadge } from '#web/shared/roster/sync-badge.tsx';
import { Badge } from '#web/shared/ui/badge.tsx';
import { classNames } from '#web/shared/ui/class-names.ts';
import { CircleDot, GripVertical, TriangleAlert } from 'lucide-react';
import { Link } from 'react-router';
import { type DraggedMember, draggedOf, dragProps, dropPlace, useDropTarget } from './member-drag.ts';
import { arrivalLabel } from './team-labels.ts';

interface TeamTileProps {
  readonly team: TeamView;
  /** Whose team it is, where more than one coach's are shown. */
  readonly coach: string | null;
  readonly moment: (iso: string) => string;
  /** The address of the opened team. */
  readonly address: string;
  readonly onOpen: () => void;
  /** Who is on the way from one team to another, held by the mouse. */
  readonly dragged: DraggedMember | null;
  readonly onDrag: (dragged: DraggedMember | null) => void;
  readonly onDrop: (dragged: DraggedMember) => void;
}

/** More names than this make the tile taller than its neighbors. */
const NAMES = 5;

/**
 * One team at a glance; the name opens it, and the whole tile can be clicked. Members can be dragged from tile to tile;
 * by keyboard they are moved in the opened team.
 */
export function TeamTile(props: TeamTileProps) {
  const { team, coach, moment, address, onOpen, dragged, onDrag, onDrop } = props;
  const { badge, members } = team;
  const place = dropPlace(team, dragged);
  const { over, handlers } = useDropTarget(place === 'takes', () => {
    if (dragged !== null) onDrop(dragged);
  });
  const shown = members.length > NAMES ? members.slice(0, NAMES - 1) : members;
  return (
    <li className={classNames('team-tile', place, over && 'over')} {...handlers}>
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <h2 className="text-16 font-strong tracking-[-.01em] wrap-anywhere">
            <button type="button" id={`team-${team.id}`} onClick={onOpen}>
              <bdi>{team.name}</bdi>
            </button>
          </h2>
          <p className="text-12 text-muted">
            {divisionName(team.division)}, {counted(members.length, 'member')}
            {coach === null ? '' : `, ${coach}`}
          </p>
        </div>
        <SyncBadge state={badge.state} />
      </div>
      {badge.state !== 'synced' && badge.reason !== null && (
        <p className={badge.state === 'error' ? 'text-13 text-error' : 'text-13 text-text-2'}>
          {badge.reason} {badge.remedy}
        </p>
      )}
      {members.length === 0 ? (
        <p className="text-13 text-text-2">No members yet.</p>
      ) : (
        <ul className="grid text-13 leading-6 text-text-2" aria-label={`Members of ${team.name}`}>
          {shown.map((member) => (
            <li key={member.competitorId} className="flex justify-between gap-2">
              <Link
                to={address}
                tabIndex={-1}
                className="draggable"
                {...dragProps(draggedOf(member, team), onDrag)}
              >
                <GripVertical size={12} aria-hidden />
                <bdi>{member.name}</bdi>
              </Link>
              {member.badge.state === 'error' && (
                <span className="text-12 leading-6 whitespace-nowrap text-error">
                  <TriangleAlert size={12} aria-hidden /> error
                </span>
              )}
              {member.badge.state === 'pending' && (
                <span className="text-12 leading-6 whitespace-nowrap text-pending">
                  <CircleDot size={12} aria-hidden /> pending
                </span>
              )}
            </li>
          ))}
          {shown.length < members.length && (
            <li className="text-muted">and {members.length - shown.length} more</li>
          )}
        </ul>
      )}
      <p className="mt-auto flex flex-wrap items-center justify-between gap-2 border-t border-line pt-3 text-12 text-muted">
        <span>{arrivalLabel(team, moment)}</span>
        {team.drift !== null && (
          <Badge tone="warning" icon={TriangleAlert}>
            Differs there
          </Badge>
        )}
      </p>
    </li>
  );
}
