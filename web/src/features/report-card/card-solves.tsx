import type { CardFigures, CardSolve } from '#shared/report-card/contract.ts';
import { count } from '#shared/kernel/format.ts';
import { Badge } from '#web/shared/ui/badge.tsx';
import { Button } from '#web/shared/ui/button.tsx';
import { classNames } from '#web/shared/ui/class-names.ts';
import { SelectField, useUrlFilters } from '#web/shared/ui/filters.tsx';
import { Empty, Panel } from '#web/shared/ui/panel.tsx';
import { type SortKey, useSortedPages } from '#web/shared/ui/sorted-pages.ts';
import { CsvButton, type CsvColumn } from '#web/shared/ui/csv-button.tsx';
import { Pager, ScrollRegion, SortHeader } from '#web/shared/ui/table.tsx';
import { History } from 'lucide-react';
import { useMemo } from 'react';
import { markLabel, sourceName } from './report-card-labels.ts';

const PAGE_SIZE = 10;

const HEADERS = [
  { id: 'title', text: 'Challenge', numeric: false, wideOnly: false },
  { id: 'category', text: 'Category', numeric: false, wideOnly: true },
  { id: 'source', text: 'Source', numeric: false, wideOnly: true },
  { id: 'points', text: 'Points', numeric: true, wideOnly: false },
  { id: 'solved', text: 'Solved', numeric: true, wideOnly: false },
] as const;
type Column = (typeof HEADERS)[number]['id'];

const KEYS: Readonly<Record<Column, SortKey<CardSolve>>> = {
  title: (solve) => solve.title,
  category: (solve) => solve.category,
  source: (solve) => `${sourceName(solve.source)} ${solve.eventName ?? ''}`,
  points: (solve) => solve.points,
  solved: (solve) => solve.solvedAt,
};
const COLUMNS = {
  keys: KEYS,
  highestFirst: new Set<Column>(['points', 'solved']),
  initial: { column: 'solved', direction: 'desc' } as const,
};

const SOURCES = [
  { value: '', text: 'ODL and CTF' },
  { value: 'odl', text: 'ODL' },
  { value: 'ctf', text: 'CTF' },
];

const csvOf = (moment: (iso: string) => string): readonly CsvColumn<CardSolve>[] => [
  { name: 'Challenge', of: ({ title }) => title },
  { name: 'Category', of: ({ category }) => category },
  { name: 'Source', of: ({ source }) => sourceName(source) },
  { name: 'Flash CTF', of: ({ eventName }) => eventName },
  { name: 'Points', of: ({ points }) => points },
  { name: 'Solved', at: ({ solvedAt }) => solvedAt },
  { name: 'Note', of: (solve) => markLabel(solve, moment) },
];

interface CardSolvesProps {
  readonly figures: Pick<CardFigures, 'solves' | 'solvesComplete'>;
  readonly asOf: string | null;
  readonly moment: (iso: string) => string;
}

/** Every solve of the period; what the platform took back stays as history. */
export function CardSolves({ figures: { solves, solvesComplete }, asOf, moment }: CardSolvesProps) {
  const [params, set] = useUrlFilters();
  const source = params.get('source') ?? '';
  const category = params.get('category') ?? '';
  const found = useMemo(
    () =>
      solves.filter(
        (solve) =>
          (source === '' || solve.source === source) && (category === '' || solve.category === category),
      ),
    [solves, source, category],
  );
  const { page, sorting, sortBy, toFirst, back, next } = useSortedPages<CardSolve, Column>(
    found,
    COLUMNS,
    PAGE_SIZE,
  );
  const categories = [...new Set(solves.map((solve) => solve.category))].toSorted();
  const filter = (changes: Readonly<Record<string, string | null>>) => {
    set(changes);
    toFirst();
  };
  return (
    <Panel label="Solves" className="screen-only">
      <div className="panel-head">
        <h2>Solves</h2>
        {!solvesComplete && (
          <span className="as-of">There are more than fit on a card; some are left out here.</span>
        )}
        {solves.length > 0 && (
          <div className="end">
            <CsvButton
              caption="Solves of the period"
              columns={csvOf(moment)}
              rows={found}
              asOf={asOf}
              more={!solvesComplete}
            />
            <SelectField
              label="Source"
              value={source}
              onChange={(value) => filter({ source: value })}
              options={SOURCES}
            />
            <SelectField
              label="Category"
              value={category}
              onChange={(value) => filter({ category: value })}
              options={[
                { value: '', text: 'All categories' },
                ...categories.map((name) => ({ value: name, text: name })),
              ]}
            />
          </div>
        )}
      </div>
      {solves.length === 0 ? (
        <Empty kind="never" title="No solves in this period">
          Choose a longer period above, or come back after the next score read.
        </Empty>
      ) : found.length === 0 ? (
        <Empty
          kind="filtered"
          title="No solve matches these filters"
          action={<Button onClick={() => filter({ source: null, category: null })}>Clear the filters</Button>}
        >
          {count(solves.length)} {solves.length === 1 ? 'is' : 'are'} hidden by them.
        </Empty>
      ) : (
        <>
          <ScrollRegion label="Solves of the period" className="mt-2">
            <table className="table card-table">
              <caption className="sr-only">Solves of the period</caption>
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
                {page.rows.map((solve) => (
                  <SolveLine key={solve.id} solve={solve} moment={moment} />
                ))}
              </tbody>
            </table>
          </ScrollRegion>
          <div className="panel-foot">
            <span>{asOf === null ? 'Not read yet' : `As of ${moment(asOf)}`}</span>
            <Pager
              what="solves"
              from={page.from}
              shown={page.rows.length}
              of={found.length}
              onBack={back}
              onNext={next}
            />
          </div>
        </>
      )}
    </Panel>
  );
}

function SolveLine({ solve, moment }: { solve: CardSolve; moment: (iso: string) => string }) {
  const withdrawn = solve.mark === 'withdrawn';
  const mark = markLabel(solve, moment);
  const place = solve.eventName ?? sourceName(solve.source);
  return (
    <tr>
      <th scope="row">
        <span className="grid min-w-0 gap-0.5 py-1.5">
          <span className={classNames('name', withdrawn && 'line-through text-muted')}>{solve.title}</span>
          <span className="text-12 text-muted sm:hidden">
            {solve.category}, {place}
          </span>
          {mark !== null && (
            <span>
              <Badge tone={withdrawn ? 'neutral' : 'pending'} icon={History}>
                {mark}
              </Badge>
            </span>
          )}
        </span>
      </th>
      <td className="wide-only text-text-2">{solve.category}</td>
      <td className="wide-only text-text-2">{place}</td>
      <td className={classNames('num', withdrawn && 'line-through text-muted')}>{count(solve.points)}</td>
      <td className="num whitespace-nowrap text-muted">{moment(solve.solvedAt)}</td>
    </tr>
  );
}
