import { useMemo, useState } from 'react';

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

/** Sorting and paging of rows that are all loaded. `columns` must be stable. */
export function useSortedPages<Row, Column extends string>(
  rows: readonly Row[],
  columns: Columns<Row, Column>,
  size: number,
) {
  const [sorting, setSorting] = useState(columns.initial);
  const [index, setIndex] = useState(0);
  const sorted = useMemo(
    () => sortRows(rows, columns.keys[sorting.column], sorting.direction),
    [rows, columns, sorting],
  );
  const page = pageOf(sorted, index, size);
  return {
    page,
    sorting,
    /** Sorts by a column, or turns its direction. Starts at the first page again. */
    sortBy: (column: Column) => {
      setIndex(0);
      setSorting((before) => {
        if (before.column === column)
          return { column, direction: before.direction === 'asc' ? 'desc' : 'asc' };
        return { column, direction: columns.highestFirst.has(column) ? 'desc' : 'asc' };
      });
    },
    toFirst: () => setIndex(0),
    back: page.index > 0 ? () => setIndex(page.index - 1) : null,
    next: page.index < page.last ? () => setIndex(page.index + 1) : null,
  };
}
