import type { Competitor } from '#shared/competitors/competitor.ts';
import { isCounted } from '#shared/competitors/consent.ts';
import { csvFile, type CsvValue } from '#shared/kernel/csv/write-csv.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { columnInZone, divisionName, spreadsheetTime } from '#shared/kernel/format.ts';
import { isStanding, type Solve } from '#shared/score-sync/score-records.ts';
import { narrowToDivision, type CoachFacts } from './facts.ts';
import { freshnessOf } from './freshness.ts';
import { leaderboardOf } from './leaderboard.ts';
import { isRegistered } from './metrics.ts';
import {
  factsRangeOf,
  instantsAround,
  readFacts,
  type DashboardDependencies,
  type DashboardRequest,
} from './read-dashboard.ts';

/** An answer of Lambda ends at 6 MB, the escaping of its text included. */
const MOST_BYTES = 5_000_000;
/** Rows that are read for one file: in 5 MB are some 45,000. */
const MOST_SOLVES = 50_000;

export const EXPORTS = ['leaderboard', 'solves', 'flash-ctf'] as const;
type ExportName = (typeof EXPORTS)[number];

export interface ExportDependencies extends Pick<
  DashboardDependencies,
  'coachById' | 'allCoaches' | 'factsOfCoach' | 'slaHours' | 'now' | 'timeZone' | 'dayOf'
> {
  /** A coach's solves from one instant to another, oldest first, at most so many. */
  readonly solvesOfCoach: (
    coachId: string,
    within: { readonly from: string; readonly to: string },
    most: number,
  ) => Promise<readonly Solve[]>;
}

const tooLarge = (): DomainError =>
  new DomainError(
    'too_large',
    'EXPORT_TOO_LARGE',
    'This is too much for one file of 5 MB. Choose fewer days, a coach or a division.',
  );

interface Sheet {
  readonly header: readonly string[];
  readonly rows: readonly (readonly CsvValue[])[];
}

interface SheetContext {
  readonly facts: CoachFacts;
  readonly request: DashboardRequest;
  readonly late: ReadonlySet<string>;
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

function leaderboardSheet({ facts, request, late, time, timeColumn }: SheetContext): Sheet {
  const { rows } = leaderboardOf({ facts, period: request.period, late, most: Infinity });
  return {
    header: [
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
    rows: rows.map((row) => [
      row.rank,
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
    ]),
  };
}

function flashSheet({ facts, request: { period }, time, timeColumn, dayOf }: SheetContext): Sheet {
  const who = whoIn(facts);
  const people = new Map(facts.competitors.filter(isRegistered).map((one) => [one.id, one]));
  return {
    header: [
      'Event',
      timeColumn('Began'),
      ...WHO,
      'Solved',
      'Points',
      'Points possible',
      'Rank',
      timeColumn('Result as of'),
    ],
    rows: facts.flashResults.flatMap((result) => {
      const competitor = people.get(result.competitorId);
      const day = dayOf(result.startsAt);
      if (competitor === undefined || day < period.from || day > period.to) return [];
      const { eventName, startsAt, solved, points, maxPoints, rank, readAt } = result;
      return [[eventName, time(startsAt), ...who(competitor), solved, points, maxPoints, rank, time(readAt)]];
    }),
  };
}

function solvesSheet(
  { facts, request: { period }, time, timeColumn }: SheetContext,
  solves: readonly Solve[],
): Sheet {
  const who = whoIn(facts);
  const people = new Map(facts.competitors.filter(isCounted).map((one) => [one.id, one]));
  const events = new Map(facts.flashResults.map(({ eventId, eventName }) => [eventId, eventName]));
  return {
    header: [timeColumn('Solved'), ...WHO, 'Kind', 'Flash CTF', 'Challenge', 'Category', 'Points'],
    rows: solves.flatMap((solve) => {
      const competitor = people.get(solve.competitorId);
      if (competitor === undefined || !isStanding(solve)) return [];
      if (solve.day < period.from || solve.day > period.to) return [];
      const { source, eventId, title, category, points } = solve;
      const event = source === 'ctf' ? (events.get(eventId) ?? null) : null;
      const kind = source === 'ctf' ? 'CTF' : 'ODL';
      return [[time(solve.solvedAt), ...who(competitor), kind, event, title, category, points]];
    }),
  };
}

/**
 * A list of the dashboard as a file, under its filters.
 *
 * @returns null when there is no such coach
 * @throws DomainError too_large beyond 5 MB
 */
export async function exportCsv(
  dependencies: ExportDependencies,
  name: ExportName,
  request: DashboardRequest,
): Promise<string | null> {
  const { timeZone, dayOf, now } = dependencies;
  const { coachId, division, period } = request;
  const range = factsRangeOf(period, dayOf(now().toISOString()), now());
  const [found, slaHours] = await Promise.all([
    readFacts(dependencies, coachId, range),
    dependencies.slaHours(),
  ]);
  if (found === undefined) return null;
  const facts = narrowToDivision(found.facts, division);
  const { asOf, late, expected, lateIds } = freshnessOf({
    facts,
    runs: [],
    suspension: null,
    now: now(),
    slaHours,
  });
  const time = (iso: string | null): CsvValue => (iso === null ? null : spreadsheetTime(iso, timeZone));
  const timeColumn = (column: string) => columnInZone(column, timeZone);
  const context: SheetContext = { facts, request, late: lateIds, time, timeColumn, dayOf };

  async function sheetOf(): Promise<Sheet> {
    if (name === 'leaderboard') return leaderboardSheet(context);
    if (name === 'flash-ctf') return flashSheet(context);
    const solves: Solve[] = [];
    for (const id of new Set(facts.competitors.map((competitor) => competitor.coachId))) {
      const left = MOST_SOLVES - solves.length;
      solves.push(
        ...(await dependencies.solvesOfCoach(id, instantsAround(period.from, period.to), left + 1)),
      );
      if (solves.length > MOST_SOLVES) throw tooLarge();
    }
    return solvesSheet(context, solves);
  }

  const { header, rows } = await sheetOf();
  const scores = asOf === null ? 'no scores read yet' : spreadsheetTime(asOf, timeZone);
  const missing = late === 0 ? 'everyone read on time' : `${late} of ${expected} read late`;
  // Above the header, where sorting leaves it alone; no import reads these files.
  const csv = csvFile(
    [timeColumn('As of'), scores, missing, 'Days', `${period.from} to ${period.to}`],
    [header, ...rows],
  );
  if (Buffer.byteLength(csv) > MOST_BYTES) throw tooLarge();
  return csv;
}
