import { decodeText, type TextEncoding } from '#shared/kernel/csv/decode-text.ts';
import {
  CsvFaultError,
  detectSeparator,
  SEPARATORS,
  readCsv,
  type CsvRecord,
  type Separator,
} from '#shared/kernel/csv/read-csv.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { foldForSearch, tidyText } from '#shared/kernel/text.ts';
import {
  ID_COLUMN,
  IMPORT_COLUMNS,
  OTHER_NAMES,
  TEAM_COLUMN,
  TOLD_COLUMN_NAMES,
  type ColumnField,
} from '../competitor-csv.ts';

export const MAX_FILE_BYTES = 5 * 1024 * 1024;
export const MAX_ROWS = 10_000;

/** Which column of a file, from 0, holds what. */
export type ColumnChoice = Readonly<Partial<Record<ColumnField, number>>>;

/** How a file is to be read; what is not told is found out. */
export interface Reading {
  readonly encoding?: TextEncoding | undefined;
  readonly separator?: Separator | undefined;
  /** Line of the file with the names of the columns. */
  readonly headerLine?: number | undefined;
  readonly columns?: ColumnChoice | undefined;
}

/** Rows below a header. */
export interface DividedFile {
  readonly header: readonly string[];
  /** Line of the file. */
  readonly headerLine: number;
  readonly rows: readonly CsvRecord[];
}

/** Rows under a known header. */
export interface ImportTable extends DividedFile {
  /** Which column of the file holds what. */
  readonly column: ReadonlyMap<ColumnField, number>;
  /** Names of columns that are left out, as the file has them; the first fifty. */
  readonly leftOut: readonly string[];
}

export interface ImportFile extends ImportTable {
  readonly text: string;
  readonly encoding: TextEncoding;
  readonly separator: Separator;
}

/** No column that an import knows has a longer name. */
const LONGEST_NAME = 100;
/** What is the same in `First Name`, `first_name` and `firstName`; letters of every script count. */
const plain = (name: string): string =>
  foldForSearch(name.slice(0, LONGEST_NAME)).replaceAll(/[^\p{L}\p{N}]/gu, '');

/** What a file may tell, in the order of the template, with the names of its column. */
export const COLUMN_NAMES: ReadonlyMap<ColumnField, string> = new Map<ColumnField, string>([
  ['id', ID_COLUMN],
  ...IMPORT_COLUMNS.map(({ column, field }) => [field, column] as const),
  ['team', TEAM_COLUMN],
]);
export const COLUMN_FIELDS: readonly ColumnField[] = [...COLUMN_NAMES.keys()];
const FIELDS: ReadonlyMap<string, ColumnField> = new Map(
  [...COLUMN_NAMES].flatMap(([field, column]) =>
    [column, ...(OTHER_NAMES[field] ?? [])].map((name) => [plain(name), field] as const),
  ),
);
/** What an export and the file of refused rows tell beside what can be changed. */
const PASSED_OVER = new Set([...TOLD_COLUMN_NAMES, 'line', 'reason'].map(plain));
/** The zone behind the name of an export's column of times. */
const ZONE = / \([^()]*\)$/;

/** What a column is by its name; `passed over`: an export's own, which needs no word. */
export function fieldOfColumn(name: string): ColumnField | 'passed over' | undefined {
  const known = plain(name);
  return (
    FIELDS.get(known) ??
    (known === '' || PASSED_OVER.has(known) || PASSED_OVER.has(plain(name.replace(ZONE, '')))
      ? 'passed over'
      : undefined)
  );
}

const refused = (
  code: string,
  detail: string,
  errors: { path: string; message: string }[] = [],
): DomainError => new DomainError('invalid', code, detail, { errors });

type Columns = Pick<ImportTable, 'column' | 'leftOut'>;

const MAX_LEFT_OUT = 50;
/** More columns than any export has; what is beyond is not looked at. */
const MAX_COLUMNS = 1_000;

/** The columns that a first line names; what an import does not know, or is not to take, is left out and told. */
function columnsOf(header: readonly string[], chosen: ColumnChoice | undefined): Columns {
  if (header.length > MAX_COLUMNS)
    throw refused(
      'COLUMNS_NOT_KNOWN',
      `The first line names more than ${MAX_COLUMNS} columns. Leave out some.`,
    );
  const fields =
    chosen === undefined
      ? header.map(fieldOfColumn)
      : header.map((name, index) => {
          const field = COLUMN_FIELDS.find((one) => chosen[one] === index);
          return field ?? (fieldOfColumn(name) === 'passed over' ? 'passed over' : undefined);
        });
  const column = new Map<ColumnField, number>();
  const leftOut: string[] = [];
  const errors: { path: string; message: string }[] = [];
  for (const [index, field] of fields.entries()) {
    if (field === 'passed over') continue;
    if (field === undefined) {
      const name = tidyText((header[index] ?? '').slice(0, LONGEST_NAME));
      if (name !== '' && leftOut.length < MAX_LEFT_OUT) leftOut.push(name);
    } else if (column.has(field))
      errors.push({
        path: `column ${index + 1}`,
        message: 'Two columns mean the same. Leave one out, or give one another name.',
      });
    else column.set(field, index);
  }
  for (const [field, index] of Object.entries(chosen ?? {})) {
    if (![...column].some(([one, at]) => one === field && at === index))
      errors.push({
        path: `column ${index + 1}`,
        message: 'The file has no such column, or it is chosen twice.',
      });
  }
  for (const field of REQUIRED_FIELDS) {
    if (!column.has(field)) {
      const name = COLUMN_NAMES.get(field) ?? field;
      errors.push({ path: name, message: `The column “${name}” is missing. Add it.` });
    }
  }
  if (errors.length > 0)
    throw refused(
      'COLUMNS_NOT_KNOWN',
      'The first line has to name the columns as the template does.',
      errors.slice(0, MAX_LEFT_OUT),
    );
  return { column, leftOut };
}

