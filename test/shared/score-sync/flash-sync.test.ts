import { beforeEach, describe, expect, test } from 'vitest';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { keys } from '#shared/table/keys.ts';
import { expectedOf, storedOf } from '#test/support/stored-scores.ts';
import { SyncWorld } from '#test/support/sync-world.ts';

const newTable = useTestTables();
let world: SyncWorld;
beforeEach(async () => {
  world = new SyncWorld(await newTable());
});

const HOUR = 3600;
const PEOPLE = Array.from({ length: 30 }, (_, index) => `cmp_${String(index).padStart(2, '0')}`);

/** Thirty people whose Flash CTFs were read yesterday; the first ten solved something lately. */
async function program(): Promise<void> {
  const now = world.platform.nowUnix();
  const yesterday = new Date((now - 24 * HOUR) * 1000).toISOString();
  for (const [index, id] of PEOPLE.entries()) {
    const cursorUnix = now - (index < 10 ? index * 60 : 90 * 24 * HOUR);
    await world.addCompetitor(id, { cursorUnix, lastReadAt: yesterday, lastFlashReadAt: yesterday });
  }
}
const flashCalls = () => world.platform.calls.filter((call) => call.endpoint === 'flash');
async function round(): Promise<void> {
  await world.fire('game_platform_flash_ctf_sync');
  await world.deliverAll();
  world.advance(60);
  await world.dispatch();
  await world.deliverAll();
  world.advance(29 * 60);
}
const played = (id: string, event: number, solveId: number, at = world.platform.nowUnix()) =>
  world.platform.solves.push({ user: `gp_${id}`, event, solveId, at, visibleFrom: 0, points: 50 });

describe('without a Flash CTF', () => {
  test('a round asks six sentinels, others each time, and no one is asked by the sync itself', async () => {
    await program();
    await round();
    const first = new Set(flashCalls().map(({ user }) => user));
    expect(first.size).toBe(6);
    await round();
    const second = flashCalls().slice(6);
    // Ten are active: the four that were not asked yet come first.
    expect(second.filter(({ user }) => first.has(user))).toHaveLength(2);
    await world.fire();
    await world.deliverAll();
    expect(flashCalls()).toHaveLength(12);
  });
});

test('everybody is asked, also without an open event, when somebody wants it', async () => {
  await program();
  const scheduledTime = world.now.toISOString();
  const asked = { scheduleName: 'by-hand', taskType: 'game_platform_flash_ctf_sync', scheduledTime } as const;
  await world.work({ kind: 'start_task', ...asked, payload: { everyone: true } });
  await world.deliverAll();
  expect(new Set(flashCalls().map(({ user }) => user)).size).toBe(PEOPLE.length);
});

const NAMES = ['Flash CTF Octobr', 'Flash CTF October'] as const;
const read = async () => {
  world.advance(30 * 60);
  await world.fire();
  await world.deliverAll();
};
const counted = async () =>
  (await itemsOf(world.table, keys.competitorPartition('cmp_a'))).find((item) => item['type'] === 'stats');

describe('a Flash CTF that is renamed over there', () => {
  test.each([
    ['without an id', undefined, undefined],
    ['with the same id', 'evt_7', 'evt_7'],
  ])('%s: its solves are counted once, at any read', async (_what, first, second) => {
    await world.addCompetitor('cmp_a');
    const start = world.platform.nowUnix();
    world.platform.events.push({ name: NAMES[0], start, end: start + 2 * HOUR, id: first });
    played('cmp_a', 0, 1);
    played('cmp_a', 0, 2);
    await read();
    world.platform.events[0] = { name: NAMES[1], start, end: start + 2 * HOUR, id: second };
    played('cmp_a', 0, 3);
    for (let reads = 0; reads < 3; reads += 1) {
      await read();
      expect(await counted()).toMatchObject({ storedCtf: 3, storedCtfPoints: 150 });
    }
  });

  test('with another id: it is another event, whatever its solves', async () => {
    await world.addCompetitor('cmp_a');
    const start = world.platform.nowUnix();
    world.platform.events.push({ name: NAMES[0], start, end: start + 2 * HOUR, id: 'evt_7' });
    played('cmp_a', 0, 1);
    await read();
    world.platform.events[0] = { name: NAMES[1], start, end: start + 2 * HOUR, id: 'evt_8' };
    await read();
    expect(await counted()).toMatchObject({ storedCtf: 2 });
  });
});

