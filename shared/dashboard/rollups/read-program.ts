import * as z from 'zod';
import { alertSumsSchema, type AlertSums } from '#shared/alerts/alert-sums.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { addDays, monthOf } from '#shared/kernel/days.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import type { SyncState } from '#shared/score-sync/score-records.ts';
import type { Team } from '#shared/teams/team.ts';
import { briefOf } from '../brief.ts';
import type { DashboardView, FreshnessView, LeaderboardRow } from '../contract.ts';
import { ctfChartOf } from '../ctf-chart.ts';
import { solvedIn, type Figures } from '../figures.ts';
import { freshnessFrom, isLate, type FreshnessContext } from '../freshness.ts';
import { kpisOf } from '../kpis.ts';
import { isReadable, isRegistered } from '../metrics.ts';
import type { Period } from '../period.ts';
import { factsRangeOf, type DashboardDependencies } from '../read-dashboard.ts';
import { timelineOf } from '../timeline.ts';
import { programBoardSchema, type ProgramBoard } from './board.ts';
import type { RollupRepository } from './rollup-repository.ts';
import { PROGRAM } from './rollup-worker.ts';
import {
  GROUPS,
  keptFrom,
  monthSchema,
  periodName,
  rowNames,
  standingSchema,
  type Group,
  type Standing,
} from './rollup.ts';

export interface ProgramDependencies extends Pick<
  DashboardDependencies,
  'runsSince' | 'suspension' | 'slaHours' | 'now' | 'timeZone' | 'dayOf'
> {
  readonly rollups: Pick<RollupRepository, 'headOf' | 'row' | 'rowsBetween' | 'askFor'>;
  readonly competitorsById: (ids: readonly string[]) => Promise<ReadonlyMap<string, Competitor>>;
  readonly teamsById: (ids: readonly string[]) => Promise<ReadonlyMap<string, Team>>;
  readonly syncStatesById: (ids: readonly string[]) => Promise<ReadonlyMap<string, SyncState>>;
}

const NOTHING_RANKED: ProgramBoard = { people: [], teams: [], streaks: [] };

const groupOf = (division: string | null): Group => GROUPS.find((group) => group === division) ?? 'all';

const freshnessOfStanding = ({ figures, late, stored }: Standing, context: FreshnessContext): FreshnessView =>
  freshnessFrom(
    {
      ...figures.reads,
      late,
      stored: new Map(Object.entries(stored).map(([slot, count]) => [Number(slot), count])),
    },
    context,
  );

/** How old everybody's scores are; undefined while there are no sums yet. */
export async function readProgramFreshness(
  deps: Pick<ProgramDependencies, 'rollups' | 'runsSince' | 'suspension' | 'slaHours' | 'now'>,
  since: string,
): Promise<FreshnessView | undefined> {
  const [row, runs, suspension, slaHours] = await Promise.all([
    deps.rollups.row(PROGRAM, rowNames.standing('all')),
    deps.runsSince(since),
    deps.suspension(),
    deps.slaHours(),
  ]);
  if (row === undefined) return undefined;
  return freshnessOfStanding(standingSchema.parse(row), { runs, suspension, slaHours, now: deps.now() });
}

/** The sums of everybody's alerts, and as of when; undefined while there are none yet. */
export async function readAlertSums(
  rollups: Pick<RollupRepository, 'headOf' | 'row'>,
): Promise<{ at: string; sums: AlertSums } | undefined> {
  const [head, row] = await Promise.all([rollups.headOf(PROGRAM), rollups.row(PROGRAM, rowNames.alerts)]);
  return head === undefined || row === undefined
    ? undefined
    : { at: head.at, sums: alertSumsSchema.parse(row) };
}

/** Names and reads of those who are shown, as they are now: a rollup holds ids. */
async function createRows(
  deps: ProgramDependencies,
  board: ProgramBoard,
  people: ReadonlyMap<string, Competitor>,
  {
    division: only,
    ...promise
  }: { readonly division: string | null; readonly slaHours: number; readonly now: Date },
): Promise<LeaderboardRow[]> {
  const shown = board.people.flatMap((row) => {
    const competitor = people.get(row.id);
    return competitor === undefined || !isRegistered(competitor) ? [] : [{ row, competitor }];
  });
  const teamIds = new Set(shown.flatMap(({ competitor: { teamId } }) => teamId ?? []));
  const [teams, states] = await Promise.all([
    deps.teamsById([...teamIds]),
    deps.syncStatesById(shown.map(({ row: { id } }) => id)),
  ]);
  // As in a coach's own view, a division shows its own teams alone.
  const teamNameOf = (teamId: string | null): string | null => {
    const team = teams.get(teamId ?? '');
    return team === undefined || (only !== null && team.division !== only) ? null : team.name;
  };
  return shown.map(({ row, competitor }): LeaderboardRow => {
    const { firstName, lastName, teamId, grade, division } = competitor;
    const { id: competitorId, rank, previousRank, odl, ctf, done, points, lastSolveAt } = row;
    const lastReadAt = states.get(competitorId)?.lastReadAt ?? null;
    return {
      rank,
      previousRank,
      competitorId,
      name: `${firstName} ${lastName}`,
      teamName: teamNameOf(teamId),
      grade,
      division: division ?? '',
      odl,
      ctf,
      done,
      points,
      lastSolveAt,
      lastReadAt,
      late: isReadable(competitor) && isLate(lastReadAt, promise),
    };
  });
}

