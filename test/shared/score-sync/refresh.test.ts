import { beforeEach, expect, test } from 'vitest';
import { newJob } from '#shared/jobs/start-job.ts';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { createReadingRepository } from '#shared/game-platform/reading-repository.ts';
import { aCompetitor } from '#test/support/competitors.ts';
import { useTestTables } from '#test/support/dynamodb.ts';
import { refusal } from '#test/support/score-platform.ts';
import { SyncWorld } from '#test/support/sync-world.ts';
import { everyNth } from '#test/support/effort.ts';

const newTable = useTestTables();
let world: SyncWorld;
let started = 0;
beforeEach(async () => {
  world = await aWorld();
});

async function aWorld(): Promise<SyncWorld> {
  const made = new SyncWorld(await newTable());
  await made.addCompetitor('cmp_a');
  const competitor = aCompetitor({ id: 'cmp_a', gamePlatformId: 'gp_cmp_a' });
  await createCompetitorRepository(made.table).put(competitor);
  made.platform.users.set('gp_cmp_a', {
    metactf_user_id: 7,
    metactf_username: 'mira',
    metactf_user_status: 'approved',
    syned_user_id: 'gp_cmp_a',
    last_login_unix_timestamp: null,
  });
  const at = made.platform.nowUnix() - 60;
  made.platform.solves.push({ user: 'gp_cmp_a', event: null, solveId: 1, at, visibleFrom: 0, points: 10 });
  return made;
}

async function refresh(one: SyncWorld = world, killAt = Infinity): Promise<string> {
  started += 1;
  const payload = { competitorId: 'cmp_a' };
  const input = { taskType: 'competitor_refresh', payload, startedBy: 'user:sub-1' } as const;
  const job = newJob(`job_refresh-${started}`, input, one.now);
  await one.jobs.create(job);
  await one.work({ kind: 'plan_job', jobId: job.id });
  await one.deliver(0, { killAt });
  return job.id;
}

test('reads both lists, the totals and the account of one person, and counts each', async () => {
  const id = await refresh();
  expect(world.platform.calls.map(({ endpoint }) => endpoint)).toEqual(['odl', 'flash', 'odl', 'user']);
  expect(await world.jobs.byId(id)).toMatchObject({
    status: 'succeeded',
    counts: { total: 1, synced: 1, skipped: 0, failed: 0, inStep: 1, account_changed: 1 },
  });
  world.advance(60);
  const again = await refresh();
  expect(await world.jobs.byId(again)).toMatchObject({
    counts: { total: 1, synced: 0, skipped: 1, inStep: 1, account_unchanged: 1 },
  });
});

test('what the platform refuses is counted as that, and the rest is read all the same', async () => {
  world.platform.refusals.set('gp_cmp_a', refusal('NOT_APPROVED', 403));
  const id = await refresh();
  const { counts = {} } = (await world.jobs.byId(id)) ?? {};
  expect(counts).toMatchObject({ total: 1, synced: 0, notApproved: 1, totalsNotShown: 1 });
});

test('waits while another job asks about the same person', async () => {
  const readings = createReadingRepository(world.table);
  await readings.enter('job_x#0', ['cmp_a'], new Date(world.now.getTime() + 60_000));
  const id = await refresh();
  expect(world.platform.calls).toEqual([]);
  expect(await world.jobs.byId(id)).toMatchObject({ status: 'running' });
  await readings.leave('job_x#0');
  await world.drain();
  expect(await world.jobs.byId(id)).toMatchObject({ status: 'succeeded', counts: { synced: 1 } });
});

test('killed at any call: ends with the same stored result, counted once', async () => {
  const whole = await aWorld();
  whole.tableCalls.splice(0);
  await refresh(whole);
  const calls = whole.tableCalls.length + whole.platform.calls.length;
  for (let at = 0; at < calls; at += everyNth(12, 3)) {
    const one = await aWorld();
    const id = await refresh(one, at);
    one.advance(120);
    await one.drain();
    expect(await one.jobs.byId(id), `killed at ${at}`).toMatchObject({
      status: 'succeeded',
      done: 1,
      counts: { total: 1, synced: 1, failed: 0, inStep: 1 },
    });
  }
});
