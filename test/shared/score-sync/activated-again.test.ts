import { expect, test } from 'vitest';
import { readingChange } from '#shared/score-sync/score-items.ts';
import { transactWrite } from '#shared/table/table.ts';
import { aCompetitor, APPROVED_ACCOUNT } from '#test/support/competitors.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { expectedOf, storedOf } from '#test/support/stored-scores.ts';
import { SyncWorld } from '#test/support/sync-world.ts';

const newTable = useTestTables();
const DAY = 86_400;

async function worldWithOneRead(): Promise<SyncWorld> {
  const world = new SyncWorld(await newTable());
  await world.addCompetitor('cmp_1');
  const now = world.platform.nowUnix();
  world.platform.events.push({
    name: 'October Flash CTF',
    start: now - 12 * DAY,
    end: now - 12 * DAY + 7_200,
  });
  for (const [solveId, event] of [null, null, 0, 0, 0].entries())
    world.platform.solves.push({
      user: 'gp_cmp_1',
      event,
      solveId,
      at: now - 12 * DAY + 60 * solveId,
      visibleFrom: 0,
      points: 100,
    });
  await round(world);
  return world;
}

async function round(world: SyncWorld): Promise<void> {
  world.advance(1_800);
  await world.fire('game_platform_sync');
  await world.drain();
  await world.fire('game_platform_totals_sweep');
  await world.drain();
}

/** Takes a competitor out of the program, and back into it. */
async function away(world: SyncWorld, meanwhile: () => void): Promise<void> {
  const there = aCompetitor({
    id: 'cmp_1',
    coachId: 'coach_1',
    gamePlatformId: 'gp_cmp_1',
    platform: APPROVED_ACCOUNT,
  });
  const gone = { ...there, active: false };
  await transactWrite(world.table, readingChange(world.table, there, gone));
  meanwhile();
  await transactWrite(world.table, readingChange(world.table, gone, there));
}

test('what the platform took back of Flash CTFs while a competitor was away counts no more once they are back', async () => {
  const world = await worldWithOneRead();
  await away(world, () => world.platform.revoke('gp_cmp_1', 0, 3));
  await round(world);
  await round(world);
  expect(await storedOf(world, 'cmp_1')).toEqual(expectedOf(world, 'cmp_1'));
});

test('a month that changed while a competitor was away is marked as restated', async () => {
  const world = await worldWithOneRead();
  await away(world, () => world.platform.correct('gp_cmp_1', null, 1, { points: 150 }));
  await round(world);
  const restated = (await itemsOf(world.table, 'COMP#cmp_1')).filter(
    (row) => row['type'] === 'restated_month',
  );
  expect(restated).toMatchObject([{ month: '2026-10', odl: 0, odlPoints: 50, ctf: 0, ctfPoints: 0 }]);
});
