import { beforeEach, expect, test } from 'vitest';
import { createReadingRepository } from '#shared/game-platform/reading-repository.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { SyncWorld } from '#test/support/sync-world.ts';

const newTable = useTestTables();
let world: SyncWorld;
beforeEach(async () => {
  world = new SyncWorld(await newTable());
});

/** Notes how many calls for one person are in flight at once. */
function watchCalls(): { most: () => number } {
  const inFlight = new Map<string, number>();
  let most = 0;
  const { platform } = world;
  const watched = async <T>(user: string, call: () => Promise<T>): Promise<T> => {
    const now = (inFlight.get(user) ?? 0) + 1;
    inFlight.set(user, now);
    most = Math.max(most, now);
    try {
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
      return await call();
    } finally {
      inFlight.set(user, (inFlight.get(user) ?? 1) - 1);
    }
  };
  const odl = platform.getOdlScores.bind(platform);
  const flash = platform.getFlashCtfProgress.bind(platform);
  platform.getOdlScores = (user, after) => watched(user, () => odl(user, after));
  platform.getFlashCtfProgress = (user) => watched(user, () => flash(user));
  return { most: () => most };
}

test('several jobs about the same people never have two calls for one person in flight, and all end', async () => {
  const people = Array.from({ length: 12 }, (_, index) => `cmp_${index}`);
  for (const id of people) await world.addCompetitor(id);
  const calls = watchCalls();
  await world.fire();
  await world.fire('game_platform_totals_sweep');
  await world.fire('game_platform_flash_ctf_sync');
  await world.readInFull(people);
  await world.readInFull(people.slice(0, 3));
  for (let round = 0; round < 12 && (await world.openJobs()) > 0; round += 1) {
    await Promise.all(world.sync.map(() => world.deliver()));
    world.advance(60);
    await world.dispatch();
  }
  expect(await world.openJobs()).toBe(0);
  expect(calls.most()).toBe(1);
  expect(world.deadLetters).toEqual([]);
  for (const job of await world.allJobs())
    expect(job).toMatchObject({ status: 'succeeded', done: job.total, counts: { failed: 0 } });
});

test('a competitor that another worker is reading comes last, and is left to a later round', async () => {
  for (const id of ['cmp_a', 'cmp_b']) await world.addCompetitor(id);
  const readings = createReadingRepository(world.table);
  await readings.enter('removal-1', ['cmp_a'], new Date(world.now.getTime() + 30_000));
  await world.fire();
  await world.deliverAll();
  expect(new Set(world.platform.calls.map(({ user }) => user))).toEqual(new Set(['gp_cmp_b']));
  expect((await world.allJobs())[0]).toMatchObject({ status: 'running' });

  // The other one died: its mark runs out.
  world.advance(60);
  await world.dispatch();
  await world.deliverAll();
  expect((await world.allJobs())[0]).toMatchObject({ status: 'succeeded', counts: { total: 2, skipped: 2 } });
  expect(world.platform.calls).toHaveLength(4);
  expect(await itemsOf(world.table, 'READING')).toHaveLength(1);
});
