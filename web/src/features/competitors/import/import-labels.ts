import { readImportFile, type ImportFile, type Reading } from '#shared/competitors/import/import-file.ts';
import { decodeText } from '#shared/kernel/csv/decode-text.ts';
import { csvFile } from '#shared/kernel/csv/write-csv.ts';
import type { JobView } from '#shared/jobs/contract.ts';
import { counted } from '#shared/kernel/format.ts';
import type { Tone } from '#web/shared/ui/badge.tsx';

/** The words of an import, and what the site itself reads of the file; pure. */

/** What the site reads of a file by itself: the server's rows carry no names. */
export interface ReadFile {
  readonly header: readonly string[];
  readonly names: ReadonlyMap<number, string>;
  readonly cells: ReadonlyMap<number, readonly string[]>;
  /** How it was read, and what is left out. */
  readonly sentences: readonly string[];
  /** The text as UTF-8, whatever the file's encoding: that alone survives as text on its way to the server. */
  readonly sent: Blob;
}

/** A file that is being, or was, checked. */
export interface ChosenFile {
  readonly name: string;
  /** Of the dry run. */
  readonly jobId: string;
  /** Null: it could not be read here. */
  readonly read: ReadFile | null;
}

export const OUTCOMES = ['new', 'changed', 'unchanged', 'refused'] as const;

export const OUTCOME_LABELS: Readonly<Record<string, { readonly tone: Tone; readonly text: string }>> = {
  new: { tone: 'accent', text: 'New' },
  changed: { tone: 'pending', text: 'Changed' },
  unchanged: { tone: 'neutral', text: 'Unchanged' },
  refused: { tone: 'error', text: 'Refused' },
};

export const outcomeCount = (job: Pick<JobView, 'result'>, outcome: string): number =>
  job.result?.[outcome] ?? 0;

interface Row {
  readonly outcome: string;
  readonly message: string | null;
  readonly fields: readonly string[];
}

/** `Guardian email` of `guardianEmail`. */
export function fieldName(field: string): string {
  const words = field
    .replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .replace(/\bemail\b/u, 'email');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `Media release date, Guardian email` of what somebody new lacks. */
export const missingLabel = (fields: readonly string[]): string => {
  const [first = '', ...rest] = fields.map(fieldName);
  return [first, ...rest.map((name) => name.charAt(0).toLowerCase() + name.slice(1))].join(', ');
};

/** What happens to a row, or happened: the site says the same before and after. */
export function rowLabel({ outcome, message, fields }: Row): string {
  if (message !== null) return message;
  switch (outcome) {
    case 'new':
      return 'Added to your competitors';
    case 'changed':
      return `${fields.map(fieldName).join(', ')} ${fields.length === 1 ? 'is' : 'are'} changed`;
    default:
      return 'Nothing to do';
  }
}

/** `Import 9 rows`: those that write something. */
export const importable = (job: Pick<JobView, 'result'>): number =>
  outcomeCount(job, 'new') + outcomeCount(job, 'changed');

export function importedLabel(job: Pick<JobView, 'result'>): string {
  const refused = outcomeCount(job, 'refused');
  const done = `${counted(outcomeCount(job, 'new'), 'competitor')} added, ${outcomeCount(job, 'changed')} changed`;
  return refused === 0 ? `${done}.` : `${done}; ${counted(refused, 'row')} refused.`;
}

/** `line,reason` of the rows that stayed out; the reasons name fields, never what the rows say. */
/** The refused rows with all their cells, to be mended and imported again; line and reason alone without the file. */
export function refusedCsv(
  rows: readonly { readonly line: number | null; readonly message: string | null }[],
  file: Pick<ReadFile, 'header' | 'cells'> | null,
): string {
  return csvFile(
    ['line', 'reason', ...(file?.header ?? [])],
    rows.map(({ line, message }) => [line, message, ...(file?.cells.get(line ?? -1) ?? [])]),
  );
}

export const ENCODING_NAMES: Readonly<Record<ImportFile['encoding'], string>> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16',
  'utf-16be': 'UTF-16, big-endian',
  'windows-1252': 'Windows-1252',
};
const SEPARATORS: Readonly<Record<ImportFile['separator'], string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
};
export const SEPARATOR_LABELS: Readonly<Record<ImportFile['separator'], string>> = {
  ',': 'Comma ,',
  ';': 'Semicolon ;',
  '\t': 'Tab',
};
const NAMED = 8;

/** How the file was read, so that a wrong guess is seen before anything is imported. */
function readingSentences({ encoding, separator, leftOut }: ImportFile): readonly string[] {
  const how = `Read as ${ENCODING_NAMES[encoding]}, divided by ${SEPARATORS[separator]}.`;
  if (leftOut.length === 0) return [how];
  const named = leftOut.slice(0, NAMED).map((name) => `“${name}”`);
  const more = leftOut.length > NAMED ? ` and ${leftOut.length - NAMED} more` : '';
  return [
    how,
    `Left out, since an import does not use ${leftOut.length === 1 ? 'it' : 'them'}: ${named.join(', ')}${more}.`,
  ];
}

/** Null when the file cannot be read here; the server then says what is wrong with it. */
export function readHere(bytes: Uint8Array, reading: Reading = {}): ReadFile | null {
  try {
    const file = readImportFile(bytes, reading);
    const { rows, column, header } = file;
    const cell = (cells: readonly string[], field: 'firstName' | 'lastName') =>
      cells[column.get(field) ?? -1]?.trim() ?? '';
    return {
      header,
      names: new Map(
        rows.map(({ line, cells }) => [
          line,
          `${cell(cells, 'firstName')} ${cell(cells, 'lastName')}`.trim(),
        ]),
      ),
      cells: new Map(rows.map(({ line, cells }) => [line, cells])),
      sentences: readingSentences(file),
      sent: new Blob([decodeText(bytes, reading.encoding).text], { type: 'text/csv' }),
    };
  } catch {
    return null;
  }
}
