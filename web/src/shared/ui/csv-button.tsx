import { csvFile, type CsvValue } from '#shared/kernel/csv/write-csv.ts';
import { columnInZone, spreadsheetTime } from '#shared/kernel/format.ts';
import { Download } from 'lucide-react';
import { saveCsv } from '../api/save-file.ts';
import { useConfig } from '../identity/config.ts';
import { Button } from './button.tsx';
import { showToast } from './toasts.ts';

/** A column of a file: a value as it is, or a moment, which the file shows in the program's time zone. */
export type CsvColumn<T> = { readonly name: string } & (
  { readonly of: (row: T) => CsvValue } | { readonly at: (row: T) => string | null }
);

export interface CsvTable<T> {
  readonly columns: readonly CsvColumn<T>[];
  readonly rows: readonly T[];
  /** Null: nothing was read yet. */
  readonly asOf: string | null;
}

const AS_OF = 'As of';

/** What a table shows, as a file for spreadsheets. As of when it is stands in a column, where sorting leaves it alone. */
export function tableCsv<T>({ columns, rows, asOf }: CsvTable<T>, timeZone: string): string {
  const cells: readonly CsvColumn<T>[] = columns.some(({ name }) => name === AS_OF)
    ? columns
    : [...columns, { name: AS_OF, at: () => asOf }];
  return csvFile(
    cells.map((column) => ('at' in column ? columnInZone(column.name, timeZone) : column.name)),
    rows.map((row) =>
      cells.map((column) => {
        if ('of' in column) return column.of(row);
        const iso = column.at(row);
        return iso === null ? null : spreadsheetTime(iso, timeZone);
      }),
    ),
  );
}

/** `key-figures.csv` of the caption `Key figures`. */
export const csvFileName = (caption: string): string =>
  `${caption
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')}.csv`;

interface CsvButtonProps<T> extends CsvTable<T> {
  /** Of the table: the button's name, and the file's. */
  readonly caption: string;
  /** There are rows that the page has not loaded, and so the file does not hold. */
  readonly more?: boolean;
}

/** A table as a file that the browser makes of what is on the page. */
export function CsvButton<T>({ caption, more = false, ...table }: CsvButtonProps<T>) {
  const { timeZone } = useConfig();
  const save = () => {
    saveCsv(tableCsv(table, timeZone), csvFileName(caption));
    if (more)
      showToast('ok', 'The file contains what the page lists', 'There are more lines that are not loaded.');
  };
  return (
    <Button small aria-label={`Download CSV of: ${caption}`} onClick={save}>
      <Download size={14} aria-hidden /> CSV
    </Button>
  );
}
