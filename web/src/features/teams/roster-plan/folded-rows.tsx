import type { RosterPlanRow, RosterPlanView } from '#shared/teams/contract.ts';
import { count, counted } from '#shared/kernel/format.ts';
import { Fold } from '#web/shared/ui/panel.tsx';
import { ScrollRegion } from '#web/shared/ui/table.tsx';
import { ArrowLeftRight, type LucideIcon, Plus, UserRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { StateBadge } from './plan-summary.tsx';
import { Person } from './removals.tsx';

/** What asks for no decision: folded, but all there. */
export function FoldedRows({ plan }: { plan: RosterPlanView }) {
  const { counts, rows, unknown } = plan;
  const of = (action: RosterPlanRow['action']) => rows.filter((row) => row.action === action);
  return (
    <div className="mt-auto">
      <Rows
        icon={Plus}
        title={counted(counts.add, 'addition')}
        note="No one loses anything; no confirmation needed"
        all={counts.add}
        listed={of('add').length}
      >
        <Changes label="Additions" rows={of('add')} />
      </Rows>
      <Rows
        icon={ArrowLeftRight}
        title={counted(counts.move, 'move')}
        note="Each is a removal above, then an addition"
        all={counts.move}
        listed={of('move').length}
      >
        <Changes label="Moves" rows={of('move')} />
      </Rows>
      <Rows
        icon={UserRound}
        title={counted(counts.unknownUsers, 'unknown user')}
        note="On the platform, but not known here; left alone"
        all={counts.unknownUsers}
        listed={unknown.length}
      >
        <table className="table tight sticky-head">
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
      </Rows>
    </div>
  );
}

interface RowsProps {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly note: string;
  readonly all: number;
  readonly listed: number;
  readonly children: ReactNode;
}

function Rows({ icon: Icon, title, note, all, listed, children }: RowsProps) {
  if (all === 0) return null;
  return (
    <Fold
      summary={
        <>
          <Icon size={16} strokeWidth={1.75} className="text-muted" aria-hidden />
          <b>{title}</b>
          <span className="wide-only text-text-2">{note}</span>
        </>
      }
    >
      <ScrollRegion label={title} className="max-h-[400px] overflow-auto border-t border-line">
        {children}
      </ScrollRegion>
      {listed < all && (
        <p className="px-5 py-3 text-12 text-muted">
          {count(listed)} of {count(all)} are listed.
        </p>
      )}
    </Fold>
  );
}

const Changes = ({ label, rows }: { label: string; rows: readonly RosterPlanRow[] }) => (
  <table className="table sticky-head">
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
            <span className="grid min-w-0">
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
