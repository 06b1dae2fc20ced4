import { decodeText, type TextEncoding } from '#shared/kernel/csv/decode-text.ts';
import {
  CsvFaultError,
  detectSeparator,
  readCsv,
  type CsvRecord,
  type Separator,
} from '#shared/kernel/csv/read-csv.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { ID_COLUMN, IMPORT_COLUMNS, TOLD_COLUMN_NAMES, type ImportField } from '../competitor-csv.ts';

export const MAX_FILE_BYTES = 5 * 1024 * 1024;
export const MAX_ROWS = 10_000;

/** Which column of the file holds what; -1 where it has none. */
export interface ImportTable {
  readonly rows: readonly CsvRecord[];
  readonly column: ReadonlyMap<ImportField | 'id', number>;
}

export interface ImportFile extends ImportTable {
  readonly text: string;
  readonly encoding: TextEncoding;
  readonly separator: Separator;
}

/** What is the same in `First Name`, `first_name` and `firstName`. */
const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

const FIELDS: ReadonlyMap<string, ImportField | 'id'> = new Map([
  [plain(ID_COLUMN), 'id' as const],
  ...IMPORT_COLUMNS.map(({ column, field }) => [plain(column), field] as const),
]);
const PASSED_OVER = new Set(TOLD_COLUMN_NAMES.map(plain));

const refused = (
  code: string,
  detail: string,
  errors: { path: string; message: string }[] = [],
): DomainError => new DomainError('invalid', code, detail, { errors });

function columnsOf(header: readonly string[]): Map<ImportField | 'id', number> {
  const column = new Map<ImportField | 'id', number>();
  const errors: { path: string; message: string }[] = [];
  for (const [index, cell] of header.entries()) {
    const name = plain(cell);
    const field = FIELDS.get(name);
    const path = `column ${index + 1}`;
    if (field === undefined) {
      if (name !== '' && !PASSED_OVER.has(name))
        errors.push({
          path,
          message: 'This column is not known. Name it as the template does, or leave it out.',
        });
    } else if (column.has(field))
      errors.push({ path, message: 'Two columns have this name. Leave one out.' });
    else column.set(field, index);
  }
  for (const field of ['firstName', 'lastName'] as const) {
    if (!column.has(field)) {
      const name = IMPORT_COLUMNS.find((one) => one.field === field)?.column ?? field;
      errors.push({ path: name, message: `The column “${name}” is missing. Add it.` });
    }
  }
  if (errors.length > 0)
    throw refused(
      'COLUMNS_NOT_KNOWN',
      'The first line has to name the columns as the template does.',
      errors,
    );
  return column;
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
  const [header, ...rows] = records;
  if (header === undefined || rows.length === 0)
    throw refused('FILE_EMPTY', 'The file holds no competitors. The first line names the columns.');
  const column = columnsOf(header.cells);
  if (rows.length > MAX_ROWS)
    throw refused('TOO_MANY_ROWS', `The file holds more than ${MAX_ROWS} competitors. Divide it.`);
  return { rows, column };
}

/**
 * An uploaded file: its encoding and separator are found, its header checked.
 * @throws DomainError too_large and invalid
 */
export function readImportFile(bytes: Uint8Array): ImportFile {
  if (bytes.byteLength > MAX_FILE_BYTES)
    throw new DomainError('too_large', 'TOO_LARGE', 'The file is too large. Send at most 5 MB.');
  const { text, encoding } = decodeText(bytes);
  if (text.includes('\uFFFD')) {
    throw refused(
      'ENCODING_LOST',
      'Some characters were lost on the way. Save the file as UTF-8, or send it as application/octet-stream.',
    );
  }
  const separator = detectSeparator(text);
  return { text, encoding, separator, ...readImportTable(text, separator) };
}
