import { flashEventId } from '#shared/score-sync/solve-mapping.ts';
import type { ChallengeSolve } from '#shared/game-platform/vendor-contract.ts';
import { monthsOf, type Sums, type Truth, type TrueSolve } from './judge.ts';
import type { Program } from './program.ts';
import type { Row, World } from './world.ts';

export const TIME_ZONE = 'America/Los_Angeles';

const toSolve = (source: string, event: string) => (solve: ChallengeSolve) => ({
  key: `${source}#${event}#${solve.challenge_solve_id}`,
  at: solve.timestamp_unix,
  points: solve.challenge_points,
  title: solve.challenge_title,
  category: solve.challenge_category,
});

/** What the platform says of a person's solves now; null when it says nothing. */
export function solvesOf(world: World, person: string): TrueSolve[] | null {
  const { model } = world.vendor;
  if (!model.platform.knows(person) || model.platform.user(person).metactf_user_status !== 'approved')
    return null;
  return [
    ...model.platform.odlScores(person).challenge_solves.map(toSolve('odl', 'odl')),
    ...model.platform
      .flashCtfProgress(person)
      .flash_ctfs.flatMap((ctf) =>
        ctf.challenge_solves.map(
          toSolve('ctf', flashEventId(ctf.flash_ctf_name, ctf.flash_ctf_time_start_unix)),
        ),
      ),
  ];
}

/** By person, what each month had before the history began. */
export type Before = ReadonlyMap<string, Readonly<Record<string, Sums>>>;

export const monthsBefore = (world: World, people: readonly string[]): Before =>
  new Map(
    people.flatMap((person) => {
      const solves = solvesOf(world, person);
      return solves === null ? [] : [[person, monthsOf(solves, TIME_ZONE)] as const];
    }),
  );

/** What the platform says in the end, with what the coach was told. */
export function truthOf(world: World, program: Program, before: Before, rows: readonly Row[]): Truth {
  const { platform } = world.vendor.model;
  const teams = new Map(
    platform.teamAssignments().assignments.map((one) => [one.syned_user_id, one.syned_team_id] as const),
  );
  const tombstones = new Set(
    rows.filter((row) => row['type'] === 'tombstone').map((row) => row['competitorId']),
  );
  const linked = new Set(
    rows
      .filter((row) => row['type'] === 'competitor' && row['gamePlatformId'] !== null)
      .map((row) => row['id']),
  );
  return {
    timeZone: TIME_ZONE,
    openMonth: '2026-11',
    teamIds: world.vendor.model.teamIds(),
    people: program.people.map((id) => ({
      id,
      solves: linked.has(id) ? solvesOf(world, id) : null,
      results:
        !linked.has(id) || solvesOf(world, id) === null
          ? []
          : platform.flashCtfProgress(id).flash_ctfs.map((ctf) => ({
              eventId: flashEventId(ctf.flash_ctf_name, ctf.flash_ctf_time_start_unix),
              solved: ctf.challenges_solved,
              points: ctf.points_earned,
              maxPoints: ctf.max_points_possible,
              rank: ctf.rank,
            })),
      teamId: teams.get(id) ?? null,
      name: `Zq${id.replace('_', '')}`,
      before: before.get(id) ?? null,
      wish: program.wishes.get(id),
      erased: tombstones.has(id) || program.erased.has(id),
    })),
  };
}
