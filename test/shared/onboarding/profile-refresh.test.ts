import { beforeEach, describe, expect, test } from 'vitest';
import { competitorChain } from '#shared/competitors/competitor-chain.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import type { UserResponse } from '#shared/game-platform/vendor-contract.ts';
import { startJob } from '#shared/jobs/start-job.ts';
import { createActivityRepository } from '#shared/audit/activity-repository.ts';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { keys } from '#shared/table/keys.ts';
import { createReadingRepository } from '#shared/game-platform/reading-repository.ts';
import { createSyncStateRepository } from '#shared/score-sync/sync-state-repository.ts';
import { APPROVED_ACCOUNT, aCompetitor } from '#test/support/competitors.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { refusal } from '#test/support/score-platform.ts';
import { SyncWorld } from '#test/support/sync-world.ts';
import { everyNth } from '#test/support/effort.ts';

const newTable = useTestTables();
let world: SyncWorld;
let competitors: ReturnType<typeof createCompetitorRepository>;
beforeEach(async () => {
  world = new SyncWorld(await newTable());
  competitors = createCompetitorRepository(world.table);
});

const DAY = 24 * 3600;
const answerOf = (id: string, status: string, change: Partial<UserResponse> = {}): UserResponse => ({
  metactf_user_id: 4711,
  metactf_username: 'mira.okafor',
  syned_user_id: `gp_${id}`,
  metactf_user_status: status,
  last_login_unix_timestamp: null,
  ...change,
});

/** Somebody with an account in this state here and over there. */
async function add(
  id: string,
  accountStatus: string | null,
  platform: Partial<Competitor['platform']> = {},
): Promise<void> {
  await world.addCompetitor(id);
  await competitors.put(
    aCompetitor({
      id,
      coachId: 'coach_1',
      gamePlatformId: `gp_${id}`,
      platform: {
        ...APPROVED_ACCOUNT,
        lastLoginAt: null,
        accountStatus,
        checkedAt: world.now.toISOString(),
        ...platform,
      },
    }),
  );
  world.platform.users.set(`gp_${id}`, answerOf(id, accountStatus ?? 'user_created'));
}

const run = async () => {
  await world.fire('profile_refresh');
  await world.deliverAll();
  const [job] = await world.allJobs('profile_refresh');
  return job;
};
const asked = () => world.platform.calls.splice(0).map(({ user }) => user.replace('gp_', ''));
const stored = async (id: string) => {
  const found = await competitors.byId(id, { consistent: true });
  if (found === undefined) throw new Error(`There is no ${id}.`);
  return found;
};
const activity = async () =>
  (await createActivityRepository(world.table).ofCoach('coach_1', { limit: 50 })).items;
const clearTotals = async () => {
  await world.fire('game_platform_totals_sweep');
  await world.deliverAll();
  world.platform.calls.splice(0);
};
const flagged = async () =>
  (await itemsOf(world.table, keys.totalsDuePartition)).map((item) => item['competitorId']);

describe('who is asked about', () => {
  test('undecided accounts in every run, decided ones once a day', async () => {
    for (const [id, status] of [
      ['cmp_approved', 'approved'],
      ['cmp_denied', 'denied'],
      ['cmp_created', 'user_created'],
      ['cmp_pending', 'pending_approval'],
      ['cmp_odd', 'on_hold'],
    ] as const) {
      await add(id, status);
    }
    world.advance(3600);
    await run();
    expect(asked().toSorted()).toEqual(['cmp_created', 'cmp_odd', 'cmp_pending']);
    world.advance(DAY - 3600);
    await run();
    expect(asked()).toHaveLength(5);
    world.advance(3600);
    await run();
    expect(asked()).toHaveLength(3);
  });

  test('nobody who is deactivated, and nobody twice in one job', async () => {
    await add('cmp_1', 'pending_approval');
    await add('cmp_2', 'pending_approval');
    const before = await stored('cmp_2');
    await competitors.update({ ...before, version: before.version + 1, active: false });
    world.advance(3600);
    await world.fire('profile_refresh');
    await world.deliver(0, { keepCopy: true });
    await world.deliverAll();
    expect(asked()).toEqual(['cmp_1']);
  });

  test('the chosen ones, due or not', async () => {
    await add('cmp_1', 'approved');
    await add('cmp_2', 'approved');
    world.advance(60);
    const job = await startJob({ jobs: world.jobs, now: () => world.now, newId: (prefix) => `${prefix}_1` })({
      taskType: 'profile_refresh',
      payload: { competitorIds: ['cmp_2'] },
      startedBy: 'user:sub',
    });
    await world.work({ kind: 'plan_job', jobId: job.id });
    await world.deliverAll();
    expect(asked()).toEqual(['cmp_2']);
  });
});

