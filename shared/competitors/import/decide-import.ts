import { createHash } from 'node:crypto';
import type { CsvRecord } from '#shared/kernel/csv/read-csv.ts';
import { withoutGuard } from '#shared/kernel/csv/write-csv.ts';
import type { ColumnField, ImportField } from '../competitor-csv.ts';
import { changedFields, dateErrors } from '../competitor-input.ts';
import { profileOf } from '../create-competitor.ts';
import { missingFor } from '../competitor-status.ts';
import type { Competitor } from '../competitor.ts';
import {
  competitorCreateSchema,
  competitorPatchSchema,
  type CompetitorCreate,
  type CompetitorPatch,
} from '../contract.ts';
import { nameKey, sameName } from '../who-is-who.ts';
import type { ImportTable } from './import-file.ts';
import { createTeamChoice, NO_TEAMS, type ImportTeams } from './import-teams.ts';

/** What an import would do with one row. */
export type ImportDecision = {
  /** From 1, in the order of the file; the header is no row. */
  readonly row: number;
  /** Line of the file. */
  readonly line: number;
} & (
  | {
      readonly outcome: 'new';
      readonly input: CompetitorCreate;
      readonly teamId: string | null;
      /** Fields that stand between them and the Game Platform. */
      readonly missing: readonly string[];
    }
  | {
      readonly outcome: 'changed';
      readonly competitorId: string;
      readonly patch: CompetitorPatch;
      /** Another team than they are on. */
      readonly teamId: string | null;
      readonly fields: readonly string[];
    }
  | { readonly outcome: 'unchanged'; readonly competitorId: string }
  /** `message` is for a person: it names fields and lines, never what the row says. */
  | { readonly outcome: 'refused'; readonly message: string; readonly competitorId?: string }
);

type Cells = Partial<Record<ColumnField, string>>;

/** No cell of an import is longer when it is right; of a longer one the schema sees enough to refuse it. */
const LONGEST_CELL = 2_000;

const MORE_CELLS =
  'The row has more cells than the first line has columns. Put text that holds the separator in quotes.';
const DAMAGED = 'A character of this cell is damaged. Type it again, and save the file as UTF-8.';

/** What a row has in the columns that are known; empty cells are left out. */
function cellsOf(cells: readonly string[], column: ImportTable['column']): Cells {
  const given: Cells = {};
  for (const [field, position] of column) {
    const text = withoutGuard((cells[position] ?? '').slice(0, LONGEST_CELL)).trim();
    if (text !== '') given[field] = text;
  }
  return given;
}

const YES = new Set(['yes', 'y', 'true', '1', 'x', 'adult']);
const NO = new Set(['no', 'n', 'false', '0', 'minor']);
/** `9`, `9th`, `Grade 9`, `9th grade`, `09`. */
const GRADE = /^(?:grade|gr\.?)?\s*(\d{1,2})(?:st|nd|rd|th)?(?:\s*grade)?$/i;
/** As spreadsheets in the United States write a day. */
const US_DATE = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/;

/** A cell as the type that the API takes; what is not understood is passed on, so that the schema says what to do. */
function valueOf(field: ImportField, text: string): unknown {
  const word = text.toLowerCase();
  switch (field) {
    case 'adult':
      return YES.has(word) ? true : NO.has(word) ? false : text;
    case 'grade':
      return Number(GRADE.exec(text)?.[1] ?? Number.NaN) || text;
    case 'division':
      return word.replaceAll(/[\s-]+/g, '_');
    case 'participationAgreementDate':
    case 'mediaReleaseDate': {
      const [, month = '', day = '', year = ''] = US_DATE.exec(text) ?? [];
      return year === '' ? text : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
    }
    default:
      return text;
  }
}

const columnOf = (field: PropertyKey): string =>
  String(field).replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const sentences = (
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): string => issues.map(({ path, message }) => `${columnOf(path[0] ?? 'row')}: ${message}`).join(' ');

/** Whom a coach has, by what a row may name them with. */
interface Known {
  readonly byId: ReadonlyMap<string, Competitor>;
  readonly byEmail: ReadonlyMap<string, readonly Competitor[]>;
  readonly byName: ReadonlyMap<string, readonly Competitor[]>;
}

type Match =
  | { readonly kind: 'none' }
  | { readonly kind: 'one'; readonly competitor: Competitor }
  /** Somebody has the name, and nothing says that it is the same person. */
  | { readonly kind: 'namesake'; readonly competitor: Competitor }
  | { readonly kind: 'refused'; readonly message: string; readonly competitorId: string | undefined };

const refuse = (message: string, competitorId?: string): Match => ({
  kind: 'refused',
  message,
  competitorId,
});

