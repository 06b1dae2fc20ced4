import * as z from 'zod';
import { teamTileSchema } from '../contract.ts';
import type { CoachFacts } from '../facts.ts';
import { byTally, ranksOf } from '../leaderboard.ts';
import { isRegistered, NOTHING, tallies, type Tally } from '../metrics.ts';
import type { Period } from '../period.ts';
import { bestFirst, teamTilesOf } from '../team-tiles.ts';
import { longestFirst, MOST_STREAKS, streaksOf } from '../timeline.ts';

/**
 * What is ranked over a period, by ids: who did how much, teams, streaks. A coach's board holds everybody with a solve
 * in the period or in the one before, so that ranks over the program are exact; the program's holds the best.
 */

/** Rows of the program's leaderboard, and tiles of its teams. */
export const MOST_ROWS = 100;
const MOST_TILES = 100;

const instant = z.iso.datetime().nullable();
const tallySchema = z.tuple([z.int(), z.int(), z.int(), instant]);

/** ODL, CTF, points, and the last solve of somebody: short, since a board has many. */
type Packed = z.infer<typeof tallySchema>;

const pack = ({ odl, ctf, points, lastSolveAt }: Tally): Packed => [odl, ctf, points, lastSolveAt];
const unpack = ([odl, ctf, points, lastSolveAt]: Packed): Tally => ({
  odl,
  ctf,
  done: odl + ctf,
  points,
  lastSolveAt,
});

/** In the period, and in the one before. */
const personSchema = z.tuple([z.string(), tallySchema.nullable(), tallySchema.nullable()]);

/** Somebody who may be shown without a solve in the period. */
export const memberSchema = z.object({ id: z.string(), lastSolveAt: instant });
export type Member = z.infer<typeof memberSchema>;

const streakSchema = z.object({
  competitorId: z.string(),
  from: z.iso.date(),
  to: z.iso.date(),
  days: z.int(),
});

/** A tile without what moves with every read and every edit: that is beside the coach's figures. */
const rankedTeamSchema = teamTileSchema.omit({ late: true, asOf: true, badge: true });

export const coachBoardSchema = z.object({
  people: z.array(personSchema),
  teams: z.array(rankedTeamSchema),
  streaks: z.array(streakSchema),
});
export type CoachBoard = z.infer<typeof coachBoardSchema>;

const rankedPersonSchema = z.object({
  id: z.string(),
  odl: z.int(),
  ctf: z.int(),
  done: z.int(),
  points: z.int(),
  lastSolveAt: instant,
  rank: z.int(),
  previousRank: z.int().nullable(),
});

export const programBoardSchema = z.object({
  people: z.array(rankedPersonSchema),
  teams: z.array(teamTileSchema),
  streaks: z.array(streakSchema),
});
export type ProgramBoard = z.infer<typeof programBoardSchema>;

/** The first of a coach's registered people: enough to fill the program's leaderboard where few solved anything. */
export function membersOf({ competitors, stats }: Pick<CoachFacts, 'competitors' | 'stats'>): Member[] {
  const lastSolves = new Map(stats.map((row) => [row.competitorId, row.lastSolveAt]));
  return competitors
    .filter(isRegistered)
    .slice(0, MOST_ROWS)
    .map(({ id }) => ({ id, lastSolveAt: lastSolves.get(id) ?? null }));
}

/** One coach's board of a period. */
export function boardOf(facts: CoachFacts, period: Period): CoachBoard {
  const now = tallies(facts.days, period);
  const before = tallies(facts.days, { from: period.previousFrom, to: period.previousTo });
  const people = facts.competitors.filter(isRegistered).flatMap(({ id }): CoachBoard['people'] => {
    const [solved, earlier] = [now.get(id), before.get(id)];
    if (solved === undefined && earlier === undefined) return [];
    return [[id, solved === undefined ? null : pack(solved), earlier === undefined ? null : pack(earlier)]];
  });
  const teams = teamTilesOf({ facts, period, late: new Set() }).rows.map(
    ({ late: _late, asOf: _asOf, badge: _badge, ...team }) => team,
  );
  return { people, teams, streaks: streaksOf(facts, period).slice(0, MOST_STREAKS) };
}

type TileNow = Pick<z.infer<typeof teamTileSchema>, 'late' | 'asOf' | 'badge'>;

/** The program's board, of those of its coaches. `tiles`: how each team stands now. */
export function foldBoards(
  boards: readonly CoachBoard[],
  members: readonly Member[],
  tiles: Readonly<Record<string, TileNow>>,
): ProgramBoard {
  const now: [string, Tally][] = [];
  const before: [string, Tally][] = [];
  for (const [id, solved, earlier] of boards.flatMap((board) => board.people)) {
    if (solved !== null) now.push([id, unpack(solved)]);
    if (earlier !== null) before.push([id, unpack(earlier)]);
  }
  const solvers = new Set(now.map(([id]) => id));
  const idle = members.filter(({ id }) => !solvers.has(id)).slice(0, MOST_ROWS);
  const best = [...now.toSorted(byTally), ...idle.map(({ id }): [string, Tally] => [id, NOTHING])].slice(
    0,
    MOST_ROWS,
  );
  const ranks = ranksOf(best);
  const previousRanks = ranksOf(before.toSorted(byTally));
  const lastSolves = new Map(members.map(({ id, lastSolveAt }) => [id, lastSolveAt]));
  return {
    people: best.map(([id, { odl, ctf, done, points, lastSolveAt }]) => ({
      id,
      odl,
      ctf,
      done,
      points,
      lastSolveAt: lastSolveAt ?? lastSolves.get(id) ?? null,
      rank: ranks.get(id) ?? 1,
      previousRank: previousRanks.get(id) ?? null,
    })),
    teams: boards
      .flatMap((board) => board.teams)
      .toSorted(bestFirst)
      .slice(0, MOST_TILES)
      .flatMap((team) => {
        const standing = tiles[team.teamId];
        return standing === undefined ? [] : [{ ...team, ...standing }];
      }),
    streaks: boards
      .flatMap((board) => board.streaks)
      .toSorted(longestFirst)
      .slice(0, MOST_STREAKS),
  };
}
