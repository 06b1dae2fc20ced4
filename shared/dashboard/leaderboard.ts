import * as z from 'zod';
import { leaderboardRowSchema, type DashboardView, type LeaderboardRow } from './contract.ts';
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

interface LeaderboardContext {
  readonly facts: CoachFacts;
  readonly period: Period;
  /** Ids of competitors whose scores are older than the promise or were never read. */
  readonly late: ReadonlySet<string>;
}

/** A registered competitor with what they solved in the period; `latest`: when they solved the last of it. */
export const standingSchema = z.object({
  row: leaderboardRowSchema.omit({ rank: true, previousRank: true }),
  latest: z.iso.datetime().nullable(),
});
type Standing = z.infer<typeof standingSchema>;

/** Everybody who stands on the leaderboard, in no order yet. */
export function standingsOf({ facts, period, late }: LeaderboardContext): Standing[] {
  const now = tallies(facts.days, period);
  const teams = new Map(facts.teams.map((team) => [team.id, team.name]));
  const stats = new Map(facts.stats.map((row) => [row.competitorId, row]));
  const reads = new Map(facts.syncStates.map((state) => [state.competitorId, state.lastReadAt]));
  return facts.competitors.filter(isRegistered).map((competitor) => {
    const { id, teamId } = competitor;
    const { odl, ctf, done, points, lastSolveAt: latest } = now.get(id) ?? NOTHING;
    const row = {
      competitorId: id,
      name: `${competitor.firstName} ${competitor.lastName}`,
      teamName: teamId === null ? null : (teams.get(teamId) ?? null),
      grade: competitor.grade,
      division: competitor.division ?? '',
      odl,
      ctf,
      done,
      points,
      lastSolveAt: latest ?? stats.get(id)?.lastSolveAt ?? null,
      lastReadAt: reads.get(id) ?? null,
      late: isReadable(competitor) && late.has(id),
    };
    return { row, latest };
  });
}

const tallyOf = ({ row: { odl, ctf, done, points }, latest }: Standing): Tally => ({
  odl,
  ctf,
  done,
  points,
  lastSolveAt: latest,
});

export interface Ranked {
  readonly rank: number;
  readonly row: Standing['row'];
}

/** The best first. */
export function ranked(standings: readonly Standing[]): Ranked[] {
  const sorted = standings.toSorted((a, b) => compareTallies(tallyOf(a), tallyOf(b)));
  const ranks = ranksOf(sorted.map((standing) => [standing.row.competitorId, tallyOf(standing)]));
  return sorted.map(({ row }) => ({ rank: ranks.get(row.competitorId) ?? sorted.length, row }));
}

/** "Challenges Done": every registered competitor by what they solved in the period. */
export function leaderboardOf({ facts, period, late }: LeaderboardContext): DashboardView['leaderboard'] {
  const standings = standingsOf({ facts, period, late });
  const before = tallies(facts.days, { from: period.previousFrom, to: period.previousTo });
  const ids = new Set(standings.map(({ row }) => row.competitorId));
  const previousRanks = ranksOf([...before].filter(([id]) => ids.has(id)).toSorted(byTally));
  const rows: LeaderboardRow[] = [];
  for (const { rank, row } of ranked(standings).slice(0, MOST_ROWS)) {
    rows.push({ rank, previousRank: previousRanks.get(row.competitorId) ?? null, ...row });
  }
  return { rows, total: standings.length, totals: sumTallies(standings.map(tallyOf)) };
}
