import * as z from 'zod';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { isCounted } from '#shared/competitors/consent.ts';
import { mapAtOnce } from '#shared/kernel/at-once.ts';
import type { CsvCursor, CsvSource, CsvStep, Scratch } from '#shared/kernel/csv/csv-source.ts';
import type { CsvLine, CsvValue } from '#shared/kernel/csv/write-csv.ts';
import { columnInZone, divisionName, spreadsheetTime } from '#shared/kernel/format.ts';
import { lazy } from '#shared/kernel/lazy.ts';
import { isStanding, type Solve } from '#shared/score-sync/score-records.ts';
import type { ExportName } from './contract.ts';
import { solvePositionSchema, type DashboardRepository } from './dashboard-repository.ts';
import { narrowToDivision, NO_FACTS, type CoachFacts } from './facts.ts';
import { freshnessOf } from './freshness.ts';
import { ranked, standingSchema, standingsOf, type Ranked } from './leaderboard.ts';
import { isRegistered } from './metrics.ts';
import {
  COACHES_AT_ONCE,
  factsRangeOf,
  instantsAround,
  type DashboardDependencies,
  type DashboardRequest,
} from './read-dashboard.ts';

export interface ExportDependencies extends Pick<
  DashboardDependencies,
  | 'coachById'
  | 'allCoaches'
  | 'factsOfCoach'
  | 'freshnessFactsOfCoach'
  | 'slaHours'
  | 'now'
  | 'timeZone'
  | 'dayOf'
> {
  readonly solvesOfCoach: DashboardRepository['solvesOfCoach'];
}

/** Rows of one step. */
const ROWS_AT_ONCE = 1_000;

interface SheetContext {
  readonly request: DashboardRequest;
  /** A time of the program's zone that spreadsheets take for one. */
  readonly time: (iso: string | null) => CsvValue;
  /** The head of a column of such times. */
  readonly timeColumn: (name: string) => string;
  readonly dayOf: DashboardDependencies['dayOf'];
}

/** The columns that say who somebody is. */
const WHO = ['Competitor', 'Team', 'Grade', 'Division'] as const;

function whoIn({ teams }: CoachFacts): (competitor: Competitor) => CsvValue[] {
  const names = new Map(teams.map((team) => [team.id, team.name]));
  return ({ firstName, lastName, teamId, grade, division }) => [
    `${firstName} ${lastName}`,
    teamId === null ? null : (names.get(teamId) ?? null),
    grade,
    division === null ? null : divisionName(division),
  ];
}

const HEADERS: Readonly<Record<ExportName, (timeColumn: SheetContext['timeColumn']) => CsvLine>> = {
  leaderboard: (timeColumn) => [
    'Rank',
    ...WHO,
    'ODL solved',
    'CTF solved',
    'Solved in all',
    'Points',
    timeColumn('Last solve'),
    timeColumn('Scores as of'),
    'Scores late',
  ],
  solves: (timeColumn) => [
    timeColumn('Solved'),
    ...WHO,
    'Kind',
    'Flash CTF',
    'Challenge',
    'Category',
    'Points',
  ],
  'flash-ctf': (timeColumn) => [
    'Event',
    timeColumn('Began'),
    ...WHO,
    'Solved',
    'Points',
    'Points possible',
    'Rank',
    timeColumn('Result as of'),
  ],
};

const leaderboardLine = ({ rank, row }: Ranked, { time }: SheetContext): CsvLine => [
  rank,
  row.name,
  row.teamName,
  row.grade,
  divisionName(row.division),
  row.odl,
  row.ctf,
  row.done,
  row.points,
  time(row.lastSolveAt),
  time(row.lastReadAt),
  row.late ? 'yes' : 'no',
];

function flashLines(facts: CoachFacts, { request: { period }, time, dayOf }: SheetContext): CsvLine[] {
  const who = whoIn(facts);
  const people = new Map(facts.competitors.filter(isRegistered).map((one) => [one.id, one]));
  return facts.flashResults.flatMap((result) => {
    const competitor = people.get(result.competitorId);
    const day = dayOf(result.startsAt);
    if (competitor === undefined || day < period.from || day > period.to) return [];
    const { eventName, startsAt, solved, points, maxPoints, rank, readAt } = result;
    return [[eventName, time(startsAt), ...who(competitor), solved, points, maxPoints, rank, time(readAt)]];
  });
}

