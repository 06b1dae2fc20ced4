import type { RosterPlanRow, RosterPlanView } from '#shared/teams/contract.ts';
import { ArrowLeftRight, ChevronDown, Plus, UserRound, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { count, counted } from '../../shared/format/numbers.ts';
import { ScrollRegion } from '../../shared/ui/scroll-region.tsx';
import { Person } from './removals.tsx';
import { StateBadge } from './state-badge.tsx';

/** What asks for no decision: folded, but all there. */
export function FoldedRows({ plan }: { plan: RosterPlanView }) {
  const { counts, rows, unknown } = plan;
  const of = (action: RosterPlanRow['action']) => rows.filter((row) => row.action === action);
  return (
    <div className="mt-auto">
      <Fold
        icon={Plus}
        title={counted(counts.add, 'addition')}
        note="Nobody loses anything; no confirmation needed"
        all={counts.add}
        listed={of('add').length}
      >
        <Changes label="Additions" rows={of('add')} />
      </Fold>
      <Fold
        icon={ArrowLeftRight}
        title={counted(counts.move, 'move')}
        note="Each is a removal above, then an addition"
        all={counts.move}
        listed={of('move').length}
      >
        <Changes label="Moves" rows={of('move')} />
      </Fold>
      <Fold
        icon={UserRound}
        title={counted(counts.unknownUsers, 'unknown user')}
        note="On the platform, but of nobody here; left alone"
        all={counts.unknownUsers}
        listed={unknown.length}
      >
        <table className="table tight">
          <caption className="sr-only">Unknown users</caption>
          <thead>
            <tr>
              <th scope="col">Platform user</th>
              <th scope="col">Platform team</th>
            </tr>
          </thead>
          <tbody>
            {unknown.map(({ platformUserId, platformTeamId }) => (
              <tr key={`${platformUserId} ${platformTeamId ?? ''}`}>
                <th scope="row" className="mono">
                  {platformUserId}
                </th>
                <td className="mono">{platformTeamId ?? 'on no team'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Fold>
    </div>
  );
}

interface FoldProps {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly note: string;
  readonly all: number;
  readonly listed: number;
  readonly children: ReactNode;
}

function Fold({ icon: Icon, title, note, all, listed, children }: FoldProps) {
  if (all === 0) return null;
  return (
    <details className="fold">
      <summary>
        <Icon size={16} strokeWidth={1.75} aria-hidden />
        <b>{title}</b>
        <span className="wide-only text-text-2">{note}</span>
        <ChevronDown size={16} className="fold-arrow" aria-hidden />
      </summary>
      <ScrollRegion label={title} className="fold-body">
        {children}
      </ScrollRegion>
      {listed < all && (
        <p className="px-5 py-3 text-12 text-muted">
          {count(listed)} of {count(all)} are listed.
        </p>
      )}
    </details>
  );
}

const Changes = ({ label, rows }: { label: string; rows: readonly RosterPlanRow[] }) => (
  <table className="table">
    <caption className="sr-only">{label}</caption>
    <thead>
      <tr>
        <th scope="col">Competitor</th>
        <th scope="col">Team</th>
        <th scope="col" className="num">
          State
        </th>
      </tr>
    </thead>
    <tbody>
      {rows.map((row) => (
        <tr key={row.competitorId}>
          <th scope="row">
            <span className="two-lines">
              <Person row={row} />
            </span>
          </th>
          <td className="text-text-2">
            {row.from !== null && `${row.from.name} to `}
            {row.to?.name}
          </td>
          <td className="num">
            <StateBadge row={row} />
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);
