import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, test } from 'vitest';
import { createCleanupWorker } from '#shared/jobs/cleanup-worker.ts';
import { archiveDue, deletedAt } from '#shared/jobs/job-retention.ts';
import type { Job, JobPart } from '#shared/jobs/job.ts';
import { reopenJob } from '#shared/jobs/reopen-job.ts';
import { newJob } from '#shared/jobs/start-job.ts';
import { createJobArchive } from '#shared/jobs/job-archive.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { DEFAULT_PROGRAM_SETTINGS } from '#shared/settings/sync-settings.ts';
import { keys } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import { recordingLog } from '#test/shared/kernel/recording-log.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { dyingTable, killedAnywhere, KilledError, type Crash } from '#test/support/dying-table.ts';
import { aJobPart } from '#test/support/records.ts';
import { SyncWorld } from '#test/support/sync-world.ts';

const newTable = useTestTables();
const NOW = new Date('2026-11-24T03:15:00.000Z');
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000);

const ended = (id: string, days: number, over: Partial<Job> = {}): Job => {
  const input = { taskType: 'onboard_competitors', payload: {}, startedBy: 'user:ines' } as const;
  return {
    ...newJob(id, input, daysAgo(days)),
    status: 'succeeded',
    attempts: 1,
    planned: true,
    finishedAt: daysAgo(days).toISOString(),
    counts: { total: 3, onboarded: 3 },
    ...over,
  };
};

describe('when a job leaves the lists', () => {
  const quiet = {
    startedBy: 'schedule:score-sync',
    taskType: 'game_platform_sync' as const,
    counts: { total: 5, synced: 0, skipped: 5, failed: 0 },
  };
  test.each<[string, Job, boolean]>([
    ['14 days after its end', ended('a', 14), true],
    ['not a day before', ended('a', 13.9), false],
    ['a failed one as well', ended('a', 14, { status: 'failed' }), true],
    ['a cancelled one as well', ended('a', 14, { status: 'cancelled' }), true],
    ['never while it is under way', ended('a', 40, { status: 'running', finishedAt: null }), false],
    ['never while it waits', ended('a', 40, { status: 'pending', finishedAt: null }), false],
    ['by its end, not its beginning', ended('a', 40, { finishedAt: daysAgo(3).toISOString() }), false],
    ['not an erasure that failed', ended('a', 40, { taskType: 'privacy_erasure', status: 'failed' }), false],
    ['an erasure that is done', ended('a', 14, { taskType: 'privacy_erasure' }), true],
    ['after two days: a scheduled round without news', ended('a', 2, quiet), true],
    ['a scheduled round that was skipped', ended('a', 2, { ...quiet, counts: { skippedOverlap: 1 } }), true],
    ['not one that found something', ended('a', 2, { ...quiet, counts: { total: 5, synced: 1 } }), false],
    ['not one that failed', ended('a', 2, { ...quiet, status: 'failed' }), false],
    ['not one that a person started', ended('a', 2, { ...quiet, startedBy: 'user:ines' }), false],
  ])('%s', (_, job, due) => {
    expect(archiveDue(job, NOW)).toBe(due);
  });

  test('after as many days as the settings say, and a round without news no later than that', () => {
    const keepDays = { jobsListed: 1, jobs: 14 };
    expect(archiveDue(ended('a', 1), NOW, keepDays)).toBe(true);
    expect(archiveDue(ended('a', 1, quiet), NOW, keepDays)).toBe(true);
    expect(archiveDue(ended('a', 20), NOW, { jobsListed: 21, jobs: 30 })).toBe(false);
    expect(deletedAt(ended('a', 1), keepDays)).toBe(daysAgo(1 - 14).getTime() / 1000);
  });
});

const part = (jobId: string, n: number): JobPart =>
  aJobPart({
    jobId,
    part: n,
    taskType: 'onboard_competitors',
    status: 'succeeded',
    subjects: ['cmp_a'],
    attempts: 1,
  });

/** An ended job with two parts and many rows. */
async function withRows(table: Table, job: Job, rows: number): Promise<void> {
  const jobs = createJobRepository(table);
  await jobs.create(job);
  for (const n of [0, 1]) {
    const Item = { ...keys.jobPart(job.id, n), type: 'job_part', ...part(job.id, n) };
    await table.client.send(new PutCommand({ TableName: table.name, Item }));
  }
  for (let row = 0; row < rows; row += 1) {
    await jobs.saveRow(job.id, `cmp_${row}`, { outcome: 'onboarded', message: null, at: NOW.toISOString() });
  }
}

