import type { DashboardView, LeaderboardRow } from '#shared/dashboard/dashboard-view.ts';
import {
  createColumnHelper,
  createPaginatedRowModel,
  createSortedRowModel,
  rowPaginationFeature,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useMemo, useState } from 'react';
import { count, counted } from '../../shared/format/numbers.ts';
import { matches } from '../../shared/format/matches.ts';
import { moment } from '../../shared/format/time.ts';
import { useConfig } from '../../shared/identity/get-config.ts';
import { Button, ButtonLink } from '../../shared/ui/button.tsx';
import { Empty } from '../../shared/ui/empty.tsx';
import { Pager } from '../../shared/ui/pager.tsx';
import { SearchField } from '../../shared/ui/search-field.tsx';
import { SortHeader } from '../../shared/ui/sort-header.tsx';
import { useUrlFilters } from '../../shared/ui/use-url-filters.ts';
import { LeaderboardLine } from './leaderboard-line.tsx';
import { ScrollRegion } from '../../shared/ui/scroll-region.tsx';

const PAGE_SIZE = 10;
const features = tableFeatures({
  rowSortingFeature,
  rowPaginationFeature,
  sortedRowModel: createSortedRowModel(),
  paginatedRowModel: createPaginatedRowModel(),
});
const column = createColumnHelper<typeof features, LeaderboardRow>();
const columns = column.columns([
  column.accessor('rank', { header: 'Rank', sortDescFirst: false }),
  column.accessor('name', { header: 'Competitor', sortDescFirst: false }),
  column.accessor('odl', { header: 'ODL', sortDescFirst: true }),
  column.accessor('ctf', { header: 'CTF', sortDescFirst: true }),
  column.accessor('done', { header: 'Done', sortDescFirst: true }),
  column.accessor('points', { header: 'Points', sortDescFirst: true }),
  column.accessor((row) => (row.lastSolveAt === null ? 0 : Date.parse(row.lastSolveAt)), {
    id: 'lastSolve',
    header: 'Last solve',
    sortDescFirst: true,
  }),
]);
const NUMERIC: ReadonlySet<string> = new Set(['rank', 'odl', 'ctf', 'done', 'points']);
const WIDE_ONLY: ReadonlySet<string> = new Set(['odl', 'ctf', 'points', 'lastSolve']);

/** Solves in range, then points, then who got there first. Search, sort and paging happen here, on what was loaded. */
export function Leaderboard({ data, now }: { data: DashboardView; now: Date }) {
  const { timeZone } = useConfig();
  const [, setFilters] = useUrlFilters();
  const [search, setSearch] = useState('');
  const { rows, total, totals } = data.leaderboard;
  const found = useMemo(() => rows.filter((row) => matches(search, row.name, row.teamName)), [rows, search]);
  const table = useTable({
    features,
    columns,
    data: found,
    initialState: {
      sorting: [{ id: 'rank', desc: false }],
      pagination: { pageIndex: 0, pageSize: PAGE_SIZE },
    },
    enableSortingRemoval: false,
    autoResetPageIndex: true,
  });
  const shown = table.getRowModel().rows;
  const { pageIndex } = table.state.pagination;
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
            <SearchField
              label="Find a competitor in the leaderboard"
              placeholder="Find a competitor"
              value={search}
              onChange={(value) => {
                setSearch(value);
                table.setPageIndex(0);
              }}
            />
          </div>
        )}
      </div>
      {rows.length === 0 ? (
        <NobodyYet
          division={data.scope.division}
          onClear={() => setFilters({ division: null, coach: null })}
        />
      ) : found.length === 0 ? (
        <Empty
          kind="filtered"
          title="Nobody matches this search"
          action={<Button onClick={() => setSearch('')}>Clear the search</Button>}
        >
          {counted(rows.length, 'competitor')} {rows.length === 1 ? 'is' : 'are'} hidden by it.
        </Empty>
      ) : (
        <>
          {empty && (
            <p className="px-5 pt-2 text-13 text-text-2">Nobody solved a challenge in this period yet.</p>
          )}
          <ScrollRegion label="Leaderboard" className="mt-2">
            <table className="table leaderboard">
              <caption className="sr-only">Challenges done, {data.period.label}</caption>
              <thead>
                <tr>
                  {table.getFlatHeaders().map((header) => (
                    <SortHeader
                      key={header.id}
                      sorted={header.column.getIsSorted()}
                      onSort={() => header.column.toggleSorting()}
                      numeric={NUMERIC.has(header.id)}
                      wideOnly={WIDE_ONLY.has(header.id)}
                    >
                      {String(header.column.columnDef.header)}
                    </SortHeader>
                  ))}
                </tr>
              </thead>
              <tbody>
                {shown.map((row) => (
                  <LeaderboardLine key={row.original.competitorId} row={row.original} most={most} now={now} />
                ))}
              </tbody>
              <tfoot>
                <tr>
                  <td />
                  <th scope="row">All {counted(total, 'competitor')}</th>
                  <td className="num wide-only">{count(totals.odl)}</td>
                  <td className="num wide-only">{count(totals.ctf)}</td>
                  <td className="num">{count(totals.done)}</td>
                  <td className="num wide-only">{count(totals.points)}</td>
                  <td className="wide-only" />
                </tr>
              </tfoot>
            </table>
          </ScrollRegion>
        </>
      )}
      <div className="panel-foot mt-auto">
        <span className="key">
          <span>
            <span className="swatch odl" /> ODL
          </span>
          <span>
            <span className="swatch ctf" /> CTF
          </span>
        </span>
        {rows.length < total && <span>The first {count(rows.length)} are listed.</span>}
        <Pager
          from={pageIndex * PAGE_SIZE + 1}
          shown={shown.length}
          of={found.length}
          onBack={table.getCanPreviousPage() ? () => table.previousPage() : null}
          onNext={table.getCanNextPage() ? () => table.nextPage() : null}
          what="leaderboard"
        />
      </div>
    </>
  );
}

/** Nobody in the list: because a filter hides them, or because nobody is there yet. */
function NobodyYet({ division, onClear }: { division: string | null; onClear: () => void }) {
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
      Once a competitor is on the platform and solves a challenge, it shows here within half an hour.
    </Empty>
  ) : (
    <Empty
      kind="filtered"
      title="Nobody in this division"
      action={<Button onClick={onClear}>Clear the filters</Button>}
    >
      The division filter hides everybody else.
    </Empty>
  );
}
