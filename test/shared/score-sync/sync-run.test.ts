import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, test } from 'vitest';
import { newJob } from '#shared/jobs/start-job.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import { keys, syncBucketOf } from '#shared/table/keys.ts';
import { createRoundRepository } from '#shared/score-sync/round-repository.ts';
import { syncStateItem } from '#shared/score-sync/score-items.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { refusal } from '#test/support/score-platform.ts';
import { SyncWorld, syncState } from '#test/support/sync-world.ts';

const newTable = useTestTables();
let world: SyncWorld;
beforeEach(async () => {
  world = new SyncWorld(await newTable());
});

const run = async () => {
  await world.fire();
  await world.deliverAll();
  const [job] = await world.allJobs();
  return job;
};
const solved = (id: string, solveId: number, ago = 60) => {
  const at = world.platform.nowUnix() - ago;
  world.platform.solves.push({ user: `gp_${id}`, event: null, solveId, at, visibleFrom: at, points: 50 });
};
const stateOf = async (id: string) =>
  (await itemsOf(world.table, keys.syncState(id).pk)).find((item) => item['competitorId'] === id);

describe('what a run counts', () => {
  test('after one new solve among 22 people: one synced, 21 skipped', async () => {
    for (let person = 1; person <= 22; person += 1) await world.addCompetitor(`cmp_${person}`);
    solved('cmp_7', 1, 3600);
    await run();
    world.advance(1800);
    solved('cmp_3', 1);

    expect(await run()).toMatchObject({
      status: 'succeeded',
      counts: { total: 22, synced: 1, skipped: 21, failed: 0 },
      done: 22,
      total: 22,
    });
  });

  test('throttling fails one person, who is read again by the next run; the others go on', async () => {
    for (const id of ['cmp_a', 'cmp_b']) await world.addCompetitor(id);
    solved('cmp_a', 1);
    world.platform.refusals.set('gp_cmp_a', refusal('THROTTLED', 429));
    expect(await run()).toMatchObject({
      status: 'succeeded',
      counts: { total: 2, synced: 0, skipped: 1, failed: 1 },
    });
    expect(await stateOf('cmp_a')).toMatchObject({ lastFailure: { code: 'THROTTLED' }, lastReadAt: null });

    world.platform.refusals.clear();
    world.advance(1800);
    expect(await run()).toMatchObject({ counts: { total: 2, synced: 1, skipped: 1, failed: 0 } });
    expect(await stateOf('cmp_a')).toMatchObject({ lastFailure: null });
  });

  test('an error of our own is shown on whoever was not read, and the next run heals it', async () => {
    for (const id of ['cmp_a', 'cmp_b']) await world.addCompetitor(id);
    world.platform.refusals.set('gp_cmp_a', new TypeError('Cannot read properties of undefined') as never);
    expect(await run()).toMatchObject({
      status: 'succeeded',
      counts: { total: 2, synced: 0, skipped: 1, failed: 1 },
    });
    expect(await stateOf('cmp_a')).toMatchObject({ lastFailure: { code: 'OWN_FAULT' }, lastReadAt: null });

    world.platform.refusals.clear();
    world.advance(1800);
    expect(await run()).toMatchObject({ counts: { total: 2, synced: 0, skipped: 2, failed: 0 } });
    expect(await stateOf('cmp_a')).toMatchObject({ lastFailure: null });
  });

  test('people whom the platform does not approve or know are outcomes of their own, with a note', async () => {
    for (const id of ['cmp_a', 'cmp_b', 'cmp_c']) await world.addCompetitor(id);
    world.platform.refusals.set('gp_cmp_a', refusal('NOT_APPROVED', 403));
    world.platform.refusals.set('gp_cmp_b', refusal('USER_UNKNOWN', 404));
    expect(await run()).toMatchObject({
      status: 'succeeded',
      counts: { total: 3, synced: 0, skipped: 1, failed: 0, notApproved: 1, userUnknown: 1 },
    });
    expect(await stateOf('cmp_a')).toMatchObject({ lastFailure: { code: 'NOT_APPROVED' } });
  });

  test('a competitor who left after the job was planned is passed over', async () => {
    await world.addCompetitor('cmp_a');
    await world.fire();
    const moved = syncStateItem(syncState('cmp_a', { gamePlatformId: 'gp_new' }));
    await world.table.client.send(new PutCommand({ TableName: world.table.name, Item: moved }));
    await world.deliverAll();
    expect(world.platform.calls.map((call) => call.user)).toEqual(['gp_new', 'gp_new']);
  });
});