const monthsSchema = z.array(monthSchema);

/** The days of these months. */
const daysOf = (rows: readonly unknown[]): Figures['days'] =>
  Object.assign({}, ...monthsSchema.parse(rows).map(({ days }) => days));

/**
 * The dashboard of all coaches from the program's sums: as many rows as the period has months, and those that are
 * shown, however many people there are. Undefined while there are no sums yet.
 *
 * @throws DomainError invalid before the days that are kept
 */
export async function readProgram(
  deps: ProgramDependencies,
  { division, period }: { readonly division: string | null; readonly period: Period },
): Promise<DashboardView | undefined> {
  const now = deps.now();
  const today = deps.dayOf(now.toISOString());
  const head = await deps.rollups.headOf(PROGRAM);
  if (head === undefined) return undefined;
  const range = factsRangeOf(period, today, now);
  if (range.from < keptFrom(today)) {
    const message = `Over all coaches, choose days after ${addDays(keptFrom(today), 366)}, or a shorter period.`;
    throw new DomainError('invalid', 'VALIDATION_FAILED', message, { errors: [{ path: 'from', message }] });
  }
  const group = groupOf(division);
  const name = periodName(period);
  const [standingRow, months, boardRow, runs, suspension, slaHours] = await Promise.all([
    deps.rollups.row(PROGRAM, rowNames.standing(group)),
    deps.rollups.rowsBetween(
      PROGRAM,
      rowNames.month(group, monthOf(range.from)),
      rowNames.month(group, monthOf(today > period.to ? today : period.to)),
    ),
    deps.rollups.row(PROGRAM, rowNames.board(group, name)),
    deps.runsSince(range.solvesSince),
    deps.suspension(),
    deps.slaHours(),
  ]);
  if (standingRow === undefined) return undefined;
  const standing = standingSchema.parse(standingRow);
  const figures: Figures = { ...standing.figures, days: daysOf(months) };
  // These days are summed from the next run on.
  if (boardRow === undefined) await deps.rollups.askFor(name, now);
  const board = boardRow === undefined ? NOTHING_RANKED : programBoardSchema.parse(boardRow);
  const shown = [
    ...board.people.map(({ id }) => id),
    ...board.streaks.map(({ competitorId }) => competitorId),
    ...standing.needs.first,
    ...standing.lateFirst,
  ];
  const people = await deps.competitorsById([...new Set(shown)]);
  const rows = await createRows(deps, board, people, { division, slaHours, now });
  const freshness = freshnessOfStanding(standing, { runs, suspension, slaHours, now });
  const { asOf, late } = freshness;
  const kpis = kpisOf({ figures, period, asOf, late });
  const firstNames = (ids: readonly string[]) => ids.flatMap((id) => people.get(id)?.firstName ?? []);
  const nameOf = (id: string): string | undefined => {
    const one = people.get(id);
    return one === undefined || !isRegistered(one) ? undefined : `${one.firstName} ${one.lastName}`;
  };
  const { from, to, previousFrom, previousTo, label } = period;
  return {
    period: { from, to, previousFrom, previousTo, timeZone: deps.timeZone, label },
    scope: {
      coachId: null,
      title: 'All coaches',
      division,
      competitors: figures.counted,
      teams: figures.teams,
    },
    rollup: { asOf: head.at, ranked: boardRow !== undefined },
    freshness,
    brief: briefOf({
      needs: standing.needs,
      lateNames: firstNames(standing.lateFirst),
      needNames: firstNames(standing.needs.first),
      registered: figures.registered,
      freshness,
      suspension,
      solved: kpis.solved,
      period,
      now,
    }),
    kpis,
    leaderboard: { rows, total: figures.registered, totals: solvedIn(figures, period) },
    ctfChart: ctfChartOf({ figures, period, today }),
    teams: { rows: board.teams, total: figures.teams },
    timeline: timelineOf({
      figures,
      streaks: board.streaks,
      nameOf,
      period,
      today,
      teamEditsSince: standing.teamEditsSince,
    }),
  };
}