describe('what the answer changes', () => {
  test('an approval raises the version, tells the coach by ids, and flags the totals', async () => {
    await add('cmp_1', 'pending_approval');
    await clearTotals();
    world.advance(3600);
    world.platform.users.set(
      'gp_cmp_1',
      answerOf('cmp_1', 'approved', {
        metactf_username: 'mira.o',
        last_login_unix_timestamp: 1_793_000_000,
      }),
    );
    const job = await run();
    expect(job).toMatchObject({ status: 'succeeded', counts: { total: 1, changed: 1, failed: 0 } });
    expect(await stored('cmp_1')).toMatchObject({
      version: 2,
      platform: {
        accountStatus: 'approved',
        username: 'mira.o',
        lastLoginAt: new Date(1_793_000_000_000).toISOString(),
        checkedAt: world.now.toISOString(),
      },
    });
    expect(await activity()).toEqual([
      expect.objectContaining({
        kind: 'account_status_changed',
        competitorId: 'cmp_1',
        actor: `job:${job?.id}`,
        details: { from: 'pending_approval', to: 'approved' },
      }),
    ]);
    expect(await flagged()).toEqual(['cmp_1']);
  });

  test('what the answer does not say stays as it was known', async () => {
    await add('cmp_a', 'user_created', { username: 'mira.okafor', userId: 4711 });
    const unread = { metactf_user_id: null, metactf_username: null };
    world.platform.users.set('gp_cmp_a', answerOf('cmp_a', 'approved', unread));
    world.advance(60);
    await run();
    expect((await stored('cmp_a')).platform).toMatchObject({
      userId: 4711,
      username: 'mira.okafor',
      accountStatus: 'approved',
    });
  });

  test('nothing new costs one small write, without a version or a trace', async () => {
    await add('cmp_1', 'pending_approval');
    await clearTotals();
    const before = await stored('cmp_1');
    world.advance(3600);
    expect(await run()).toMatchObject({ counts: { changed: 0, unchanged: 1 } });
    expect(await stored('cmp_1')).toEqual({
      ...before,
      platform: { ...before.platform, checkedAt: world.now.toISOString() },
    });
    expect(await activity()).toEqual([]);
    expect(await flagged()).toEqual([]);
  });

  test('a coach who saves in between loses nothing, and neither does the answer', async () => {
    await add('cmp_1', 'pending_approval');
    world.advance(3600);
    world.platform.users.set('gp_cmp_1', answerOf('cmp_1', 'approved'));
    world.platform.onCall = async () => {
      const current = await stored('cmp_1');
      await competitors.update({ ...current, version: current.version + 1, grade: 12 });
    };
    await run();
    expect(await stored('cmp_1')).toMatchObject({
      version: 3,
      grade: 12,
      platform: { accountStatus: 'approved' },
    });
  });

  test('an account that is unknown over there is a problem with a remedy, until it is back', async () => {
    await add('cmp_1', 'approved');
    world.platform.users.delete('gp_cmp_1');
    world.advance(DAY);
    expect(await run()).toMatchObject({ counts: { userUnknown: 1 } });
    const lost = await stored('cmp_1');
    expect(lost).toMatchObject({
      version: 2,
      gamePlatformId: 'gp_cmp_1',
      platform: { accountStatus: 'approved', refusal: { code: 'ACCOUNT_UNKNOWN' } },
    });
    const chain = competitorChain({
      competitor: lost,
      teamName: null,
      lastSolveAt: null,
      reading: null,
      now: world.now,
      slaHours: 8,
      inactiveDays: 14,
    });
    expect(chain.find(({ link }) => link === 'account')).toMatchObject({
      state: 'refused',
      text: expect.stringContaining('no longer knows this account'),
    });

    world.advance(3600);
    expect(await run()).toMatchObject({ counts: { userUnknown: 1 } });
    expect((await stored('cmp_1')).version).toBe(2);

    world.platform.users.set('gp_cmp_1', answerOf('cmp_1', 'approved'));
    world.advance(3600);
    expect(await run()).toMatchObject({ counts: { changed: 1 } });
    expect((await stored('cmp_1')).platform.refusal).toBeNull();
  });
});