function solveLines(
  facts: CoachFacts,
  solves: readonly Solve[],
  { request: { period }, time }: SheetContext,
): CsvLine[] {
  const who = whoIn(facts);
  const people = new Map(facts.competitors.filter(isCounted).map((one) => [one.id, one]));
  const events = new Map(facts.flashResults.map(({ eventId, eventName }) => [eventId, eventName]));
  return solves.flatMap((solve) => {
    const competitor = people.get(solve.competitorId);
    if (competitor === undefined || !isStanding(solve)) return [];
    if (solve.day < period.from || solve.day > period.to) return [];
    const { source, eventId, title, category, points } = solve;
    const event = source === 'ctf' ? (events.get(eventId) ?? null) : null;
    const kind = source === 'ctf' ? 'CTF' : 'ODL';
    return [[time(solve.solvedAt), ...who(competitor), kind, event, title, category, points]];
  });
}

/**
 * First all coaches are looked at for how old the scores are, which stands above everything, and for who stands where;
 * then come the rows, by rank or coach by coach.
 */
const lookingSchema = z.object({
  at: z.literal('looking'),
  /** The last coach that was looked at. */
  after: z.string(),
  asOf: z.string().nullable(),
  late: z.int(),
  expected: z.int(),
  /** Standings that lie in the scratch. */
  kept: z.array(z.string()),
});
const rankedSchema = z.object({ at: z.literal('ranked'), kept: z.array(z.string()), from: z.int() });
const rowsSchema = z.object({
  at: z.literal('rows'),
  coachId: z.string(),
  /** Solves of this coach that were written. */
  after: solvePositionSchema.nullable(),
});
const cursorSchema = z.discriminatedUnion('at', [lookingSchema, rankedSchema, rowsSchema]);
type Looking = z.infer<typeof lookingSchema>;
type Next = z.infer<typeof cursorSchema> & CsvCursor;

const START: Looking = { at: 'looking', after: '', asOf: null, late: 0, expected: 0, kept: [] };

const earlier = (a: string | null, b: string | null): string | null =>
  a === null || (b !== null && b < a) ? b : a;

