import type { DashboardView, LeaderboardRow } from './contract.ts';
import type { CoachFacts } from './facts.ts';
import { isReadable, isRegistered, NOTHING, sumTallies, tallies, type Tally } from './metrics.ts';
import type { Period } from './period.ts';

/** More rows than a page can show; the totals count everybody. */
const MOST_ROWS = 500;

/** Solves, then points, then who got there first; 0 where all three are equal. */
function compareTallies(a: Tally, b: Tally): number {
  if (a.done !== b.done) return b.done - a.done;
  if (a.points !== b.points) return b.points - a.points;
  const [first, second] = [a.lastSolveAt ?? '', b.lastSolveAt ?? ''];
  return first < second ? -1 : Number(first > second);
}

/** Ranks from 1; equal values share a rank and the next one is skipped. `entries` are sorted best first. */
export function ranksOf(entries: readonly (readonly [string, Tally])[]): Map<string, number> {
  const ranks = new Map<string, number>();
  let rank = 0;
  let before: Tally | undefined;
  entries.forEach(([id, tally], index) => {
    if (before === undefined || compareTallies(before, tally) !== 0) rank = index + 1;
    ranks.set(id, rank);
    before = tally;
  });
  return ranks;
}

export const byTally = (a: readonly [string, Tally], b: readonly [string, Tally]): number =>
  compareTallies(a[1], b[1]);

export interface LeaderboardContext {
  readonly facts: CoachFacts;
  readonly period: Period;
  /** Ids of competitors whose scores are older than the promise or were never read. */
  readonly late: ReadonlySet<string>;
  /** Rows at most. */
  readonly most?: number;
}

/** "Challenges Done": every registered competitor by what they solved in the period. */
export function leaderboardOf({
  facts,
  period,
  late,
  most = MOST_ROWS,
}: LeaderboardContext): DashboardView['leaderboard'] {
  const now = tallies(facts.days, period);
  const before = tallies(facts.days, { from: period.previousFrom, to: period.previousTo });
  const registered = facts.competitors.filter(isRegistered);
  const entries = registered
    .map((competitor) => [competitor.id, now.get(competitor.id) ?? NOTHING] as const)
    .toSorted(byTally);
  const ranks = ranksOf(entries);
  const ids = new Set(registered.map((competitor) => competitor.id));
  const previousRanks = ranksOf([...before].filter(([id]) => ids.has(id)).toSorted(byTally));
  const people = new Map(registered.map((competitor) => [competitor.id, competitor]));
  const teams = new Map(facts.teams.map((team) => [team.id, team.name]));
  const stats = new Map(facts.stats.map((row) => [row.competitorId, row]));
  const reads = new Map(facts.syncStates.map((state) => [state.competitorId, state.lastReadAt]));

  const rows: LeaderboardRow[] = [];
  for (const [id, tally] of entries.slice(0, most)) {
    const competitor = people.get(id);
    if (competitor === undefined) continue;
    rows.push({
      rank: ranks.get(id) ?? entries.length,
      previousRank: previousRanks.get(id) ?? null,
      competitorId: id,
      name: `${competitor.firstName} ${competitor.lastName}`,
      teamName: competitor.teamId === null ? null : (teams.get(competitor.teamId) ?? null),
      grade: competitor.grade,
      division: competitor.division ?? '',
      odl: tally.odl,
      ctf: tally.ctf,
      done: tally.done,
      points: tally.points,
      lastSolveAt: tally.lastSolveAt ?? stats.get(id)?.lastSolveAt ?? null,
      lastReadAt: reads.get(id) ?? null,
      late: isReadable(competitor) && late.has(id),
    });
  }
  return { rows, total: entries.length, totals: sumTallies(entries.map(([, tally]) => tally)) };
}