describe('trouble', () => {
  test('one refused look-up does not stop the others', async () => {
    await add('cmp_1', 'pending_approval');
    await add('cmp_2', 'pending_approval');
    world.advance(3600);
    world.platform.refusals.set('gp_cmp_1', refusal('UNAVAILABLE', 503));
    expect(await run()).toMatchObject({ status: 'succeeded', counts: { failed: 1, unchanged: 1 } });
  });

  test('a refused token stops everybody’s calls, and the part goes on afterwards', async () => {
    for (let person = 0; person < 20; person += 1) await add(`cmp_${person}`, 'pending_approval');
    world.advance(3600);
    world.platform.tokenRefused = true;
    await run();
    expect(asked().length).toBeLessThanOrEqual(4);
    world.platform.tokenRefused = false;
    await world.drain();
    const [job] = await world.allJobs('profile_refresh');
    expect(job).toMatchObject({ status: 'succeeded', counts: { total: 20, unchanged: 20 } });
  });

  test('a worker killed before or after any call leaves the same as one that was not', async () => {
    for (const losesAnswers of [false, true]) {
      for (let killAt = 0; killAt < 14; killAt += everyNth(5)) {
        const id = `cmp_${killAt}_${losesAnswers ? 'lost' : 'dead'}`;
        await add(id, 'pending_approval');
        world.advance(3600);
        world.platform.users.set(`gp_${id}`, answerOf(id, 'approved'));
        await world.fire('profile_refresh');
        world.losesAnswers(losesAnswers);
        await world.deliver(0, { killAt });
        world.losesAnswers(false);
        await world.drain();
        expect(await stored(id), id).toMatchObject({ version: 2, platform: { accountStatus: 'approved' } });
        const told = (await activity()).filter(({ competitorId }) => competitorId === id);
        expect(told, id).toHaveLength(1);
      }
    }
  });
});

test('the score sync’s copy of the team is mended, and left alone where it is right', async () => {
  const states = createSyncStateRepository(world.table);
  for (const [id, teamId] of [
    ['cmp_1', 'team_1'],
    ['cmp_2', 'team_2'],
    ['cmp_3', null],
  ] as const) {
    await add(id, 'pending_approval');
    const before = await stored(id);
    await competitors.update({ ...before, version: before.version + 1, teamId });
  }
  await states.followTeam('cmp_1', 'team_1');
  await states.followTeam('cmp_2', 'team_9');
  world.advance(3600);
  world.tableCalls.length = 0;
  await run();
  const told = world.tableCalls.filter(({ input }) => String(input['UpdateExpression']).includes('teamId'));
  expect(told.map(({ input }) => input['Key'])).toEqual([keys.syncState('cmp_2')]);
  const copies = await states.byIds(['cmp_1', 'cmp_2', 'cmp_3']);
  expect(['cmp_1', 'cmp_2', 'cmp_3'].map((id) => copies.get(id)?.teamId ?? null)).toEqual([
    'team_1',
    'team_2',
    null,
  ]);
});

test('whoever another job is asking about comes last, and is asked about when that job is done', async () => {
  for (const id of ['cmp_a', 'cmp_b']) await add(id, 'pending_approval', { checkedAt: null });
  const until = new Date(world.now.getTime() + 30_000);
  await createReadingRepository(world.table).enter('job_other#0', ['cmp_a'], until);
  await run();
  expect(asked()).toEqual(['cmp_b']);
  world.advance(60);
  await world.dispatch();
  await world.deliverAll();
  expect(asked()).toEqual(['cmp_a']);
  const [job] = await world.allJobs('profile_refresh');
  expect(job).toMatchObject({ status: 'succeeded', counts: { total: 2 } });
});