const dryRun = async (payload: Record<string, unknown>) => {
  const input = { taskType: 'game_platform_sync', payload: { ...payload, dryRun: true } };
  await world.jobs.create(newJob('job_dry', { ...input, startedBy: 'user:sub-1' }, world.now));
  await world.work({ kind: 'plan_job', jobId: 'job_dry' });
  world.tableCalls.length = 0;
  await world.deliverAll();
  const { rows } = await world.jobs.pageOfRows('job_dry', { limit: 10, after: null });
  return { job: await world.jobs.byId('job_dry'), rows };
};
const writesOutsideTheJob = () =>
  world.tableCalls
    .filter(({ name }) => /^(Put|Update|Delete|Batch(Put|Write)|TransactWrite)/.test(name))
    .filter(({ input }) => !JSON.stringify(input).includes('JOB#'));

describe('a dry run', () => {
  test('of everyone lists whom it would read, why, and with how many calls, and asks and writes nothing', async () => {
    for (const id of ['cmp_a', 'cmp_b']) await world.addCompetitor(id);
    const states = await Promise.all(['cmp_a', 'cmp_b'].map(stateOf));
    const { job, rows } = await dryRun({ full: true });
    expect(job).toMatchObject({ status: 'succeeded', counts: { total: 2, wouldRead: 2, calls: 4 } });
    expect(rows).toMatchObject([
      {
        subject: 'cmp_a',
        outcome: 'would_read',
        message: 'Would have been read because someone asked for it, with 2 calls to the platform.',
      },
      { subject: 'cmp_b', outcome: 'would_read' },
    ]);
    expect(world.platform.calls).toEqual([]);
    expect(writesOutsideTheJob()).toEqual([]);
    expect(await Promise.all(['cmp_a', 'cmp_b'].map(stateOf))).toEqual(states);
    expect(world.metrics.map(({ name }) => name)).not.toContain('SyncRunSucceeded');
  });

  test('of a round gives the reason of the round, and leaves that round to the next one', async () => {
    await world.addCompetitor('cmp_a');
    const { rows } = await dryRun({ full: false, due: true });
    expect(rows).toMatchObject([{ subject: 'cmp_a', outcome: 'would_read' }]);
    expect(rows[0]?.message).toMatch(/^Would have been read because there had been no read before, with /);
    expect(await createRoundRepository(world.table).last()).toBeUndefined();
    await world.round();
    await world.deliverAll();
    expect(world.platform.calls.length).toBeGreaterThan(0);
  });

  test('names who left since it was planned as no longer read', async () => {
    const { job, rows } = await dryRun({ full: false, competitorIds: ['cmp_gone'] });
    expect(job).toMatchObject({ counts: { total: 1, wouldRead: 0, calls: 0, left: 1 } });
    expect(rows).toMatchObject([{ subject: 'cmp_gone', outcome: 'left' }]);
  });
});

