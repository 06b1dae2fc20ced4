import { expect, test } from 'vitest';
import { useTestTables } from '#test/support/dynamodb.ts';
import { expectedOf, storedOf } from '#test/support/stored-scores.ts';
import { SyncWorld } from '#test/support/sync-world.ts';

const newTable = useTestTables();
const HOUR = 3_600;

async function worldWithSolves(hoursAgo: readonly number[]): Promise<SyncWorld> {
  const world = new SyncWorld(await newTable());
  await world.addCompetitor('cmp_1');
  const now = world.platform.nowUnix();
  for (const [index, hours] of hoursAgo.entries()) {
    const at = now - hours * HOUR;
    world.platform.solves.push({
      user: 'gp_cmp_1',
      event: null,
      solveId: index + 1,
      at,
      visibleFrom: at,
      points: 100,
    });
  }
  return world;
}

async function round(world: SyncWorld): Promise<void> {
  world.advance(1_800);
  await world.fire('game_platform_sync');
  await world.drain();
  await world.fire('game_platform_totals_sweep');
  await world.drain();
}

test('a solve that is withdrawn right after the read that moved the cursor is found gone by the next sweep', async () => {
  const world = await worldWithSolves([100, 60, 30, 5, 4, 3]);
  await round(world);
  world.platform.revoke('gp_cmp_1', null, 5);
  await round(world);
  expect(await storedOf(world, 'cmp_1')).toEqual(expectedOf(world, 'cmp_1'));
});

test('that fewer solves are asked for than before is no reason to look at the totals or at what is stored', async () => {
  const world = await worldWithSolves([100, 60, 30, 5, 4, 3]);
  await round(world);
  world.platform.calls.length = 0;
  world.tableCalls.length = 0;
  await round(world);
  expect(world.platform.calls.filter(({ after }) => after === undefined)).toEqual([]);
  expect(world.tableCalls.filter(({ input }) => JSON.stringify(input).includes('SOLVE#'))).toEqual([]);
});
