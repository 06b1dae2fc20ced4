import type { TeamView } from '#shared/teams/team-view.ts';
import { CircleDot, TriangleAlert } from 'lucide-react';
import { divisionName } from '../../shared/format/divisions.ts';
import { counted } from '../../shared/format/numbers.ts';
import { SyncBadge } from '../../shared/roster/sync-badge.tsx';
import { Badge } from '../../shared/ui/badge.tsx';
import { arrivalWords } from './team-words.ts';

interface TeamTileProps {
  readonly team: TeamView;
  /** Whose team it is, where more than one coach's are shown. */
  readonly coach: string | null;
  readonly moment: (iso: string) => string;
  readonly onOpen: () => void;
}

/** More names than this make the tile taller than its neighbours. */
const NAMES = 5;

/** One team at a glance; the name opens it, and the whole tile can be clicked. */
export function TeamTile({ team, coach, moment, onOpen }: TeamTileProps) {
  const { badge, members } = team;
  const shown = members.length > NAMES ? members.slice(0, NAMES - 1) : members;
  return (
    <li className="team-tile">
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <h2>
            <button type="button" id={`team-${team.id}`} onClick={onOpen}>
              {team.name}
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
        <ul className="team-names" aria-label={`Members of ${team.name}`}>
          {shown.map((member) => (
            <li key={member.competitorId}>
              {member.name}
              {member.badge.state === 'error' && (
                <span className="text-error">
                  <TriangleAlert size={12} aria-hidden /> error
                </span>
              )}
              {member.badge.state === 'pending' && (
                <span className="text-pending">
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
      <p className="team-tile-foot">
        <span>{arrivalWords(team, moment)}</span>
        {team.drift !== null && (
          <Badge tone="warning" icon={TriangleAlert}>
            Differs there
          </Badge>
        )}
      </p>
    </li>
  );
}
