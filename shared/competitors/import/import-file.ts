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
  TOLD_COLUMN_NAMES,
  type ImportField,
} from '../competitor-csv.ts';

export const MAX_FILE_BYTES = 5 * 1024 * 1024;
export const MAX_ROWS = 10_000;

/** Rows under a known header. */
export interface ImportTable {
  readonly header: readonly string[];
  readonly rows: readonly CsvRecord[];
  /** Which column of the file holds what. */
  readonly column: ReadonlyMap<ImportField | 'id', number>;
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

const FIELDS: ReadonlyMap<string, ImportField | 'id'> = new Map([
  [plain(ID_COLUMN), 'id' as const],
  ...IMPORT_COLUMNS.flatMap(({ column, field }) =>
    [column, ...(OTHER_NAMES[field] ?? [])].map((name) => [plain(name), field] as const),
  ),
]);
/** What an export and the file of refused rows tell beside what can be changed. */
const PASSED_OVER = new Set([...TOLD_COLUMN_NAMES, 'line', 'reason'].map(plain));
// Somebody who changed it in the file has to see that it is not applied.
PASSED_OVER.delete('team');

const refused = (
  code: string,
  detail: string,
  errors: { path: string; message: string }[] = [],
): DomainError => new DomainError('invalid', code, detail, { errors });

type Columns = Pick<ImportTable, 'header' | 'column' | 'leftOut'>;

const MAX_LEFT_OUT = 50;
/** More columns than any export has; what is beyond is not looked at. */
const MAX_COLUMNS = 1_000;

/** The columns that a first line names; what an import does not know is left out and told. */
function columnsOf(header: readonly string[]): Columns {
  if (header.length > MAX_COLUMNS)
    throw refused(
      'COLUMNS_NOT_KNOWN',
      `The first line names more than ${MAX_COLUMNS} columns. Leave out some.`,
    );
  const column = new Map<ImportField | 'id', number>();
  const leftOut: string[] = [];
  const errors: { path: string; message: string }[] = [];
  for (const [index, cell] of header.entries()) {
    const name = plain(cell);
    const field = FIELDS.get(name);
    if (field === undefined) {
      if (name !== '' && !PASSED_OVER.has(name) && leftOut.length < MAX_LEFT_OUT)
        leftOut.push(tidyText(cell.slice(0, LONGEST_NAME)));
    } else if (column.has(field))
      errors.push({
        path: `column ${index + 1}`,
        message: 'Two columns mean the same. Leave one out, or give one another name.',
      });
    else column.set(field, index);
  }
  for (const field of NAMES) {
    if (!column.has(field)) {
      const name = IMPORT_COLUMNS.find((one) => one.field === field)?.column ?? field;
      errors.push({ path: name, message: `The column “${name}” is missing. Add it.` });
    }
  }
  if (errors.length > 0)
    throw refused(
      'COLUMNS_NOT_KNOWN',
      'The first line has to name the columns as the template does.',
      errors.slice(0, MAX_LEFT_OUT),
    );
  return { header, column, leftOut };
}

const NAMES = ['firstName', 'lastName'] as const;
/** Titles and empty lines that an export may have above its header. */
const MAX_TITLE_LINES = 10;

const namesBoth = ({ cells }: CsvRecord): boolean => {
  const fields = new Set(cells.slice(0, MAX_COLUMNS).map((cell) => FIELDS.get(plain(cell))));
  return NAMES.every((name) => fields.has(name));
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
      for (const record of readCsv(text, separator)) {
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
 * A text as rows under a known header.
 * @throws DomainError invalid for a file that cannot be divided into cells, has no known header, no rows or too many
 */
export function readImportTable(text: string, separator: Separator): ImportTable {
  let records: CsvRecord[];
  try {
    records = [...readCsv(text, separator)];
  } catch (error) {
    if (!(error instanceof CsvFaultError)) throw error;
    throw refused(
      'CSV_UNREADABLE',
      `The quotes in line ${error.line} do not match. Correct them and send it again.`,
    );
  }
  const [header, ...rows] = records.slice(headerIndex(records));
  if (header === undefined || rows.length === 0)
    throw refused('FILE_EMPTY', 'The file holds no competitors. The first line names the columns.');
  const columns = columnsOf(header.cells);
  if (rows.length > MAX_ROWS)
    throw refused('TOO_MANY_ROWS', `The file holds more than ${MAX_ROWS} competitors. Divide it.`);
  return { rows, ...columns };
}

/** Excel's own first line, which names the separator. */
const SEPARATOR_LINE = /^"?sep=([,;\t])"?\r?\n/i;

const count = (text: string, what: RegExp): number => text.match(what)?.length ?? 0;

/**
 * An uploaded file: its encoding and separator are found, its header checked.
 * @throws DomainError too_large and invalid
 */
export function readImportFile(bytes: Uint8Array): ImportFile {
  if (bytes.byteLength > MAX_FILE_BYTES)
    throw new DomainError('too_large', 'TOO_LARGE', 'The file is too large. Send at most 5 MB.');
  const { text: whole, encoding } = decodeText(bytes);
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
  const separator = SEPARATORS.find((one) => one === said) ?? separatorOf(text);
  return { text, encoding, separator, ...readImportTable(text, separator) };
}
