import type { RosterPlanRow, RosterPlanView } from '#shared/teams/contract.ts';
import { matches } from '#web/shared/format/text.ts';
import { SearchField } from '#web/shared/ui/filters.tsx';
import { pageOf } from '#web/shared/ui/sorted-pages.ts';
import { Pager, ScrollRegion } from '#web/shared/ui/table.tsx';
import { useMemo, useState } from 'react';
import { Link } from 'react-router';
import { nameOf, removalsOf, removalsSummary, scoreLabel, thenLabel, WHY_LABELS } from './plan-labels.ts';
import { StateBadge } from './plan-summary.tsx';

const PAGE = 20;

/** Everybody who is taken off a team, with what it does to the score; what waits for a decision first. */
export function Removals({ plan }: { plan: RosterPlanView }) {
  const [search, setSearch] = useState('');
  const [index, setIndex] = useState(0);
  const rows = useMemo(() => removalsOf(plan.rows), [plan.rows]);
  const found = rows.filter((row) => matches(search, row.name, row.from?.name ?? null, row.to?.name ?? null));
  const page = pageOf(found, index, PAGE);
  return (
    <>
      <div className="panel-head">
        <h2>Every removal, and what it does to scores</h2>
        <span className="as-of">{removalsSummary(plan.counts)}</span>
        {rows.length > PAGE && (
          <div className="end">
            <SearchField
              label="Find a removal by competitor or team"
              placeholder="Competitor or team"
              value={search}
              onChange={(text) => {
                setSearch(text);
                setIndex(0);
              }}
            />
          </div>
        )}
      </div>
      {rows.length === 0 && (
        <p className="panel-body pt-0 text-13 text-text-2">This plan takes no one off a team.</p>
      )}
      {rows.length > 0 && found.length === 0 && (
        <p className="panel-body pt-0 text-13 text-text-2">No removal matches the search.</p>
      )}
      {page.rows.length > 0 && (
        <ScrollRegion label="Removals">
          <table className="table tall">
            <caption className="sr-only">Removals with their consequence</caption>
            <thead>
              <tr>
                <th scope="col">Competitor</th>
                <th scope="col" className="wide-only">
                  From
                </th>
                <th scope="col" className="wide-only">
                  Then
                </th>
                <th scope="col">
                  <span className="wide-only">What happens to the score</span>
                  <span className="narrow-only">Score</span>
                </th>
                <th scope="col" className="num">
                  State
                </th>
              </tr>
            </thead>
            <tbody>
              {page.rows.map((row) => (
                <Removal key={`${row.competitorId} ${row.action}`} row={row} />
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
      {found.length > PAGE && (
        <div className="panel-foot">
          <Pager
            what="removals"
            from={page.from}
            shown={page.rows.length}
            of={found.length}
            onBack={page.index > 0 ? () => setIndex(page.index - 1) : null}
            onNext={page.index < page.last ? () => setIndex(page.index + 1) : null}
          />
        </div>
      )}
    </>
  );
}

function Removal({ row }: { row: RosterPlanRow }) {
  const from = row.from?.name ?? 'A team unknown here';
  return (
    <tr>
      <th scope="row">
        <span className="grid min-w-0">
          <Person row={row} />
          <span className="text-12 text-muted">
            {WHY_LABELS[row.why]}
            <span className="narrow-only">
              , {from}
              {row.to === null ? '' : ` to ${row.to.name}`}
            </span>
          </span>
        </span>
      </th>
      <td className="wide-only text-text-2">{from}</td>
      <td className="wide-only text-text-2">{thenLabel(row)}</td>
      <td>{scoreLabel(row)}</td>
      <td className="num">
        <StateBadge row={row} />
      </td>
    </tr>
  );
}

/** Their name leads to their page; somebody who was erased has neither. */
export const Person = ({ row }: { row: Pick<RosterPlanRow, 'name' | 'competitorId'> }) =>
  row.name === null ? (
    <span className="name">{nameOf(row)}</span>
  ) : (
    <Link className="name" to={`/competitors/${encodeURIComponent(row.competitorId)}`}>
      <bdi>{row.name}</bdi>
    </Link>
  );
