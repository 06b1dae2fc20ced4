import { csvFile, type CsvValue } from '#shared/kernel/csv/write-csv.ts';
import type { Competitor } from './competitor.ts';
import type { CompetitorRow } from './contract.ts';

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

/** What an export tells beside that; an import passes over these, but for the team. */
const TOLD_COLUMNS = [
  ['active', (view) => view.active],
  ['status', (view) => view.status],
  ['on_hold', (view) => view.onHold !== null],
  ['missing', (view) => view.missing.map(({ field }) => field).join(' ')],
  [TEAM_COLUMN, (view) => view.team?.name ?? null],
  ['platform_username', (view) => view.gamePlatform.username],
  ['account_status', (view) => view.gamePlatform.accountStatus],
  ['last_login_at', (view) => view.gamePlatform.lastLoginAt],
  ['challenges_solved', (view) => view.challengesSolved],
  ['last_solve_at', (view) => view.lastSolveAt],
  ['scores_as_of', (view) => view.lastReadAt],
] as const satisfies readonly (readonly [string, (view: CompetitorRow) => CsvValue])[];
export const TOLD_COLUMN_NAMES: readonly string[] = TOLD_COLUMNS.map(([name]) => name);

const yesNo = (value: CsvValue): CsvValue => {
  if (typeof value !== 'boolean') return value;
  return value ? 'yes' : 'no';
};

/** Competitors as a file that a spreadsheet shows and runs nothing of, and that the import takes back. */
export const competitorsToCsv = (
  people: readonly { readonly competitor: Competitor; readonly row: CompetitorRow }[],
): string =>
  csvFile(
    [ID_COLUMN, ...IMPORT_COLUMNS.map(({ column }) => column), ...TOLD_COLUMN_NAMES],
    people.map(({ competitor, row }) => [
      competitor.id,
      ...IMPORT_COLUMNS.map(({ field }) => yesNo(competitor[field])),
      ...TOLD_COLUMNS.map(([, tell]) => yesNo(tell(row))),
    ]),
  );

/** `GET /api/competitors/import/template.csv`: the columns, and one invented person to write over. */
export const importTemplate = (): string =>
  csvFile(
    [...IMPORT_COLUMNS.map(({ column }) => column), TEAM_COLUMN],
    [[...IMPORT_COLUMNS.map(({ example }) => example), '']],
  );
