import { csvFile, type CsvLine, type CsvValue } from '#shared/kernel/csv/write-csv.ts';
import { columnInZone, divisionName, spreadsheetTime } from '#shared/kernel/format.ts';
import { capitalized } from '#shared/kernel/text.ts';
import type { Competitor } from './competitor.ts';
import type { CompetitorRow } from './contract.ts';
import { accountStatusName, STATUS_NAMES } from './state-names.ts';

/** What a file may say of a competitor, in the order of the template: column, field, and an example. */
export const IMPORT_COLUMNS = [
  { column: 'first_name', field: 'firstName', example: 'Mira' },
  { column: 'last_name', field: 'lastName', example: 'Okafor' },
  { column: 'email', field: 'email', example: 'mira.okafor@example.org' },
  { column: 'adult', field: 'adult', example: 'no' },
  { column: 'school_email', field: 'schoolEmail', example: '' },
  { column: 'guardian_name', field: 'guardianName', example: 'Ada Okafor' },
  { column: 'guardian_email', field: 'guardianEmail', example: 'ada.okafor@example.org' },
  { column: 'grade', field: 'grade', example: '9' },
  { column: 'division', field: 'division', example: 'high_school' },
  { column: 'participation_agreement_date', field: 'participationAgreementDate', example: '' },
  { column: 'media_release_date', field: 'mediaReleaseDate', example: '2026-09-02' },
] as const satisfies readonly {
  readonly column: string;
  readonly field: keyof Competitor;
  readonly example: string;
}[];
export type ImportField = (typeof IMPORT_COLUMNS)[number]['field'];
/** Names the team that somebody is to be on, or is on. */
export const TEAM_COLUMN = 'team';
/** What a column of a file may hold. */
export type ColumnField = ImportField | 'id' | 'team';

/** What other systems call these columns in their exports: OneRoster, PowerSchool, Clever, Google Classroom. */
export const OTHER_NAMES: Readonly<Partial<Record<ColumnField, readonly string[]>>> = {
  firstName: ['given name', 'first', 'student first name'],
  lastName: ['family name', 'last', 'surname', 'student last name'],
  email: ['email address', 'student email', 'student email address'],
  guardianName: ['parent name', 'contact name'],
  guardianEmail: ['parent email', 'parent email address', 'guardian email address', 'contact email'],
  grade: ['grades', 'grade level', 'student grade'],
  team: ['team name', 'club'],
};

/** Names our own id for somebody, so that an exported file can be edited and imported again. */
export const ID_COLUMN = 'id';

/** `First name` of `first_name`; an import takes both for the same column. */
const titleOf = (column: string): string => capitalized(column.replaceAll('_', ' '));

const missingTitle = (field: string): string => {
  const known = IMPORT_COLUMNS.find((one) => one.field === field);
  return known === undefined ? field : titleOf(known.column);
};

type Cell = (row: CompetitorRow) => CsvValue;

/** What an export tells beside that; an import passes over these, but for the team. */
const TOLD_COLUMNS = [
  ['Active', ({ active }) => active],
  ['Status', ({ status }) => STATUS_NAMES[status]],
  ['On hold', ({ onHold }) => onHold !== null],
  ['Missing', ({ missing }) => missing.map(({ field }) => missingTitle(field)).join(', ')],
  [titleOf(TEAM_COLUMN), ({ team }) => team?.name ?? null],
  ['Platform username', ({ gamePlatform }) => gamePlatform.username],
  [
    'Account status',
    ({ gamePlatform: { id, accountStatus } }) => (id === null ? null : accountStatusName(accountStatus)),
  ],
  ['Challenges solved', ({ challengesSolved }) => challengesSolved],
] as const satisfies readonly (readonly [string, Cell])[];
/** Likewise, times of the program's zone, which their heads name. */
const TOLD_TIMES = [
  ['Last sign-in', ({ gamePlatform }) => gamePlatform.lastLoginAt],
  ['Last solve', ({ lastSolveAt }) => lastSolveAt],
  ['Scores as of', ({ lastReadAt }) => lastReadAt],
] as const satisfies readonly (readonly [string, (row: CompetitorRow) => string | null])[];
const AS_OF = 'As of';
export const TOLD_COLUMN_NAMES: readonly string[] = [...TOLD_COLUMNS, ...TOLD_TIMES, [AS_OF] as const].map(
  ([name]) => name,
);

const yesNo = (value: CsvValue): CsvValue => {
  if (typeof value !== 'boolean') return value;
  return value ? 'yes' : 'no';
};

const fieldCell = (competitor: Competitor, field: ImportField): CsvValue =>
  field === 'division' && competitor.division !== null
    ? divisionName(competitor.division)
    : yesNo(competitor[field]);

export interface RosterPerson {
  readonly competitor: Competitor;
  readonly row: CompetitorRow;
}

/** The names of the columns of {@link rosterLine}. */
export const rosterHeader = (timeZone: string): readonly string[] => [
  ID_COLUMN,
  ...IMPORT_COLUMNS.map(({ column }) => titleOf(column)),
  ...TOLD_COLUMNS.map(([name]) => name),
  ...[...TOLD_TIMES.map(([name]) => name), AS_OF].map((name) => columnInZone(name, timeZone)),
];

/**
 * A competitor in a file that a spreadsheet shows and runs nothing of, and that the import takes back. As of when it is
 * stands in a column: a line above or below would be sorted among the people, and come back as one of them.
 */
export function rosterLine({ competitor, row }: RosterPerson, asOf: string, timeZone: string): CsvLine {
  const time = (iso: string | null): CsvValue => (iso === null ? null : spreadsheetTime(iso, timeZone));
  return [
    competitor.id,
    ...IMPORT_COLUMNS.map(({ field }) => fieldCell(competitor, field)),
    ...TOLD_COLUMNS.map(([, tell]) => yesNo(tell(row))),
    ...TOLD_TIMES.map(([, tell]) => time(tell(row))),
    time(asOf),
  ];
}

/** `GET /api/competitors/import/template.csv`: the columns, and one invented person to write over. */
export const importTemplate = (): string =>
  csvFile(
    [...IMPORT_COLUMNS.map(({ column }) => column), TEAM_COLUMN],
    [[...IMPORT_COLUMNS.map(({ example }) => example), '']],
  );
