import { beforeEach, describe, expect, test } from 'vitest';
import { keys } from '#shared/table/keys.ts';
import { totalsDueItem } from '#shared/score-sync/score-items.ts';
import { createQuarantineRepository } from '#shared/score-sync/quarantine-repository.ts';
import { createSolveRepository } from '#shared/score-sync/solve-repository.ts';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { refusal } from '#test/support/score-platform.ts';
import { expectedOf, storedOf } from '#test/support/stored-scores.ts';
import { SyncWorld } from '#test/support/sync-world.ts';
import { everyNth } from '#test/support/effort.ts';

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
const quarantined = () =>
  createQuarantineRepository(world.table).page({
    competitorId: 'cmp_a',
    from: '2000-01-01',
    to: '2999-12-31',
    limit: 10,
    before: null,
    now: world.now,
  });
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

test('a solve that came later than the overlap is found by the totals, stored, and counted as healed', async () => {
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

test('totals that could not be read cost no solve, are set aside and counted, and are read again', async () => {
  await world.addCompetitor('cmp_a');
  const now = world.platform.nowUnix();
  solved('cmp_a', 1, now - 60);
  const odd = {
    index: 0,
    issues: [{ path: 'total_points', message: 'odd' }],
    redacted: { total_points: null },
  };
  world.platform.oddParts.set('gp_cmp_a', { total_points: null, odd });
  await sync();
  expect(await statsOf('cmp_a')).toMatchObject({ storedOdl: 1 });
  const solves = await itemsOf(world.table, keys.competitorPartition('cmp_a'));
  expect(solves.filter((item) => item['type'] === 'solve')).toHaveLength(1);
  expect(await quarantined()).toMatchObject([{ source: 'odl', issues: [{ path: 'total_points' }] }]);

  solved('cmp_a', 2, now - 50);
  expect(await sweep()).toMatchObject({ counts: { total: 1, unread: 1 } });
  expect(await statsOf('cmp_a')).toMatchObject({ storedOdl: 2, platform: null });
  expect(await flagged()).toHaveLength(1);

  world.platform.oddParts.clear();
  world.advance(60);
  expect(await sweep()).toMatchObject({ counts: { total: 1, inStep: 1 } });
  expect(await statsOf('cmp_a')).toMatchObject({ platform: { challengesCompleted: 2, totalScore: 100 } });
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

const activity = async () =>
  (await itemsOf(world.table, 'ACTIVITY#coach_1')).map((line) => [line['kind'], line['details']]);

const HOUR = 3600;
const ago = (hours: number) => world.platform.nowUnix() - hours * HOUR;
const flag = async (id: string) => {
  const Item = totalsDueItem({
    competitorId: id,
    coachId: 'coach_1',
    mark: `again-${world.now.getTime()}`,
  });
  await world.table.client.send(new PutCommand({ TableName: world.table.name, Item }));
};
/** A competitor with solves of ten points each, synced and in step. */
const settled = async (solves: number) => {
  await world.addCompetitor('cmp_a');
  for (let solveId = 0; solveId < solves; solveId += 1) solved('cmp_a', solveId, ago(100 * (solveId + 1)));
  await sync();
  expect(await sweep()).toMatchObject({ counts: { total: 1, inStep: 1 } });
  world.advance(HOUR);
  await flag('cmp_a');
};
const counts = async () => (await sweep())?.counts;

describe('shadow scoring', () => {
  test('a solve that the platform took back is withdrawn here, with a line for the coach and history', async () => {
    await settled(4);
    world.platform.revoke('gp_cmp_a', null, 1);
    expect(await counts()).toEqual({ total: 1, inStep: 0, failed: 0, revoked: 1 });
    expect(await storedOf(world, 'cmp_a')).toEqual(expectedOf(world, 'cmp_a'));
    expect((await activity()).at(-1)).toEqual(['solves_withdrawn', { odl: 1, ctf: 0, points: -50 }]);
    const items = await itemsOf(world.table, keys.competitorPartition('cmp_a'));
    expect(items.filter((item) => item['type'] === 'solve')).toHaveLength(4);
    expect(items.find((item) => item['type'] === 'solve_history')).toMatchObject({
      kind: 'revoked',
      solveId: 1,
      before: { points: 50, revoked: false },
    });
    const revoked = items.find((item) => item['revokedAt'] !== undefined);
    expect(Object.keys(revoked ?? {}).filter((name) => name.startsWith('gsi'))).toEqual([]);

    world.platform.solves.push({
      user: 'gp_cmp_a',
      event: null,
      solveId: 1,
      at: ago(201),
      visibleFrom: 0,
      points: 50,
    });
    world.advance(HOUR);
    await flag('cmp_a');
    expect(await counts()).toEqual({ total: 1, inStep: 0, failed: 0, healed: 1 });
    expect(await storedOf(world, 'cmp_a')).toEqual(expectedOf(world, 'cmp_a'));
  });

  test('points that were corrected, with as many solves as before, are found and explained', async () => {
    await settled(3);
    world.platform.correct('gp_cmp_a', null, 2, { points: 20 });
    expect(await counts()).toMatchObject({ corrected: 1 });
    expect(await statsOf('cmp_a')).toMatchObject({ storedOdl: 3, storedOdlPoints: 120 });
    expect((await activity()).at(-1)).toEqual(['solves_corrected', { odl: 1, ctf: 0, points: -30 }]);
    const restated = await createSolveRepository(world.table).restatedMonths('coach_1', '2026-01', '2026-12');
    expect(restated).toMatchObject([{ competitorId: 'cmp_a', month: '2026-10', odl: 0, odlPoints: -30 }]);
  });

  test('a list that is shorter than its own totals takes nothing back; the drift stays until it is gone', async () => {
    await settled(3);
    world.platform.revoke('gp_cmp_a', null, 0);
    world.platform.unlisted.set('gp_cmp_a', 2);
    expect(await counts()).toMatchObject({ unexplained: 1 });
    const since = world.now.toISOString();
    const drift = { since, platform: { solves: 4, points: 100 }, stored: { solves: 3, points: 150 } };
    expect(await statsOf('cmp_a')).toMatchObject({ storedOdl: 3, drift });

    world.advance(HOUR);
    await flag('cmp_a');
    expect(await counts()).toMatchObject({ unexplained: 1 });
    expect(await statsOf('cmp_a')).toMatchObject({ drift });

    world.platform.unlisted.clear();
    world.advance(HOUR);
    await flag('cmp_a');
    expect(await counts()).toMatchObject({ revoked: 1 });
    expect((await statsOf('cmp_a'))?.['drift']).toBeUndefined();
  });

  test('a record that could not be read is not a missing one, and explains the difference', async () => {
    await settled(3);
    world.platform.revoke('gp_cmp_a', null, 0);
    const unparsed = { index: 0, issues: [], redacted: { challenge_solve_id: 0, challenge_points: -5 } };
    world.platform.unparsed.set('gp_cmp_a', [unparsed]);
    world.platform.unlisted.set('gp_cmp_a', 1);
    expect(await counts()).toMatchObject({ quarantined: 1 });
    expect(await statsOf('cmp_a')).toMatchObject({ storedOdl: 3 });
    // Which one a record without a number is, no one knows: nothing is taken back.
    world.platform.unparsed.set('gp_cmp_a', [{ ...unparsed, redacted: null }]);
    world.advance(HOUR);
    await flag('cmp_a');
    await sweep();
    expect(await statsOf('cmp_a')).toMatchObject({ storedOdl: 3 });
  });

  test('a platform that forgot everything is not believed until a later sweep sees the same', async () => {
    await settled(6);
    const all = world.platform.solves.splice(0);
    expect(await counts()).toMatchObject({ held: 1 });
    expect(await statsOf('cmp_a')).toMatchObject({ storedOdl: 6, heldOdl: { count: 6 } });
    expect(await flagged()).toHaveLength(1);

    // It was a bad hour.
    world.platform.solves.push(...all);
    world.advance(HOUR);
    expect(await counts()).toMatchObject({ inStep: 1 });
    expect((await statsOf('cmp_a'))?.['heldOdl']).toBeUndefined();
    expect(await flagged()).toEqual([]);

    world.platform.solves.splice(0);
    world.advance(HOUR);
    await flag('cmp_a');
    expect(await counts()).toMatchObject({ held: 1 });
    world.advance(HOUR);
    expect(await counts()).toMatchObject({ revoked: 1 });
    expect(await statsOf('cmp_a')).toMatchObject({ storedOdl: 0, storedOdlPoints: 0, lastSolveAt: null });
  });

  test('a withdrawal inside the overlap is suspected by the next sync, which has the sweep look', async () => {
    await world.addCompetitor('cmp_a');
    for (const solveId of [1, 2, 3]) solved('cmp_a', solveId, ago(solveId));
    await sync();
    world.advance(HOUR);
    await sync();
    await sweep();
    expect(await flagged()).toEqual([]);
    world.platform.revoke('gp_cmp_a', null, 2);
    world.advance(HOUR);
    await sync();
    expect(await statsOf('cmp_a')).toMatchObject({ storedOdl: 3 });
    expect(await flagged()).toHaveLength(1);
    world.advance(60);
    expect(await counts()).toMatchObject({ revoked: 1 });
    expect(await storedOf(world, 'cmp_a')).toEqual(expectedOf(world, 'cmp_a'));
  });

  test('a withdrawal beside a correction in one answer is suspected, too', async () => {
    await world.addCompetitor('cmp_a');
    for (const solveId of [1, 2, 3]) solved('cmp_a', solveId, ago(solveId));
    await sync();
    world.advance(HOUR);
    await sync();
    await sweep();
    world.platform.revoke('gp_cmp_a', null, 2);
    world.platform.correct('gp_cmp_a', null, 3, { points: 75 });
    world.advance(HOUR);
    await sync();
    world.advance(60);
    expect(await counts()).toMatchObject({ revoked: 1 });
    expect(await storedOf(world, 'cmp_a')).toEqual(expectedOf(world, 'cmp_a'));
  });

  test('what a sweep stored before the first read, and the platform took back since, that read withdraws', async () => {
    await world.addCompetitor('cmp_a');
    for (const solveId of [1, 2, 3]) solved('cmp_a', solveId, ago(solveId));
    expect(await counts()).toMatchObject({ healed: 1 });
    world.platform.revoke('gp_cmp_a', null, 2);
    world.advance(HOUR);
    await sync();
    expect(await storedOf(world, 'cmp_a')).toEqual(expectedOf(world, 'cmp_a'));
    expect((await activity()).at(-1)).toEqual(['solves_withdrawn', { odl: 1, ctf: 0, points: -50 }]);
  });

  test('a sweep killed at any call reports, after the same message again, what it had found', async () => {
    for (let kill = 0; ; kill += everyNth(11)) {
      world = new SyncWorld(await newTable());
      await settled(4);
      world.platform.revoke('gp_cmp_a', null, 1);
      await world.fire('game_platform_totals_sweep');
      await world.deliver(0, { killAt: kill });
      const { killed } = world;
      await world.drain();
      const [job] = await world.allJobs('game_platform_totals_sweep');
      expect(job).toMatchObject({ status: 'succeeded', counts: { total: 1, revoked: 1 } });
      expect(await storedOf(world, 'cmp_a')).toEqual(expectedOf(world, 'cmp_a'));
      expect(await flagged()).toEqual([]);
      if (!killed) break;
    }
  });
});