describe('what a read costs', () => {
  test('without news: one write, to the row that several people share, and none to any index', async () => {
    await world.addCompetitor('cmp_a');
    solved('cmp_a', 1);
    solved('cmp_a', 2);
    await run();
    world.advance(1800);
    await world.fire();
    world.tableCalls.length = 0;
    await world.deliverAll();

    const writes = world.tableCalls.filter(({ name }) => /^(Put|Update|Delete|TransactWrite)/.test(name));
    // Who is being read, and what reads have observed of the program, is recorded per part, not per person.
    const ofPeople = writes.filter(
      ({ input }) => !/JOB#|READING|SYNC_POLICY|SYNC_ARMS/.test(JSON.stringify(input)),
    );
    expect(ofPeople.map(({ name, input }) => [name, input['Key']])).toEqual([
      ['UpdateCommand', keys.noOpReads(syncBucketOf('cmp_a'), 0)],
    ]);
    const looked = world.tableCalls.filter(({ input }) => JSON.stringify(input).includes('SOLVE#'));
    expect(looked).toEqual([]);
    expect(Object.keys((await stateOf('cmp_a')) ?? {}).filter((name) => name.startsWith('gsi'))).toEqual([]);
  });

  test('without news: at most one read unit and one write unit a person, all a part costs included', async () => {
    const people = 50;
    for (let person = 0; person < people; person += 1) {
      await world.addCompetitor(`cmp_${person}`);
      for (let solveId = 0; solveId < 3; solveId += 1) solved(`cmp_${person}`, solveId, 3600 * solveId);
    }
    await run();
    world.advance(1800);
    const payload = {
      full: false,
      competitorIds: Array.from({ length: people }, (_, person) => `cmp_${person}`),
    };
    const input = { taskType: 'game_platform_sync', payload, startedBy: 'user:sub-1' } as const;
    await world.jobs.create(newJob('job_1', input, world.now));
    await world.work({ kind: 'plan_job', jobId: 'job_1' });
    world.tableCalls.length = 0;
    await world.deliverAll();
    const units = (pattern: RegExp) =>
      world.tableCalls.filter(({ name }) => pattern.test(name)).reduce((sum, call) => sum + call.units, 0);
    expect(await world.jobs.byId('job_1')).toMatchObject({ counts: { total: people, skipped: people } });
    const reads = units(/^(Get|BatchGet|Query)/) / people;
    const writes = units(/^(Put|Update|Delete|TransactWrite)/) / people;
    // Half a read for the state, an eighth of a read and a write for the no-op reads; the rest is the part's and the
    // job's own, shared by its people.
    expect(reads).toBeGreaterThanOrEqual(0.5);
    expect(reads).toBeLessThanOrEqual(1);
    expect(writes).toBeLessThanOrEqual(1);
    const updates = (partition: string) =>
      world.tableCalls.filter(
        (call) => call.name === 'UpdateCommand' && JSON.stringify(call.input['Key']).includes(partition),
      );
    expect(new Set(updates('QUIET#').map((call) => call.units))).toEqual(new Set([1]));
    expect(updates('SYNC#')).toEqual([]);
  });

  test('later reads ask for what came after the cursor less the overlap; a full one for everything', async () => {
    await world.addCompetitor('cmp_a');
    solved('cmp_a', 1, 600);
    const newest = world.platform.nowUnix() - 600;
    await run();
    world.advance(1800);
    await run();
    const asked = world.platform.calls.filter((call) => call.endpoint === 'odl').map((call) => call.after);
    expect(asked).toEqual([undefined, newest - 48 * 3600]);
  });
});

describe('when it may not, or cannot, go on', () => {
  test('a refused token stops all calls, leaves the part pending, and goes on once it is mended', async () => {
    for (let person = 0; person < 20; person += 1) await world.addCompetitor(`cmp_${person}`);
    world.platform.tokenRefused = true;
    await run();
    expect(world.platform.calls.length).toBeLessThanOrEqual(4);
    const [job] = await world.allJobs();
    expect(job).toMatchObject({ status: 'running', partsDone: 0, counts: {} });

    for (let minute = 0; minute < 12; minute += 1) {
      world.advance(60);
      await world.dispatch();
      await world.deliverAll();
    }
    expect(world.deadLetters).toEqual([]);

    world.platform.tokenRefused = false;
    world.advance(60);
    await world.dispatch();
    await world.deliverAll();
    expect((await world.allJobs())[0]).toMatchObject({
      status: 'succeeded',
      counts: { total: 20, synced: 0, skipped: 20, failed: 0 },
    });
  });

  test('with processing off nothing is called, nothing lost, and it goes on within a minute', async () => {
    const settings = createSettingsRepository(world.table);
    const off = { reason: 'Vendor maintenance', changedAt: null, changedBy: null };
    await world.addCompetitor('cmp_a');
    await world.fire();
    await settings.saveProcessing({ enabled: false, ...off });
    await world.deliverAll();
    for (let day = 0; day < 20; day += 1) {
      world.advance(24 * 3600);
      await world.fire();
      await world.dispatch();
      await world.deliverAll();
    }
    expect(world.platform.calls).toEqual([]);
    expect(world.deadLetters).toEqual([]);

    await settings.saveProcessing({ enabled: true, ...off });
    world.advance(60);
    await world.dispatch();
    await world.deliverAll();
    expect(world.platform.calls).not.toEqual([]);
    const jobs = await world.allJobs();
    expect(jobs.at(-1)).toMatchObject({ status: 'succeeded', counts: { total: 1 } });
    expect(jobs.slice(0, -1).every((job) => job.counts['skippedOverlap'] === 1)).toBe(true);
  });

  test('a part that runs out of time keeps what is done and is finished by later rounds', async () => {
    for (let person = 0; person < 12; person += 1) {
      await world.addCompetitor(`cmp_${person}`);
      solved(`cmp_${person}`, 1);
    }
    await world.fire();
    for (let round = 0; (await world.openJobs()) > 0 && round < 10; round += 1) {
      const before = world.platform.calls.length;
      // Time for four people or so in each invocation.
      world.remainingMs = () => (world.platform.calls.length - before >= 8 ? 1_000 : 60_000);
      await world.deliverAll();
      world.remainingMs = () => 60_000;
      world.advance(61);
      await world.dispatch();
    }
    expect((await world.allJobs())[0]).toMatchObject({
      status: 'succeeded',
      counts: { total: 12, synced: 12, skipped: 0, failed: 0 },
    });
    // No one was asked twice.
    expect(world.platform.calls).toHaveLength(24);
    expect(world.deadLetters).toEqual([]);
  });
});