/**
 * Whom a row is about: the one with its id, or the one with its email address and its name. A name or an address alone
 * never makes two people one: siblings share an address, namesakes a name.
 */
function match(known: Known, id: string | undefined, input: CompetitorCreate): Match {
  const email = input.email ?? null;
  const sameEmail = email === null ? [] : (known.byEmail.get(email) ?? []);
  if (id !== undefined) {
    const competitor = known.byId.get(id);
    if (competitor === undefined)
      return refuse('id: None of this coach’s competitors has this id. Leave it empty to add someone new.');
    const other = sameEmail.find((one) => one.id !== id && one.email !== competitor.email);
    return other === undefined ? { kind: 'one', competitor } : refuse(EMAIL_OF_ANOTHER, other.id);
  }
  const [competitor, ...others] = sameEmail.filter((one) => sameName(one, input));
  if (others.length > 0)
    return refuse('Several competitors fit this row. Put the id of the one you mean in the “id” column.');
  if (competitor !== undefined) return { kind: 'one', competitor };
  const [owner] = sameEmail;
  if (owner !== undefined) return refuse(EMAIL_OF_ANOTHER, owner.id);
  const namesakes = (known.byName.get(nameKey(input)) ?? []).filter(
    (one) => email === null || one.email === null,
  );
  const [namesake] = namesakes;
  if (namesake === undefined) return { kind: 'none' };
  return namesakes.length === 1
    ? { kind: 'namesake', competitor: namesake }
    : refuse('Several competitors have this name. Put the id of the one you mean in the “id” column.');
}

const EMAIL_OF_ANOTHER =
  'email: This address belongs to someone else. Give each competitor their own address. To change the one ' +
  'who has it, put their id in the “id” column.';
const NAMESAKE =
  'Someone with this name is already on your list, and a name alone does not tell us whether it is the same person. To change ' +
  'them, add their id in the “id” column or their email address. To add another person, enter them by hand.';

const DEACTIVATED = 'team: This competitor is deactivated. Activate them first, then put them on a team.';

/** Of all rows of one name these two say whether a further one is in doubt, however many there are. */
interface Namesakes {
  /** Line of the first one. */
  readonly first: number;
  /** Line of the first one that has no email address. */
  readonly withoutEmail: number | undefined;
}

const samePerson = (line: number): string => `Line ${line} is about the same person. Keep one of the two.`;

/** The rows so far, by what a second one about the same person would share with them. */
function createSeen() {
  const byTarget = new Map<string, number>();
  const byEmail = new Map<string, { readonly line: number; readonly name: string }>();
  const byName = new Map<string, Namesakes>();
  return {
    /** Why this row cannot stand beside the earlier ones; undefined: it can, and is remembered. */
    refusal(input: CompetitorCreate, target: string | undefined, line: number): string | undefined {
      const email = input.email ?? null;
      const name = nameKey(input);
      const ofTarget = target === undefined ? undefined : byTarget.get(target);
      if (ofTarget !== undefined) return samePerson(ofTarget);
      const ofEmail = email === null ? undefined : byEmail.get(email);
      if (ofEmail !== undefined) {
        return ofEmail.name === name
          ? samePerson(ofEmail.line)
          : `email: Line ${ofEmail.line} has this address and another name. Give each an address of their own.`;
      }
      const namesakes = byName.get(name);
      const doubtful = email === null ? namesakes?.first : namesakes?.withoutEmail;
      if (doubtful !== undefined && target === undefined) return samePerson(doubtful);
      if (target !== undefined) byTarget.set(target, line);
      if (email !== null) byEmail.set(email, { line, name });
      byName.set(name, {
        first: namesakes?.first ?? line,
        withoutEmail: namesakes?.withoutEmail ?? (email === null ? line : undefined),
      });
      return undefined;
    },
  };
}

export interface DecideImportOptions {
  readonly teams?: ImportTeams;
  /** First day on which a release that is entered may be signed; those on record may be older. */
  readonly seasonStart?: string | null;
  /** Decides these only, as if the others said nothing. */
  readonly lines?: ReadonlySet<number> | undefined;
}

/**
 * What each row comes to, against a coach's competitors as they are now. Pure, and the same for the same input: an
 * apply decides again and compares. Empty cells leave what is there.
 *
 * @param today `YYYY-MM-DD` in the program's time zone
 */
