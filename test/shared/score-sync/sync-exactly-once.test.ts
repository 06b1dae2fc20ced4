import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PlatformSolve } from '#test/support/score-platform.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { expectedOf, storedOf } from '#test/support/stored-scores.ts';
import { SyncWorld } from '#test/support/sync-world.ts';
import { runs } from '#test/support/effort.ts';

const newTable = useTestTables();

const PEOPLE = ['cmp_a', 'cmp_b', 'cmp_c'];
const HOUR = 3600;

type Step =
  | {
      do: 'solve';
      who: number;
      event: number | null;
      solveId: number;
      hoursAgo: number;
      lateBy: number;
      points: number;
    }
  | { do: 'advance'; seconds: number }
  | { do: 'fire'; task: 'game_platform_sync' | 'game_platform_totals_sweep'; twice: boolean; killAt: number }
  | { do: 'deliver'; index: number; keepCopy: boolean; killAt: number }
  | { do: 'dispatch'; killAt: number }
  | { do: 'answers'; lost: boolean };

const killAt = fc.oneof(
  { weight: 2, arbitrary: fc.constant(1_000_000) },
  { weight: 3, arbitrary: fc.nat(60) },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('solve' as const),
      who: fc.nat(PEOPLE.length - 1),
      event: fc.constantFrom(null, null, 0, 1),
      // Few ids, so that they collide over events; whole hours, so that seconds tie.
      solveId: fc.nat(6),
      hoursAgo: fc.nat(20),
      lateBy: fc.nat(20),
      points: fc.nat(500),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('advance' as const), seconds: fc.nat(4 * HOUR) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('fire' as const),
      task: fc.constantFrom(
        'game_platform_sync' as const,
        'game_platform_sync' as const,
        'game_platform_totals_sweep' as const,
      ),
      twice: fc.boolean(),
      killAt,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('deliver' as const),
      index: fc.nat(3),
      keepCopy: fc.boolean(),
      killAt,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('dispatch' as const), killAt }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('answers' as const), lost: fc.boolean() }) },
);

const keyOf = (solve: PlatformSolve) => `${solve.user}/${solve.event}/${solve.solveId}`;

async function play(world: SyncWorld, steps: readonly Step[]): Promise<void> {
  const known = new Set<string>();
  for (const one of steps) {
    switch (one.do) {
      case 'solve': {
        const at = world.platform.nowUnix() - one.hoursAgo * HOUR;
        const user = `gp_${PEOPLE[one.who]}`;
        const solve = { user, event: one.event, solveId: one.solveId, at, points: one.points };
        // Late by at most twenty hours after now: with the age that is still inside the overlap.
        const made = { ...solve, visibleFrom: world.platform.nowUnix() + one.lateBy * HOUR };
        if (!known.has(keyOf(made))) world.platform.solves.push(made);
        known.add(keyOf(made));
        break;
      }
      case 'advance':
        world.advance(one.seconds);
        break;
      case 'fire':
        await world.fire(one.task, one.killAt);
        if (one.twice) await world.fire(one.task);
        break;
      case 'deliver':
        await world.deliver(Math.min(one.index, Math.max(0, world.sync.length - 1)), one);
        break;
      case 'dispatch':
        await world.dispatch(one.killAt);
        break;
      case 'answers':
        world.losesAnswers(one.lost);
        break;
    }
  }
}

test('late, tied, colliding and doubled solves and killed workers leave exactly what the platform has', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const world = new SyncWorld(await newTable());
      const start = world.platform.nowUnix();
      world.platform.events.push(
        { name: 'Flash CTF  November', start: start - 30 * HOUR, end: start - 28 * HOUR },
        { name: 'Flash CTF November', start: start + HOUR, end: null },
      );
      for (const id of PEOPLE) await world.addCompetitor(id);

      await play(world, steps);
      world.losesAnswers(false);
      await world.drain();
      // Everything is shown, the sentinels find new Flash CTFs, and one more run ends well.
      world.advance(21 * HOUR);
      await world.fire('game_platform_flash_ctf_sync');
      await world.drain();
      await world.fire();
      await world.drain();

      for (const id of PEOPLE) expect(await storedOf(world, id)).toEqual(expectedOf(world, id));
      for (const job of await world.allJobs()) {
        if (job.counts['skippedOverlap'] === 1) continue;
        expect(job.partsDone).toBe(job.parts);
        if (job.status !== 'succeeded') continue;
        const { total, ...outcomes } = job.counts;
        expect(total).toBe(PEOPLE.length);
        expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(total);
      }
      const activity = await itemsOf(world.table, 'ACTIVITY#coach_1');
      const lines = activity.map((item) => item['details'] as { odl: number; ctf: number });
      expect(lines.reduce((sum, { odl, ctf }) => sum + odl + ctf, 0)).toBe(world.platform.solves.length);
    }),
    { numRuns: runs(25, 4) },
  );
});