test('a record that does not parse is quarantined once, redacted, and the rest is stored', async () => {
  await world.addCompetitor('cmp_a');
  solved('cmp_a', 1);
  world.platform.unparsed.set('gp_cmp_a', [
    {
      index: 1,
      issues: [{ path: 'challenge_points', message: 'Too small' }],
      redacted: { challenge_title: '…' },
    },
  ]);
  expect(await run()).toMatchObject({ counts: { synced: 1 } });
  world.advance(1800);
  expect(await run()).toMatchObject({ counts: { synced: 0, skipped: 1 } });
  const rows = await itemsOf(world.table, keys.quarantine('2026-11-03', '').pk);
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({
    competitorId: 'cmp_a',
    source: 'odl',
    redacted: '{"challenge_title":"…"}',
  });
});

const broken = (solveId: number, issue: string) => ({
  index: 1,
  issues: [{ path: issue, message: 'Invalid' }],
  redacted: { challenge_solve_id: solveId, challenge_title: '[text, 12]' },
});

test('a record that could not be read and is mended later is stored then, and one that breaks later is kept', async () => {
  await world.addCompetitor('cmp_a');
  solved('cmp_a', 1);
  world.platform.unparsed.set('gp_cmp_a', [broken(2, 'challenge_points'), broken(3, 'timestamp_unix')]);
  expect(await run()).toMatchObject({ counts: { synced: 1 } });

  world.platform.unparsed.set('gp_cmp_a', [broken(1, 'challenge_points')]);
  const [first] = world.platform.solves.splice(0);
  solved('cmp_a', 2, 50);
  world.platform.solves.push({ ...first!, solveId: 3, title: '<b>Markup</b> & more' });
  world.advance(1800);
  expect(await run()).toMatchObject({ counts: { synced: 1 } });
  world.advance(1800);
  await world.readInFull(['cmp_a']);
  await world.deliverAll();
  const stored = (await itemsOf(world.table, 'COMP#cmp_a')).filter((item) => item['type'] === 'solve');
  expect(stored.map((item) => [item['solveId'], item['title'], item['revokedAt']])).toEqual([
    [1, 'Challenge 1', undefined],
    [2, 'Challenge 2', undefined],
    [3, '<b>Markup</b> & more', undefined],
  ]);
});

test('a run reports to the alarms whether it ended well, with zeros as well as ones', async () => {
  await world.addCompetitor('cmp_a', { lastReadAt: '2026-11-03T17:30:00.000Z' });
  await run();
  expect(world.metrics).toEqual(
    expect.arrayContaining([
      { name: 'SyncRunSucceeded', value: 1 },
      { name: 'CompetitorsSynced', value: 1 },
      { name: 'CompetitorReadFailed', value: 0 },
      { name: 'OldestReadAgeSeconds', value: 1800 },
    ]),
  );
});