/** A list of the dashboard as a file, under its filters; null when there is no such coach. */
export async function createExport(
  dependencies: ExportDependencies,
  name: ExportName,
  request: DashboardRequest,
  scratch: Scratch,
): Promise<CsvSource | null> {
  const { timeZone, dayOf, now } = dependencies;
  const { coachId, division, period } = request;
  if (coachId !== null && (await dependencies.coachById(coachId)) === null) return null;
  const range = factsRangeOf(period, dayOf(now().toISOString()), now());
  const time = (iso: string | null): CsvValue => (iso === null ? null : spreadsheetTime(iso, timeZone));
  const timeColumn = (column: string) => columnInZone(column, timeZone);
  const context: SheetContext = { request, time, timeColumn, dayOf };

  const coachIds = lazy(async () =>
    coachId === null ? (await dependencies.allCoaches()).map(({ id }) => id).toSorted() : [coachId],
  );
  let read: { readonly id: string; readonly facts: Promise<CoachFacts> } | undefined;
  /** Those of the last coach are kept: they are looked at and then written, or written in several steps. */
  const factsOf = (id: string): Promise<CoachFacts> => {
    if (read?.id !== id) {
      const facts = dependencies.factsOfCoach(id, range).then((all) => narrowToDivision(all, division));
      read = { id, facts };
    }
    return read.facts;
  };
  /** Of all coaches only what tells the age of scores, unless more is needed anyway. */
  const presentOf = async (id: string): Promise<CoachFacts> => {
    if (coachId !== null || name === 'leaderboard') return factsOf(id);
    const present = await dependencies.freshnessFactsOfCoach(id, range.solvesSince);
    return narrowToDivision({ ...NO_FACTS, ...present }, division);
  };

  async function look({ after, asOf, late, expected, kept }: Looking): Promise<CsvStep> {
    const left = (await coachIds()).filter((id) => id > after);
    const slaHours = await dependencies.slaHours();
    const looked = await mapAtOnce(left.slice(0, COACHES_AT_ONCE), COACHES_AT_ONCE, async (id) => {
      const facts = await presentOf(id);
      const freshness = freshnessOf({ facts, runs: [], suspension: null, now: now(), slaHours });
      const standings = name === 'leaderboard' ? standingsOf({ facts, period, late: freshness.lateIds }) : [];
      return { freshness, standings };
    });
    const standings = looked.flatMap((one) => one.standings);
    const seen: Looking = {
      at: 'looking',
      after: left[looked.length - 1] ?? after,
      asOf: looked.reduce((oldest, { freshness }) => earlier(oldest, freshness.asOf), asOf),
      late: looked.reduce((sum, { freshness }) => sum + freshness.late, late),
      expected: looked.reduce((sum, { freshness }) => sum + freshness.expected, expected),
      kept: standings.length === 0 ? kept : [...kept, await scratch.keep(standings)],
    };
    return left.length > looked.length ? { lines: [], rows: 0, next: seen } : headOf(seen);
  }

  async function headOf({ asOf, late, expected, kept }: Looking): Promise<CsvStep> {
    const scores = asOf === null ? 'no scores read yet' : spreadsheetTime(asOf, timeZone);
    const missing = late === 0 ? 'everyone read on time' : `${late} of ${expected} read late`;
    // Above the header, where sorting leaves it alone; no import reads these files.
    const about = [timeColumn('As of'), scores, missing, 'Days', `${period.from} to ${period.to}`];
    const lines = [about, HEADERS[name](timeColumn)];
    const [first] = await coachIds();
    const next: Next | null =
      name === 'leaderboard'
        ? { at: 'ranked', kept, from: 0 }
        : first === undefined
          ? null
          : { at: 'rows', coachId: first, after: null };
    return { lines, rows: 0, next };
  }

  let board: { readonly kept: string; readonly rows: readonly Ranked[] } | undefined;
  async function rankedRows({ kept, from }: z.infer<typeof rankedSchema>): Promise<CsvStep> {
    const names = kept.join(' ');
    if (board?.kept !== names) {
      const pieces = await mapAtOnce(kept, COACHES_AT_ONCE, async (piece) =>
        z.array(standingSchema).parse(await scratch.read(piece)),
      );
      board = { kept: names, rows: ranked(pieces.flat()) };
    }
    const to = from + ROWS_AT_ONCE;
    const lines = board.rows.slice(from, to).map((row) => leaderboardLine(row, context));
    const next: Next | null = to < board.rows.length ? { at: 'ranked', kept, from: to } : null;
    return { lines, rows: lines.length, next };
  }

  async function rowsOf({ coachId: wanted, after }: z.infer<typeof rowsSchema>): Promise<CsvStep> {
    const [id, following] = (await coachIds()).filter((one) => one >= wanted);
    if (id === undefined) return { lines: [], rows: 0, next: null };
    const facts = await factsOf(id);
    const page =
      name === 'solves'
        ? await dependencies.solvesOfCoach(id, instantsAround(period.from, period.to), {
            limit: ROWS_AT_ONCE,
            after: id === wanted ? after : null,
          })
        : undefined;
    const lines = page === undefined ? flashLines(facts, context) : solveLines(facts, page.solves, context);
    const last = page?.last ?? null;
    const nextId = last === null ? following : id;
    const next: Next | null = nextId === undefined ? null : { at: 'rows', coachId: nextId, after: last };
    return { lines, rows: lines.length, next };
  }

  return (cursor) => {
    const place = cursor === null ? START : cursorSchema.parse(cursor);
    if (place.at === 'looking') return look(place);
    return place.at === 'ranked' ? rankedRows(place) : rowsOf(place);
  };
}