/** Without these nobody can be imported. */
export const REQUIRED_FIELDS = ['firstName', 'lastName'] as const;
/** Titles and empty lines that an export may have above its header. */
const MAX_TITLE_LINES = 10;

const namesBoth = ({ cells }: CsvRecord): boolean => {
  const fields = new Set(cells.map((cell) => FIELDS.get(plain(cell))));
  return REQUIRED_FIELDS.every((name) => fields.has(name));
};

/** Where the header is: the first line that names both names, among the first ones; else the first. */
const headerIndex = (records: readonly CsvRecord[]): number =>
  Math.max(0, records.slice(0, MAX_TITLE_LINES).findIndex(namesBoth));

/** The separator under which one of the first lines is a header; without one, the most usual of the first line. */
function separatorOf(text: string): Separator {
  const usual = detectSeparator(text);
  const makesHeader = (separator: Separator): boolean => {
    try {
      let line = 0;
      for (const record of readCsv(text, separator, MAX_COLUMNS)) {
        if (namesBoth(record)) return true;
        line += 1;
        if (line >= MAX_TITLE_LINES) return false;
      }
    } catch (error) {
      if (!(error instanceof CsvFaultError)) throw error;
    }
    return false;
  };
  return [usual, ...SEPARATORS].find(makesHeader) ?? usual;
}

/**
 * A text as rows below a header, whatever the header says.
 * @throws DomainError invalid for a file that cannot be divided into cells, has no rows or too many
 */
export function divideText(text: string, separator: Separator, headerLine?: number): DividedFile {
  let records: CsvRecord[];
  try {
    records = [...readCsv(text, separator, MAX_COLUMNS)];
  } catch (error) {
    if (!(error instanceof CsvFaultError)) throw error;
    throw refused(
      'CSV_UNREADABLE',
      `The quotes in line ${error.line} do not match. Correct them and send it again.`,
    );
  }
  const from =
    headerLine === undefined ? headerIndex(records) : records.findIndex(({ line }) => line === headerLine);
  const [header, ...rows] = from === -1 ? [] : records.slice(from);
  if (header === undefined || rows.length === 0)
    throw refused('FILE_EMPTY', 'The file has no competitors in it. The first line must name the columns.');
  if (rows.length > MAX_ROWS)
    throw refused(
      'TOO_MANY_ROWS',
      `The file holds more than ${MAX_ROWS} competitors. Split it into several files.`,
    );
  return { header: header.cells, headerLine: header.line, rows };
}

/**
 * A text as rows under a known header.
 * @throws DomainError invalid, also when the header is not known
 */
export function readImportTable(
  text: string,
  separator: Separator,
  { headerLine, columns }: Pick<Reading, 'headerLine' | 'columns'> = {},
): ImportTable {
  const divided = divideText(text, separator, headerLine);
  return { ...divided, ...columnsOf(divided.header, columns) };
}

export const fileTooLarge = (): DomainError =>
  new DomainError('too_large', 'TOO_LARGE', 'The file is too large. Send at most 5 MB.');

/** Excel's own first line, which names the separator. */
const SEPARATOR_LINE = /^"?sep=([,;\t])"?\r?\n/i;

const count = (text: string, what: RegExp): number => text.match(what)?.length ?? 0;

/**
 * The text of an uploaded file, in the encoding and with the separator that are told or found.
 * @throws DomainError too_large and invalid
 */
export function readText(
  bytes: Uint8Array,
  told: Pick<Reading, 'encoding' | 'separator'> = {},
): Pick<ImportFile, 'text' | 'encoding' | 'separator'> {
  if (bytes.byteLength > MAX_FILE_BYTES) throw fileTooLarge();
  const { text: whole, encoding } = decodeText(bytes, told.encoding);
  const damaged = count(whole, /\uFFFD/g);
  if (damaged > 0 && damaged * 2 >= count(whole, /[^\0-\x7F]/g)) {
    throw refused(
      'ENCODING_LOST',
      'Some characters were lost on the way. Save the file as UTF-8, or send it as application/octet-stream.',
    );
  }
  const [line, said] = SEPARATOR_LINE.exec(whole) ?? [];
  // An empty line in its place, so that lines are counted as in the file.
  const text = line === undefined ? whole : `\n${whole.slice(line.length)}`;
  const separator = told.separator ?? SEPARATORS.find((one) => one === said) ?? separatorOf(text);
  return { text, encoding, separator };
}

/**
 * An uploaded file: its encoding and separator are found unless told, its header is checked.
 * @throws DomainError too_large and invalid
 */
export function readImportFile(bytes: Uint8Array, reading: Reading = {}): ImportFile {
  const read = readText(bytes, reading);
  return { ...read, ...readImportTable(read.text, read.separator, reading) };
}

const COLUMN = /^(\w{1,40}):(\d{1,4})$/;

/** `firstName:0,lastName:2`; undefined for anything else, or a field named twice. */
export function parseColumns(text: string): ColumnChoice | undefined {
  const columns: Partial<Record<ColumnField, number>> = {};
  for (const part of text.split(',')) {
    const [, name, index] = COLUMN.exec(part) ?? [];
    const field = COLUMN_FIELDS.find((one) => one === name);
    if (field === undefined || columns[field] !== undefined) return undefined;
    columns[field] = Number(index);
  }
  return columns;
}

export const writeColumns = (columns: ColumnChoice): string =>
  Object.entries(columns)
    .map(([field, index]) => `${field}:${index}`)
    .join(',');
