import { readImportFile } from '#shared/competitors/import/import-file.ts';
import { detectEncoding } from '#shared/kernel/csv/decode-text.ts';
import { csvFile } from '#shared/kernel/csv/write-csv.ts';
import type { JobView } from '#shared/jobs/contract.ts';
import { counted } from '#web/shared/format/text.ts';
import type { Tone } from '#web/shared/ui/badge.tsx';

/** The words of an import, and what the site itself reads of the file; pure. */

/** A file that is being, or was, checked. */
export interface ChosenFile {
  readonly name: string;
  /** Of the dry run. */
  readonly jobId: string;
  readonly names: ReadonlyMap<number, string>;
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
export const refusedCsv = (
  rows: readonly { readonly line: number | null; readonly message: string | null }[],
): string =>
  csvFile(
    ['line', 'reason'],
    rows.map(({ line, message }) => [line, message]),
  );

/**
 * Names by line of the file, for people to recognize the rows: the server's rows carry none. Empty when the file
 * cannot be read here; the server then says what is wrong with it.
 */
export function namesByLine(bytes: Uint8Array): ReadonlyMap<number, string> {
  try {
    const { rows, column } = readImportFile(bytes);
    const cell = (cells: readonly string[], field: 'firstName' | 'lastName') =>
      cells[column.get(field) ?? -1]?.trim() ?? '';
    return new Map(
      rows.map(({ line, cells }) => [line, `${cell(cells, 'firstName')} ${cell(cells, 'lastName')}`.trim()]),
    );
  } catch {
    return new Map();
  }
}

/** Only UTF-8 survives as text on its way to the server; other encodings are sent as plain bytes. */
export const typeOf = (bytes: Uint8Array): string =>
  detectEncoding(bytes) === 'utf-8' ? 'text/csv' : 'application/octet-stream';
