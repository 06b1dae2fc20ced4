import { beforeEach, expect, test } from 'vitest';
import { keys } from '#shared/table/keys.ts';
import { totalsDueItem } from '#shared/table/score-items.ts';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { refusal } from '#test/support/score-platform.ts';
import { expectedOf, storedOf } from '#test/support/stored-scores.ts';
import { SyncWorld } from '#test/support/sync-world.ts';

const newTable = useTestTables();
let world: SyncWorld;
beforeEach(async () => {
  world = new SyncWorld(await newTable());
});

const sweep = async () => {
  await world.fire('game_platform_totals_sweep');
  await world.deliverAll();
  const [job] = await world.allJobs('game_platform_totals_sweep');
  return job;
};
const sync = async () => {
  await world.fire();
  await world.deliverAll();
};
const solved = (id: string, solveId: number, at: number, visibleFrom = at) =>
  world.platform.solves.push({ user: `gp_${id}`, event: null, solveId, at, visibleFrom, points: 50 });
const flagged = () => itemsOf(world.table, keys.totalsDuePartition);
const statsOf = async (id: string) =>
  (await itemsOf(world.table, keys.competitorPartition(id))).find((item) => item['type'] === 'stats');

test('stores the totals of flagged people from an unfiltered call, and clears their flags', async () => {
  await world.addCompetitor('cmp_a');
  await world.addCompetitor('cmp_b');
  const now = world.platform.nowUnix();
  solved('cmp_a', 1, now - 60);
  world.platform.events.push({ name: 'Flash CTF', start: now - 3600, end: now });
  world.platform.solves.push({
    user: 'gp_cmp_a',
    event: 0,
    solveId: 1,
    at: now - 30,
    visibleFrom: 0,
    points: 9,
  });
  await sync();
  world.advance(60);

  expect(await sweep()).toMatchObject({ counts: { total: 2, inStep: 2, failed: 0 } });
  expect(await flagged()).toEqual([]);
  expect(await statsOf('cmp_a')).toMatchObject({
    storedOdl: 1,
    platform: { challengesCompleted: 1, totalScore: 50, monthlyCtfChallenges: 1 },
  });
  expect(await statsOf('cmp_b')).toMatchObject({ storedOdl: 0, platform: { challengesCompleted: 0 } });
  world.advance(3600);
  expect(await sweep()).toMatchObject({ status: 'succeeded', total: 0, counts: {} });
});

test('a failed read leaves the flag; a flag set while the totals are read is kept', async () => {
  await world.addCompetitor('cmp_a');
  await world.addCompetitor('cmp_b');
  world.platform.refusals.set('gp_cmp_a', refusal('UNAVAILABLE', 503));
  world.platform.onCall = async () => {
    const Item = totalsDueItem({ competitorId: 'cmp_b', coachId: 'coach_1', mark: 'newer' });
    await world.table.client.send(new PutCommand({ TableName: world.table.name, Item }));
  };
  expect(await sweep()).toMatchObject({ counts: { total: 2, inStep: 1, failed: 1 } });
  expect((await flagged()).map((item) => [item['competitorId'], item['mark']])).toEqual([
    ['cmp_a', 'onboarded'],
    ['cmp_b', 'newer'],
  ]);
});

test('a solve that came later than the overlap is found by the totals, stored, and told as healed', async () => {
  await world.addCompetitor('cmp_a');
  const now = world.platform.nowUnix();
  solved('cmp_a', 1, now - 60);
  await sync();
  await sweep();
  solved('cmp_a', 2, now - 80 * 3600, now + 600);
  solved('cmp_a', 3, now + 900);
  world.advance(1800);
  await sync();
  expect(await storedOf(world, 'cmp_a')).not.toEqual(expectedOf(world, 'cmp_a'));
  world.advance(60);

  expect(await sweep()).toMatchObject({ counts: { total: 1, healed: 1, inStep: 0 } });
  expect(await storedOf(world, 'cmp_a')).toEqual(expectedOf(world, 'cmp_a'));
  expect(await flagged()).toEqual([]);
});

test('people whose totals keep failing do not keep the others out of a limited sweep', async () => {
  const people = Array.from({ length: 130 }, (_, index) => `cmp_${String(index).padStart(3, '0')}`);
  for (const id of people) await world.addCompetitor(id);
  for (const id of people.slice(0, 100))
    world.platform.refusals.set(`gp_${id}`, refusal('USER_UNKNOWN', 404));
  expect(await sweep()).toMatchObject({ total: 100, counts: { inStep: 0, userUnknown: 100 } });
  world.advance(3600);
  expect(await sweep()).toMatchObject({ total: 100, counts: { inStep: 30, userUnknown: 70 } });
  world.advance(3600);
  expect(await sweep()).toMatchObject({ total: 100, counts: { inStep: 0, userUnknown: 100 } });
});
