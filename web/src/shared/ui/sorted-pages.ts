import { useMemo } from 'react';
import { useUrlFilters } from './filters.tsx';
import { usePrinting } from './printing.ts';

/** What a row is sorted by in one column. Nulls go last, whichever the direction. */
export type SortKey<Row> = (row: Row) => number | string | null;

interface Sorting<Column extends string> {
  readonly column: Column;
  readonly direction: 'asc' | 'desc';
}

function compare(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b));
}

/** A sorted copy; rows that are equal keep their order. */
export function sortRows<Row>(
  rows: readonly Row[],
  key: SortKey<Row>,
  direction: 'asc' | 'desc',
): readonly Row[] {
  const sign = direction === 'asc' ? 1 : -1;
  return rows.toSorted((a, b) => {
    const [one, other] = [key(a), key(b)];
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    return sign * compare(one, other);
  });
}

interface Page<Row> {
  readonly rows: readonly Row[];
  readonly index: number;
  readonly last: number;
  /** Number of the first row shown, counted from 1. */
  readonly from: number;
}

/** One page; an index beyond the end is the last page, so that a shrinking list never shows nothing. */
export function pageOf<Row>(rows: readonly Row[], index: number, size: number): Page<Row> {
  const last = Math.max(0, Math.ceil(rows.length / size) - 1);
  const shown = Math.min(Math.max(0, index), last);
  return { rows: rows.slice(shown * size, (shown + 1) * size), index: shown, last, from: shown * size + 1 };
}

interface Columns<Row, Column extends string> {
  readonly keys: Readonly<Record<Column, SortKey<Row>>>;
  /** Columns whose first click puts the highest on top. */
  readonly highestFirst: ReadonlySet<Column>;
  readonly initial: Sorting<Column>;
}

/**
 * Sorting and paging of rows that are all loaded, kept in the address (`sort=done.desc&page=2`), so that Back and reload
 * keep them. `columns` must be stable.
 */
export function useSortedPages<Row, Column extends string>(
  rows: readonly Row[],
  columns: Columns<Row, Column>,
  size: number,
) {
  const [params, set] = useUrlFilters();
  const { column, direction } = sortingOf(params.get('sort'), columns);
  const sorted = useMemo(
    () => sortRows(rows, columns.keys[column], direction),
    [rows, columns, column, direction],
  );
  // There are no pages to turn on paper.
  const printing = usePrinting();
  const asked = (Number.parseInt(params.get('page') ?? '1', 10) || 1) - 1;
  const page = pageOf(sorted, asked, printing ? Math.max(1, sorted.length) : size);
  const toPage = (to: number) => set({ page: to === 0 ? null : String(to + 1) });
  return {
    page,
    sorting: { column, direction },
    /** Sorts by a column, or turns its direction. Starts at the first page again. */
    sortBy: (next: Column) => {
      const first = columns.highestFirst.has(next) ? 'desc' : 'asc';
      const turned = direction === 'asc' ? 'desc' : 'asc';
      const to = `${next}.${next === column ? turned : first}`;
      const { initial } = columns;
      set({ sort: to === `${initial.column}.${initial.direction}` ? null : to, page: null });
    },
    toFirst: () => page.index > 0 && toPage(0),
    back: page.index > 0 ? () => toPage(page.index - 1) : null,
    next: page.index < page.last ? () => toPage(page.index + 1) : null,
  };
}

/** What `sort` in an address means; anything unknown is the initial order. */
export function sortingOf<Row, Column extends string>(
  text: string | null,
  { keys, initial }: Columns<Row, Column>,
): Sorting<Column> {
  for (const column in keys) {
    if (text === `${column}.asc`) return { column, direction: 'asc' };
    if (text === `${column}.desc`) return { column, direction: 'desc' };
  }
  return initial;
}