export function decideImport(
  table: ImportTable,
  competitors: readonly Competitor[],
  today: string,
  { teams = NO_TEAMS, seasonStart = null, lines }: DecideImportOptions = {},
): ImportDecision[] {
  const { rows, column, header } = table;
  const teamOf = createTeamChoice(table, teams);
  const known: Known = {
    byId: new Map(competitors.map((one) => [one.id, one])),
    byEmail: Map.groupBy(
      competitors.filter((one) => one.email !== null),
      (one) => one.email ?? '',
    ),
    byName: Map.groupBy(competitors, nameKey),
  };
  const seen = createSeen();

  const decide = ({ line, cells }: CsvRecord, index: number): ImportDecision => {
    const at = { row: index + 1, line };
    const refused = (message: string, competitorId?: string): ImportDecision => ({
      ...at,
      outcome: 'refused',
      message,
      ...(competitorId === undefined ? {} : { competitorId }),
    });
    if (cells.slice(header.length).some((cell) => cell.trim() !== '')) return refused(MORE_CELLS);
    const { id, ...fields } = cellsOf(cells, column);
    const damaged = Object.entries(fields).find(([, text]) => text.includes('\uFFFD'));
    if (damaged !== undefined) return refused(`${columnOf(damaged[0])}: ${DAMAGED}`);
    const values = Object.fromEntries(
      [...column.keys()].flatMap((field) => {
        if (field === 'id' || field === 'team') return [];
        const text = fields[field];
        return text === undefined ? [] : [[field, valueOf(field, text)] as const];
      }),
    );
    const parsed = competitorCreateSchema.safeParse(values);
    if (!parsed.success) {
      const missing = ['firstName', 'lastName'].filter((field) => !(field in values));
      const rest = parsed.error.issues.filter(({ path }) => !missing.includes(String(path[0])));
      const empty = missing.map((field) => ({ path: [field], message: 'This cell is empty. Fill it.' }));
      return refused(sentences([...empty, ...rest]));
    }
    const input = parsed.data;
    const refusedDates = (...given: Parameters<typeof dateErrors>): ImportDecision | undefined => {
      const dates = dateErrors(...given);
      return dates.length === 0
        ? undefined
        : refused(sentences(dates.map(({ path, message }) => ({ path: [path], message }))));
    };
    const impossible = refusedDates(input, today);
    if (impossible !== undefined) return impossible;
    const found = match(known, id, input);
    if (found.kind === 'refused') return refused(found.message, found.competitorId);
    const target = found.kind === 'none' ? undefined : found.competitor;
    const earlier = seen.refusal(input, target?.id, line);
    if (earlier !== undefined) return refused(earlier, target?.id);
    const wanted = teamOf(cells, target?.teamId ?? null);
    if (wanted.kind === 'refused') return refused(wanted.message, target?.id);
    const wantedTeam = wanted.kind === 'team' ? wanted.id : null;
    if (target === undefined) {
      const early = refusedDates(input, today, seasonStart);
      if (early !== undefined) return early;
      const missing = missingFor({ ...profileOf(input), gamePlatformId: null }).map(({ field }) => field);
      return { ...at, outcome: 'new', input, teamId: wantedTeam, missing };
    }
    const patch = competitorPatchSchema.parse(values);
    const changed = changedFields(target, patch);
    const teamId = wantedTeam === target.teamId ? null : wantedTeam;
    if (teamId !== null && !target.active) return refused(DEACTIVATED, target.id);
    if (changed.length === 0 && teamId === null)
      return { ...at, outcome: 'unchanged', competitorId: target.id };
    if (found.kind === 'namesake') return refused(NAMESAKE, target.id);
    const only: CompetitorPatch = Object.fromEntries(changed.map((field) => [field, patch[field]]));
    const early = refusedDates(only, today, seasonStart);
    if (early !== undefined) return early;
    return {
      ...at,
      outcome: 'changed',
      competitorId: target.id,
      patch: competitorPatchSchema.parse(only),
      teamId,
      fields: [...changed, ...(teamId === null ? [] : ['team'])].toSorted((a, b) => a.localeCompare(b)),
    };
  };
  return rows.flatMap((record, index) =>
    lines === undefined || lines.has(record.line) ? [decide(record, index)] : [],
  );
}

/** A fingerprint of what an import would do, what it would overwrite included: the same as long as nothing changed. */
export function decisionDigest(
  decisions: readonly ImportDecision[],
  competitors: readonly Competitor[],
): string {
  const byId = new Map(competitors.map((one) => [one.id, one]));
  const hash = createHash('sha256');
  for (const decision of decisions) {
    const before =
      decision.outcome === 'changed'
        ? [...Object.keys(decision.patch), ...(decision.teamId === null ? [] : ['teamId'])]
            .toSorted((a, b) => a.localeCompare(b))
            .map((field) =>
              Object.entries(byId.get(decision.competitorId) ?? {}).find(([name]) => name === field),
            )
        : [];
    hash.update(JSON.stringify([decision, before]));
  }
  return hash.digest('hex');
}
