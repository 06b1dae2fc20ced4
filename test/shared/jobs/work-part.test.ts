import { beforeEach, expect, test } from 'vitest';
import { useTestTables } from '#test/support/dynamodb.ts';
import { SyncWorld } from '#test/support/sync-world.ts';

const newTable = useTestTables();
let world: SyncWorld;
beforeEach(async () => {
  world = new SyncWorld(await newTable());
});

test('a doubled message does nothing while the first one is being worked off', async () => {
  await world.addCompetitor('cmp_a');
  await world.fire();
  const [message] = world.sync;
  let second = false;
  world.platform.onCall = async () => {
    if (second || message === undefined) return;
    second = true;
    world.sync.push({ body: message.body, receives: 0 });
    await world.deliver();
  };
  await world.deliver();
  // One read of solves and one of Flash CTFs, by one worker.
  expect(world.platform.calls).toHaveLength(2);
  expect(await world.allJobs()).toMatchObject([{ status: 'succeeded', partsDone: 1, counts: { total: 1 } }]);
});

test('a worker slower than its claim and the one that took over count the part once', async () => {
  await world.addCompetitor('cmp_a');
  const at = world.platform.nowUnix() - 60;
  world.platform.solves.push({ user: 'gp_cmp_a', event: null, solveId: 1, at, visibleFrom: 0, points: 10 });
  await world.fire();
  const [message] = world.sync;
  let overtaken = false;
  world.platform.onCall = async () => {
    if (overtaken || message === undefined) return;
    overtaken = true;
    world.advance(300);
    world.sync.push({ body: message.body, receives: 0 });
    await world.deliver();
  };
  await world.deliver();
  await world.drain();
  expect(await world.allJobs()).toMatchObject([
    { status: 'succeeded', partsDone: 1, done: 1, counts: { total: 1, synced: 1, skipped: 0, failed: 0 } },
  ]);
  expect(world.finished).toHaveLength(1);
});
