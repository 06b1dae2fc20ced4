import { beforeEach, expect, test } from 'vitest';
import { createReadBeforeRemoval } from '#shared/score-sync/read-before-removal.ts';
import { createNewId } from '#shared/kernel/ids.ts';
import { createFlashRepository } from '#shared/score-sync/flash-repository.ts';
import { keys } from '#shared/table/keys.ts';
import { createQuarantineRepository } from '#shared/score-sync/quarantine-repository.ts';
import { createSolveRepository } from '#shared/score-sync/solve-repository.ts';
import { createSyncStateRepository } from '#shared/score-sync/sync-state-repository.ts';
import { createTotalsRepository } from '#shared/score-sync/totals-repository.ts';
import { recordingLog } from '#test/shared/kernel/recording-log.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { refusal } from '#test/support/score-platform.ts';
import { expectedOf, storedOf } from '#test/support/stored-scores.ts';
import { SyncWorld, TIME_ZONE } from '#test/support/sync-world.ts';

const newTable = useTestTables();
let world: SyncWorld;
let read: (id: string, final?: boolean) => Promise<void>;

beforeEach(async () => {
  world = new SyncWorld(await newTable());
  const { table, platform } = world;
  const now = () => world.now;
  const readOne = createReadBeforeRemoval({
    platform,
    solves: createSolveRepository(table),
    flash: createFlashRepository(table),
    quarantine: createQuarantineRepository(table),
    syncStates: createSyncStateRepository(table),
    totals: createTotalsRepository(table),
    timeZone: TIME_ZONE,
    log: recordingLog().log,
    now,
    newId: createNewId(now),
  });
  read = (id, final) => readOne({ id, coachId: 'coa_a', gamePlatformId: `gp_${id}` }, 5_000, final);
});

test('everything the platform still shows is stored, totals too, and a flag that was set stays', async () => {
  await world.addCompetitor('cmp_a', { cursorUnix: world.platform.nowUnix() });
  const now = world.platform.nowUnix();
  world.platform.events.push({ name: 'Flash CTF', start: now - 3_600, end: now });
  const solve = { user: 'gp_cmp_a', at: now - 90_000, visibleFrom: 0, points: 50 };
  world.platform.solves.push(
    { ...solve, event: null, solveId: 1 },
    { ...solve, event: 0, solveId: 1, at: now - 60 },
  );
  await read('cmp_a');
  expect(await storedOf(world, 'cmp_a')).toEqual(expectedOf(world, 'cmp_a'));
  const rows = await itemsOf(world.table, keys.competitorPartition('cmp_a'));
  expect(rows.find((row) => row['type'] === 'stats')).toMatchObject({
    platform: { challengesCompleted: 1, totalScore: 50 },
  });
  expect(await itemsOf(world.table, keys.totalsDuePartition)).toHaveLength(1);
});

test('what the platform drops with the team stays, however often it is missed; what it takes back later goes', async () => {
  await world.addCompetitor('cmp_a');
  const now = world.platform.nowUnix();
  const solve = { user: 'gp_cmp_a', event: null, visibleFrom: 0, points: 50 };
  for (const solveId of [1, 2, 3])
    world.platform.solves.push({ ...solve, solveId, at: now - 90_000 * solveId });
  await read('cmp_a');
  world.platform.solves.splice(0);
  for (const solveId of [4, 5, 6])
    world.platform.solves.push({ ...solve, solveId, at: now + 60 * solveId, visibleFrom: now + 600 });

  const sweep = async () => {
    world.advance(3_600);
    await world.readInFull(['cmp_a']);
    await world.deliverAll();
    await world.fire('game_platform_totals_sweep');
    await world.deliverAll();
    return (await world.allJobs('game_platform_totals_sweep'))[0]?.counts;
  };
  expect(await sweep()).toMatchObject({ kept: 1 });
  await sweep();
  const ids = async () => (await storedOf(world, 'cmp_a')).solves.map((key) => key.at(-1));
  expect(await ids()).toEqual(['1', '2', '3', '4', '5', '6']);
  world.platform.revoke('gp_cmp_a', null, 5);
  await sweep();
  expect(await ids()).toEqual(['1', '2', '3', '4', '6']);
});

test.each(['UNAVAILABLE', 'TIMED_OUT', 'THROTTLED'] as const)(
  'a read that failed with %s stops the removal',
  async (code) => {
    await world.addCompetitor('cmp_a');
    world.platform.refusals.set('gp_cmp_a', refusal(code));
    await expect(read('cmp_a')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  },
);

test.each(['NOT_APPROVED', 'USER_UNKNOWN'] as const)(
  'who has no scores (%s) has none to lose',
  async (code) => {
    await world.addCompetitor('cmp_a');
    world.platform.refusals.set('gp_cmp_a', refusal(code));
    await expect(read('cmp_a')).resolves.toBeUndefined();
  },
);

test('who was never read has nothing to be read', async () => {
  await expect(read('cmp_unknown')).resolves.toBeUndefined();
  expect(world.platform.calls).toEqual([]);
});

test('who is read no more, and left with the end of a season, is read once more; nobody begins to read them again', async () => {
  const now = world.platform.nowUnix();
  world.platform.solves.push({
    user: 'gp_cmp_a',
    event: null,
    visibleFrom: 0,
    points: 50,
    solveId: 1,
    at: now - 90_000,
  });
  await read('cmp_a');
  expect((await storedOf(world, 'cmp_a')).solves).toEqual([]);
  await read('cmp_a', true);
  expect(await storedOf(world, 'cmp_a')).toEqual(expectedOf(world, 'cmp_a'));
  expect((await createSyncStateRepository(world.table).byIds(['cmp_a'])).size).toBe(0);
});