describe('a Flash CTF', () => {
  test('that one sentinel was seen in makes everyone be read within the minute', async () => {
    await program();
    const start = world.platform.nowUnix();
    world.platform.events.push({ name: 'Flash CTF', start, end: start + 2 * HOUR });
    played('cmp_00', 0, 1);
    played('cmp_29', 0, 1);
    await round();
    await round();
    const asked = new Set(flashCalls().map(({ user }) => user));
    expect(asked.size).toBe(PEOPLE.length);
    for (const id of ['cmp_00', 'cmp_29']) expect(await storedOf(world, id)).toEqual(expectedOf(world, id));
  });

  test('that grows after it was found is read to its end, with the last rank, and everyone once after it closed', async () => {
    await program();
    const start = world.platform.nowUnix();
    world.platform.events.push({ name: 'Flash CTF', start, end: start + 2 * HOUR });
    world.platform.ranks[0] = 9;
    for (let solveId = 0; solveId < 4; solveId += 1) {
      for (const id of PEOPLE.slice(0, 12)) played(id, 0, solveId);
      await round();
    }
    // A solve that comes late and a rank that moves the day after.
    world.advance(20 * HOUR);
    played('cmp_03', 0, 8, start + 2 * HOUR - 1);
    world.platform.ranks[0] = 2;
    world.advance(35 * HOUR);
    await round();
    const before = flashCalls().length;
    await round();
    await round();

    for (const id of PEOPLE) expect(await storedOf(world, id)).toEqual(expectedOf(world, id));
    const items = await itemsOf(world.table, 'COMP#cmp_03');
    const results = items.filter((item) => item['type'] === 'flash_result');
    expect(results).toMatchObject([{ solved: 5, points: 250, rank: 2 }]);
    // After the final round only sentinels are asked.
    expect(flashCalls().length - before).toBe(12);
  });

  test('its solve ids may be those of another event and of ODL, at the same second', async () => {
    await world.addCompetitor('cmp_a');
    const at = world.platform.nowUnix() - 60;
    world.platform.events.push(
      { name: 'Flash CTF one', start: at - HOUR, end: at + HOUR },
      { name: 'Flash CTF two', start: at - HOUR, end: at + HOUR },
    );
    for (const event of [null, 0, 1])
      world.platform.solves.push({ user: 'gp_cmp_a', event, solveId: 5, at, visibleFrom: 0, points: 10 });
    await world.fire();
    await world.deliverAll();
    expect(await storedOf(world, 'cmp_a')).toEqual(expectedOf(world, 'cmp_a'));
    expect((await storedOf(world, 'cmp_a')).solves).toHaveLength(3);
  });

  test('that vanishes whole is kept until a second read says so, too', async () => {
    await world.addCompetitor('cmp_a');
    const start = world.platform.nowUnix() - HOUR;
    world.platform.events.push({ name: 'Flash CTF', start, end: start + 2 * HOUR });
    for (const solveId of [1, 2]) played('cmp_a', 0, solveId, start + 60);
    await world.fire();
    await world.deliverAll();
    world.platform.solves.splice(0);
    world.advance(HOUR / 2);
    await world.fire();
    await world.deliverAll();
    expect((await storedOf(world, 'cmp_a')).solves).toHaveLength(2);
    // The second read does not wait for the event's next turn.
    world.advance(HOUR / 2);
    await world.fire();
    await world.deliverAll();
    expect(await storedOf(world, 'cmp_a')).toEqual(expectedOf(world, 'cmp_a'));
    expect((await world.allJobs())[0]).toMatchObject({ counts: { total: 1, synced: 0, corrected: 1 } });
  });
});
