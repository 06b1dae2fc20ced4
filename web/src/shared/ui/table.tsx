import { ArrowDown, ArrowUp, ChevronLeft, ChevronRight, Table2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { count } from '#shared/kernel/format.ts';
import type { CsvValue } from '#shared/kernel/csv/write-csv.ts';
import { Button } from './button.tsx';
import { classNames } from './class-names.ts';
import { CsvButton, type CsvColumn } from './csv-button.tsx';
import { useBlockName } from './panel.tsx';

const SCROLLS =
  'min-w-0 overflow-x-auto focus-visible:rounded-none focus-visible:shadow-[inset_0_0_0_2px_var(--accent)]';

/** What scrolls apart from the page: named, and reachable by keyboard. */
export function ScrollRegion({
  label,
  className,
  children,
}: {
  label: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- without it, nobody could scroll here by keyboard
    <section className={classNames(SCROLLS, className)} aria-label={useBlockName(label)} tabIndex={0}>
      {children}
    </section>
  );
}

interface SortHeaderProps {
  readonly sorted: false | 'asc' | 'desc';
  readonly onSort: () => void;
  readonly numeric?: boolean;
  readonly wideOnly?: boolean;
  readonly children: ReactNode;
}

/** A column's head that sorts by it; the order is said to screen readers by `aria-sort`. */
export function SortHeader({ sorted, onSort, numeric, wideOnly, children }: SortHeaderProps) {
  const Arrow = sorted === 'asc' ? ArrowUp : ArrowDown;
  return (
    <th
      scope="col"
      className={classNames(numeric && 'num', wideOnly && 'wide-only')}
      aria-sort={sorted === false ? 'none' : sorted === 'asc' ? 'ascending' : 'descending'}
    >
      <button type="button" onClick={onSort}>
        {children}
        {sorted !== false && <Arrow size={14} aria-hidden />}
      </button>
    </th>
  );
}

interface PagerProps {
  readonly from: number;
  readonly shown: number;
  readonly of: number;
  readonly onBack: (() => void) | null;
  readonly onNext: (() => void) | null;
  /** What is paged, for the buttons' names. */
  readonly what: string;
}

/** `1–10 of 18` and two buttons; a button that leads nowhere stays focusable, so that the focus is not lost. */
export function Pager({ from, shown, of, onBack, onNext, what }: PagerProps) {
  return (
    <span className="ml-auto flex items-center gap-2">
      <output>
        {shown === 0 ? 'none shown' : `${count(from)}–${count(from + shown - 1)} of ${count(of)}`}
      </output>
      <Button
        small
        iconOnly
        aria-label={`Previous page of the ${what}`}
        aria-disabled={onBack === null || undefined}
        onClick={() => onBack?.()}
      >
        <ChevronLeft size={14} aria-hidden />
      </Button>
      <Button
        small
        iconOnly
        aria-label={`Next page of the ${what}`}
        aria-disabled={onNext === null || undefined}
        onClick={() => onNext?.()}
      >
        <ChevronRight size={14} aria-hidden />
      </Button>
    </span>
  );
}

/** A moment is words on screen, and a time in a file. */
type DataCell = CsvValue | { readonly at: string | null; readonly words: string };
interface DataRow {
  readonly key: string;
  readonly cells: readonly DataCell[];
}

interface DataTableProps {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly DataRow[];
  readonly asOf: string | null;
  readonly label?: string;
}

const isMoment = (cell: DataCell | undefined) => typeof cell === 'object' && cell !== null;
const wordsOf = (cell: DataCell | undefined): CsvValue => (isMoment(cell) ? cell.words : (cell ?? null));

/** The columns of a file with the same cells. */
const csvColumns = ({ columns, rows }: Pick<DataTableProps, 'columns' | 'rows'>): CsvColumn<DataRow>[] =>
  columns.map((name, index) => {
    if (!rows.some(({ cells }) => isMoment(cells[index])))
      return { name, of: ({ cells }) => wordsOf(cells[index]) };
    return {
      name,
      at: ({ cells }) => {
        const cell = cells[index];
        return isMoment(cell) ? cell.at : null;
      },
    };
  });

/** The same data as a table and as a file, for every chart. */
export function DataTable({ caption, columns, rows, asOf, label = 'Same data as a table' }: DataTableProps) {
  return (
    <details className="data-table">
      <summary>
        <Table2 size={14} aria-hidden />
        {label}
      </summary>
      <div className="mt-1.5">
        <CsvButton caption={caption} columns={csvColumns({ columns, rows })} rows={rows} asOf={asOf} />
      </div>
      <ScrollRegion
        label={caption}
        className="mt-2 max-h-[280px] overflow-auto rounded-2 border border-line bg-surface-1"
      >
        <table className="table tight sticky-head">
          <caption className="sr-only">{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.key}>
                {row.cells.map((cell, index) => (
                  <td key={columns[index]}>{wordsOf(cell)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </details>
  );
}
