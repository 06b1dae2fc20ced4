import type { LeaderboardRow } from '#shared/dashboard/contract.ts';
import { age, count, divisionName, nearDay } from '#shared/kernel/format.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { ReportCardLink } from '#web/shared/roster/report-card-link.tsx';
import { classNames } from '#web/shared/ui/class-names.ts';
import { ArrowDown, ArrowUp, Clock } from 'lucide-react';
import { Link } from 'react-router';

/** One competitor: rank and movement, ODL and CTF as a bar on the scale of the first, last solve with its doubt. */
export function LeaderboardLine({ row, most, now }: { row: LeaderboardRow; most: number; now: Date }) {
  return (
    <tr>
      <td className="num">
        <span className="flex items-center justify-end gap-1.5">
          <MovementMark row={row} />
          <b>{row.rank}</b>
        </span>
      </td>
      <th scope="row">
        <span className="flex items-center gap-1">
          <span className="grid min-w-0">
            <Link className="name" to={`/competitors/${encodeURIComponent(row.competitorId)}`}>
              <bdi>{row.name}</bdi>
            </Link>
            <span className="text-12 text-muted">
              {row.teamName ?? 'No team'},{' '}
              {row.grade === null ? divisionName(row.division) : `grade ${row.grade}`}
            </span>
          </span>
          <ReportCardLink competitorId={row.competitorId} name={row.name} />
        </span>
      </th>
      <td className="num wide-only text-text-2">{count(row.odl)}</td>
      <td className="num wide-only text-text-2">{count(row.ctf)}</td>
      <td className="num">
        <span className="flex items-center justify-end gap-2.5">
          <span className="flex w-[clamp(48px,9vw,140px)] justify-end gap-px" aria-hidden>
            <i
              className="block h-1 rounded-[2px] bg-(--s1)"
              style={{ width: `${(row.odl / most) * 100}%` }}
            />
            <i
              className="block h-1 rounded-[2px] bg-(--s6)"
              style={{ width: `${(row.ctf / most) * 100}%` }}
            />
          </span>
          <b className="min-w-6">{count(row.done)}</b>
        </span>
      </td>
      <td className="num wide-only text-text-2">{count(row.points)}</td>
      <td className="wide-only whitespace-nowrap text-muted">
        <LastSolve row={row} now={now} />
      </td>
    </tr>
  );
}

function MovementMark({ row }: { row: LeaderboardRow }) {
  const movement = movementOf(row);
  if (movement.kind === 'same') return null;
  if (movement.kind === 'new')
    return row.done > 0 ? <span className="text-12 text-accent-text">new</span> : null;
  const Arrow = movement.kind === 'up' ? ArrowUp : ArrowDown;
  return (
    <span className={classNames('delta', movement.kind)}>
      <Arrow size={12} strokeWidth={2.4} aria-hidden />
      <span className="sr-only">
        {movement.kind} {movement.by}
      </span>
    </span>
  );
}

function LastSolve({ row, now }: { row: LeaderboardRow; now: Date }) {
  const { timeZone } = useConfig();
  const solved = row.lastSolveAt === null ? 'none yet' : nearDay(row.lastSolveAt, timeZone, now);
  if (!row.late) return solved;
  const read = row.lastReadAt === null ? 'never read' : `last read ${age(row.lastReadAt, now)}`;
  return (
    <span className="flex items-center gap-1 text-warning" title={read}>
      <Clock size={14} aria-hidden />
      {solved}
      <span className="sr-only">, {read}: there may be more</span>
    </span>
  );
}

/** How a competitor moved since the period before. */
type Movement =
  | { readonly kind: 'new' }
  | { readonly kind: 'same' }
  | { readonly kind: 'up' | 'down'; readonly by: number };

export function movementOf({ rank, previousRank }: Pick<LeaderboardRow, 'rank' | 'previousRank'>): Movement {
  if (previousRank === null) return { kind: 'new' };
  const by = previousRank - rank;
  if (by === 0) return { kind: 'same' };
  return { kind: by > 0 ? 'up' : 'down', by: Math.abs(by) };
}
