import type { DashboardView, LeaderboardRow } from '#shared/dashboard/contract.ts';
import { allOf, count, counted, moment } from '#shared/kernel/format.ts';
import { matches } from '#web/shared/format/text.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { Button, ButtonLink } from '#web/shared/ui/button.tsx';
import { SearchField, useUrlFilters } from '#web/shared/ui/filters.tsx';
import { Empty } from '#web/shared/ui/panel.tsx';
import { type SortKey, useSortedPages } from '#web/shared/ui/sorted-pages.ts';
import { Pager, ScrollRegion, SortHeader } from '#web/shared/ui/table.tsx';
import { useMemo, useState } from 'react';
import { DownloadButton } from './download-button.tsx';
import { LeaderboardLine } from './leaderboard-line.tsx';

const PAGE_SIZE = 10;

const HEADERS = [
  { id: 'rank', text: 'Rank', numeric: true, wideOnly: false },
  { id: 'name', text: 'Competitor', numeric: false, wideOnly: false },
  { id: 'odl', text: 'ODL', numeric: true, wideOnly: true },
  { id: 'ctf', text: 'CTF', numeric: true, wideOnly: true },
  { id: 'done', text: 'Done', numeric: true, wideOnly: false },
  { id: 'points', text: 'Points', numeric: true, wideOnly: true },
  { id: 'lastSolve', text: 'Last solve', numeric: false, wideOnly: true },
] as const;
type Column = (typeof HEADERS)[number]['id'];

const KEYS: Readonly<Record<Column, SortKey<LeaderboardRow>>> = {
  rank: (row) => row.rank,
  name: (row) => row.name,
  odl: (row) => row.odl,
  ctf: (row) => row.ctf,
  done: (row) => row.done,
  points: (row) => row.points,
  lastSolve: (row) => row.lastSolveAt,
};
const COLUMNS = {
  keys: KEYS,
  highestFirst: new Set<Column>(['odl', 'ctf', 'done', 'points', 'lastSolve']),
  initial: { column: 'rank', direction: 'asc' } as const,
};

/** Solves in range, then points, then who got there first. Search, sort and paging happen here, on what was loaded. */
export function Leaderboard({ data, now }: { data: DashboardView; now: Date }) {
  const { timeZone } = useConfig();
  const [, setFilters] = useUrlFilters();
  const [search, setSearch] = useState('');
  const { rows, total, totals } = data.leaderboard;
  const found = useMemo(() => rows.filter((row) => matches(search, row.name, row.teamName)), [rows, search]);
  const { page, sorting, sortBy, toFirst, back, next } = useSortedPages<LeaderboardRow, Column>(
    found,
    COLUMNS,
    PAGE_SIZE,
  );
  const most = Math.max(1, ...rows.map((row) => row.done));
  const empty = rows.length === 0 || totals.done === 0;
  return (
    <>
      <div className="panel-head">
        <h2>Challenges Done</h2>
        {data.freshness.asOf !== null && (
          <span className="as-of">as of {moment(data.freshness.asOf, timeZone, now)}</span>
        )}
        {rows.length > 0 && (
          <div className="end">
            <DownloadButton file="leaderboard" />
            <SearchField
              label="Find a competitor in the leaderboard"
              placeholder="Find a competitor"
              value={search}
              onChange={(value) => {
                setSearch(value);
                toFirst();
              }}
            />
          </div>
        )}
      </div>
      {rows.length === 0 ? (
        <NoCompetitorsYet
          division={data.scope.division}
          onClear={() => setFilters({ division: null, coach: null })}
        />
      ) : found.length === 0 ? (
        <Empty
          kind="filtered"
          title="No one matches this search"
          action={<Button onClick={() => setSearch('')}>Clear the search</Button>}
        >
          {counted(rows.length, 'competitor')} {rows.length === 1 ? 'is' : 'are'} hidden by it.
        </Empty>
      ) : (
        <>
          {empty && (
            <p className="px-5 pt-2 text-13 text-text-2">No one has solved a challenge in this period yet.</p>
          )}
          <ScrollRegion label="Leaderboard" className="mt-2">
            <table className="table leaderboard">
              <caption className="sr-only">Challenges done, {data.period.label}</caption>
              <thead>
                <tr>
                  {HEADERS.map(({ id, text, numeric, wideOnly }) => (
                    <SortHeader
                      key={id}
                      sorted={sorting.column === id && sorting.direction}
                      onSort={() => sortBy(id)}
                      numeric={numeric}
                      wideOnly={wideOnly}
                    >
                      {text}
                    </SortHeader>
                  ))}
                </tr>
              </thead>
              <tbody>
                {page.rows.map((row) => (
                  <LeaderboardLine key={row.competitorId} row={row} most={most} now={now} />
                ))}
              </tbody>
              <Totals totals={totals} total={total} />
            </table>
          </ScrollRegion>
        </>
      )}
      {rows.length > 0 && (
        <div className="panel-foot mt-auto">
          <Key />
          {rows.length < total && <span>The first {count(rows.length)} are listed.</span>}
          <Pager
            from={page.from}
            shown={page.rows.length}
            of={found.length}
            onBack={back}
            onNext={next}
            what="leaderboard"
          />
        </div>
      )}
    </>
  );
}

const Key = () => (
  <span className="key">
    <span>
      <span className="swatch odl" /> ODL
    </span>
    <span>
      <span className="swatch ctf" /> CTF
    </span>
  </span>
);

interface TotalsProps {
  readonly totals: DashboardView['leaderboard']['totals'];
  readonly total: number;
}

const Totals = ({ totals, total }: TotalsProps) => (
  <tfoot>
    <tr>
      <td />
      <th scope="row">{total === 1 ? '1 competitor' : allOf(total, 'competitors')}</th>
      <td className="num wide-only">{count(totals.odl)}</td>
      <td className="num wide-only">{count(totals.ctf)}</td>
      <td className="num">{count(totals.done)}</td>
      <td className="num wide-only">{count(totals.points)}</td>
      <td className="wide-only" />
    </tr>
  </tfoot>
);

/** Nobody in the list: because a filter hides them, or because nobody is there yet. */
function NoCompetitorsYet({ division, onClear }: { division: string | null; onClear: () => void }) {
  return division === null ? (
    <Empty
      kind="never"
      title="No solves yet"
      action={
        <ButtonLink look="primary" to="/competitors">
          Add your first competitors
        </ButtonLink>
      }
    >
      Once a competitor is on the platform and solves a challenge, it shows up here the next time we read
      scores.
    </Empty>
  ) : (
    <Empty
      kind="filtered"
      title="No one in this division"
      action={<Button onClick={onClear}>Clear the filters</Button>}
    >
      The division filter hides everyone else.
    </Empty>
  );
}
