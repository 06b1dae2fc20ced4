import { decimal } from '#shared/kernel/format.ts';
import { IMPORT_COLUMNS, type ColumnField } from '#shared/competitors/competitor-csv.ts';
import {
  COLUMN_FIELDS,
  divideText,
  fieldOfColumn,
  MAX_FILE_BYTES,
  readText,
  REQUIRED_FIELDS,
  type ColumnChoice,
  type DividedFile,
  type ImportFile,
  type Reading,
} from '#shared/competitors/import/import-file.ts';
import {
  nearestTeam,
  unknownTeams,
  type KnownTeam,
  type TeamAnswer,
  type TeamAnswers,
  type UnknownTeam,
} from '#shared/competitors/import/import-teams.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { cutText } from '#shared/kernel/text.ts';
import { fieldName } from './import-labels.ts';

/** A file that was chosen, and what its coach said of it; pure. */

export interface Draft {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What was corrected; the rest is found out. */
  readonly told: Pick<Reading, 'encoding' | 'separator' | 'headerLine'>;
  /** Per column of the file; null: as the names of the columns say. */
  readonly columns: readonly (ColumnField | null)[] | null;
  /** By the line that names the team first. */
  readonly teams: Readonly<Record<string, TeamAnswer | 'refuse'>>;
}

export const newDraft = (name: string, bytes: Uint8Array<ArrayBuffer>): Draft => ({
  name,
  bytes,
  told: {},
  columns: null,
  teams: {},
});

export interface DraftFile extends DividedFile, Pick<ImportFile, 'text' | 'encoding' | 'separator'> {
  readonly columns: readonly DraftColumn[];
  /** What has to be put right before the file can be checked. */
  readonly problems: readonly string[];
}

export interface DraftColumn {
  readonly name: string;
  /** The first values of it. */
  readonly example: string;
  readonly field: ColumnField | null;
  readonly how: 'matched' | 'chosen' | 'left out' | 'twice';
}

/** More columns than a person looks through; the others are left out. */
const MOST_SHOWN = 60;
const EXAMPLES = 3;
const LONGEST_EXAMPLE = 60;

function exampleOf({ rows }: DividedFile, index: number): string {
  const values = new Set<string>();
  for (const { cells } of rows.slice(0, 200)) {
    const text = cells[index]?.trim() ?? '';
    if (text !== '') values.add(text);
    if (values.size === EXAMPLES) break;
  }
  const text = [...values].join(', ');
  return text.length > LONGEST_EXAMPLE ? `${cutText(text, LONGEST_EXAMPLE)}…` : text;
}

const byName = (name: string): ColumnField | null => {
  const field = fieldOfColumn(name);
  return field === undefined || field === 'passed over' ? null : field;
};

const megabytes = (bytes: number): string => decimal(bytes / 2 ** 20);

/** The file as it is read with what was said of it; a sentence when it cannot be. */
export function readDraft({ bytes, told, columns: chosen }: Draft): DraftFile | { readonly fault: string } {
  if (bytes.byteLength > MAX_FILE_BYTES)
    return {
      fault: `This file has ${megabytes(bytes.byteLength)} MB, and an import takes at most 5 MB. Split it into several files.`,
    };
  try {
    const read = readText(bytes, told);
    const divided = divideText(read.text, read.separator, told.headerLine);
    const fields = divided.header.map((name, index) =>
      chosen === null ? byName(name) : (chosen[index] ?? null),
    );
    const twice = new Set(fields.filter((field, index) => field !== null && fields.indexOf(field) !== index));
    const columns = divided.header.slice(0, MOST_SHOWN).map((name, index): DraftColumn => {
      const field = fields[index] ?? null;
      const matched = field !== null && byName(name) === field;
      const how = field === null ? 'left out' : twice.has(field) ? 'twice' : matched ? 'matched' : 'chosen';
      return { name: cutText(name.trim(), 100), example: exampleOf(divided, index), field, how };
    });
    const problems = [
      ...[...twice].flatMap((field) =>
        field === null ? [] : [`Two columns are set to ${columnLabel(field)}. Choose one of them.`],
      ),
      ...REQUIRED_FIELDS.filter((field) => !fields.includes(field)).map(
        (field) =>
          `No column is set to ${columnLabel(field)}, and no one can be imported without it. Choose the column.`,
      ),
    ];
    return { ...read, ...divided, columns, problems };
  } catch (error) {
    if (error instanceof DomainError) return { fault: error.message };
    throw error;
  }
}

/** `First name`, `Team`. */
export const columnLabel = (field: ColumnField): string => {
  if (field === 'id') return 'Id from an export';
  return field === 'adult' ? '18 or older' : fieldName(field);
};

export const COLUMN_OPTIONS = [
  { value: '', text: 'Not imported' },
  ...IMPORT_COLUMNS.map(({ field }) => ({ value: field, text: columnLabel(field) })),
  ...(['team', 'id'] as const).map((field) => ({ value: field, text: columnLabel(field) })),
];

export const columnField = (text: string): ColumnField | null =>
  COLUMN_FIELDS.find((field) => field === text) ?? null;

/** Which column holds what; undefined: as the names of the columns say. */
export function chosenColumns({ columns }: Draft): ColumnChoice | undefined {
  if (columns === null) return undefined;
  return Object.fromEntries(columns.flatMap((field, index) => (field === null ? [] : [[field, index]])));
}

/** The names of teams in the file that the coach has no team of. */
export function unknownIn({ columns, rows }: DraftFile, known: readonly KnownTeam[]): readonly UnknownTeam[] {
  const index = columns.findIndex(({ field }) => field === 'team');
  return index === -1 ? [] : unknownTeams({ rows, column: new Map([['team', index]]) }, known);
}

/** More names than a person answers one by one; the others share an answer. */
export const MOST_ASKED = 20;

/** What becomes of a name: as it was answered, else the team that is nearly called so. */
export function answerOf(
  { name, lines: [line = 0] }: UnknownTeam,
  answers: Draft['teams'],
  known: readonly KnownTeam[],
): TeamAnswer | 'refuse' {
  const near = nearestTeam(name, known);
  return answers[line] ?? (near === undefined ? 'refuse' : { answer: 'use', teamId: near.id });
}

/** All answers, the shared one included; names without one are refused. */
export function teamAnswers(
  { teams }: Draft,
  unknown: readonly UnknownTeam[],
  known: readonly KnownTeam[],
): TeamAnswers {
  const each = unknown
    .slice(0, MOST_ASKED)
    .map((one) => [String(one.lines[0]), answerOf(one, teams, known)] as const);
  const others = unknown.length > MOST_ASKED ? [['*', teams['*'] ?? 'refuse'] as const] : [];
  return Object.fromEntries(
    [...each, ...others].flatMap(([line, answer]) => (answer === 'refuse' ? [] : [[line, answer] as const])),
  );
}