describe('the daily clean-up', () => {
  let world: SyncWorld;
  beforeEach(async () => {
    world = new SyncWorld(await newTable());
    world.now = NOW;
  });

  test('takes what is due out of the lists, kept 90 days from its end; the rest stays', async () => {
    await withRows(world.table, ended('job_old', 20), 3);
    await withRows(world.table, ended('job_failed', 15, { status: 'failed' }), 0);
    await withRows(world.table, ended('job_young', 13), 1);
    const erasure = { taskType: 'privacy_erasure', status: 'failed' } as const;
    await world.jobs.create(ended('job_erasure', 30, erasure));
    await world.fire('job_cleanup');
    await world.drain();

    const listed = await world.jobs.page({ taskType: 'onboard_competitors' }, { limit: 50, before: null });
    expect(listed.map(({ id }) => id)).toEqual(['job_young']);
    for (const [state, ids] of [
      ['failed', ['job_erasure']],
      ['succeeded', ['job_young']],
    ] as const) {
      const found = await world.jobs.page({ state }, { limit: 50, before: null });
      expect(found.map(({ id }) => id).filter((id) => !id.startsWith('job_every'))).toEqual(ids);
    }
    const lastDay = Math.ceil((daysAgo(20).getTime() + 90 * 86_400_000) / 1000);
    const rows = await itemsOf(world.table, keys.jobPartition('job_old'));
    expect(rows).toHaveLength(6);
    expect(new Set(rows.map((row) => row['expiresAt']))).toEqual(new Set([lastDay]));
    expect(await world.jobs.byId('job_old')).toMatchObject({ archivedAt: NOW.toISOString() });
    const young = await itemsOf(world.table, keys.jobPartition('job_young'));
    expect(young.every((row) => row['expiresAt'] === undefined)).toBe(true);
    expect(await world.allJobs('job_cleanup')).toMatchObject([
      { status: 'succeeded', counts: { archived: 2 } },
    ]);
  });

  test('costs little: a quiet round takes a look, a look for its rows, and a write that leaves two indexes', async () => {
    for (let round = 0; round < 30; round += 1) {
      const startedBy = 'schedule:score-sync';
      const over = { startedBy, taskType: 'game_platform_sync' as const, counts: { total: 5, skipped: 5 } };
      await world.jobs.create(ended(`job_round-${round}`, 3, over));
    }
    world.tableCalls.splice(0);
    await world.fire('job_cleanup');
    await world.drain();
    expect(await world.allJobs('job_cleanup')).toMatchObject([{ counts: { archived: 30 } }]);
    const units = world.tableCalls.reduce((sum, call) => sum + call.units, 0);
    expect(units / 30).toBeLessThan(8);
  });

  test('with many jobs to archive, goes page by page', async () => {
    for (let n = 0; n < 130; n += 1) await world.jobs.create(ended(`job_${n}`, 20));
    await world.fire('job_cleanup');
    await world.drain();
    expect(await world.allJobs('job_cleanup')).toMatchObject([{ parts: 2, counts: { archived: 130 } }]);
  });
});

test('a job that was archived is not tried again', async () => {
  const archived = ended('job_a', 20, { status: 'failed', archivedAt: NOW.toISOString() });
  const outcome = await reopenJob(
    {
      jobById: () => Promise.resolve(archived),
      reopen: () => Promise.reject(new Error('it was reopened')),
      superseded: () => Promise.resolve(null),
      now: () => NOW,
      newId: (prefix) => prefix,
    },
    'job_a',
    { sub: 'ada', actingAs: null, requestId: 'req-1' },
  );
  expect(outcome).toMatchObject({ refusal: { code: 'JOB_ARCHIVED' } });
});

const cleanup: Job = newJob('job_c', { taskType: 'job_cleanup', payload: {}, startedBy: 'user:x' }, NOW);

async function run(real: Table, crash?: Crash, remaining: () => number = () => 60_000) {
  const { table, calls } = dyingTable(real, crash);
  const worker = createCleanupWorker({
    jobById: (id) => createJobRepository(table).byId(id),
    archive: createJobArchive(table).archive,
    keepDays: () => Promise.resolve(DEFAULT_PROGRAM_SETTINGS.keepDays),
    now: () => NOW,
  });
  const context = { remainingMs: remaining, log: recordingLog().log, lastAttempt: false };
  const subjects = { ...part('job_c', 0), subjects: ['job_old'] };
  const outcome = await worker(cleanup, subjects, context).catch((error: unknown) => {
    if (!(error instanceof KilledError)) throw error;
    return undefined;
  });
  return { calls: calls(), outcome };
}

test('killed at any await: the next attempt puts the job away with all of its rows', async () => {
  await killedAnywhere(async (crash) => {
    const table = await newTable();
    await withRows(table, ended('job_old', 20), 3);
    const { calls } = await run(table, crash);
    expect((await run(table)).outcome).toEqual({ kind: 'finished', counts: { archived: 1 } });
    const rows = await itemsOf(table, keys.jobPartition('job_old'));
    expect(rows.every((row) => typeof row['expiresAt'] === 'number')).toBe(true);
    expect(rows.some((row) => 'gsi1pk' in row || 'gsi2pk' in row)).toBe(false);
    return calls;
  });
});

test('out of time in the middle: gives its part back and goes on with the rows that are left', async () => {
  const table = await newTable();
  await withRows(table, ended('job_old', 20), 40);
  let looks = 0;
  const cut = await run(table, undefined, () => ((looks += 1) > 1 ? 1_000 : 60_000));
  expect(cut.outcome).toMatchObject({ kind: 'released', because: 'time' });
  expect(await createJobRepository(table).byId('job_old')).not.toHaveProperty('archivedAt');
  const whole = await run(table);
  expect(whole.outcome).toMatchObject({ kind: 'finished', counts: { archived: 1 } });
  expect(whole.calls).toBeLessThan(32);
});
