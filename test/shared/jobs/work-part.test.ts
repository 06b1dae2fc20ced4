import { beforeEach, describe, expect, it, test } from 'vitest';
import { newJob } from '#shared/jobs/start-job.ts';
import { PartFailedError, workPart, type PartWorker } from '#shared/jobs/work-part.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { recordingLog } from '#test/shared/kernel/recording-log.ts';
import { useTestTables } from '#test/support/dynamodb.ts';
import { SyncWorld } from '#test/support/sync-world.ts';

const newTable = useTestTables();
const now = () => new Date('2026-11-24T20:00:00.000Z');
let world: SyncWorld;
beforeEach(async () => {
  world = new SyncWorld(await newTable());
});

test('a doubled message does nothing while the first one is being processed', async () => {
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

test('a part that is said to have failed for good is closed with that sentence, and makes no dead letter', async () => {
  const jobs = createJobRepository(await newTable());
  const input = { taskType: 'roster_reconcile', payload: {}, startedBy: 'user:ines' } as const;
  await jobs.create(newJob('job_1', input, now()));
  const job = await jobs.begin('job_1', now().toISOString());
  if (job === undefined) throw new Error('The job is not there.');
  await jobs.addPart(job, { subjects: ['everybody'], cursor: null, last: true, sentAt: null });
  const sentence = 'The list was cut short. Nothing changed.';
  const fate = await workPart(
    {
      jobs,
      worker: () => Promise.reject(new PartFailedError(sentence)),
      suspension: () => Promise.resolve(null),
      onFinished: () => undefined,
      now,
      log: recordingLog().log,
    },
    { kind: 'job_part', jobId: 'job_1', part: 0 },
    { receiveCount: 1, remainingMs: () => 60_000 },
  );
  expect(fate).toBe('acknowledge');
  expect(await jobs.byId('job_1')).toMatchObject({
    status: 'failed',
    error: `1 of 1 parts failed. ${sentence}`,
  });
});

const outOfTime = async (progressed: boolean) => {
  const jobs = createJobRepository(await newTable());
  const input = { taskType: 'onboard_competitors', payload: {}, startedBy: 'user:ines' } as const;
  await jobs.create(newJob('job_1', input, now()));
  const job = await jobs.begin('job_1', now().toISOString());
  if (job === undefined) throw new Error('The job is not there.');
  await jobs.addPart(job, { subjects: ['cmp_1', 'cmp_2'], cursor: null, last: true, sentAt: null });
  const hidden: [string, number][] = [];
  const deliver = (receiveCount: number) =>
    workPart(
      {
        jobs,
        worker: () => Promise.resolve({ kind: 'released', because: 'time', progressed }),
        hideFor: (handle, seconds) => {
          hidden.push([handle, seconds]);
          return Promise.reject(new Error('SQS is away.'));
        },
        suspension: () => Promise.resolve(null),
        onFinished: () => undefined,
        now,
        log: recordingLog().log,
      },
      { kind: 'job_part', jobId: 'job_1', part: 0 },
      { receiveCount, remainingMs: () => 60_000, receiptHandle: 'handle' },
    );
  return { jobs, hidden, deliver };
};

describe('a part whose time was over', () => {
  it('and that got on comes back within a second, and uses up no attempt', async () => {
    const { jobs, hidden, deliver } = await outOfTime(true);
    expect(await deliver(1)).toBe('retry');
    expect(hidden).toEqual([['handle', 1]]);
    expect(await jobs.part('job_1', 0)).toMatchObject({
      status: 'pending',
      attempts: 0,
      claimedUntil: null,
      sentAt: now().toISOString(),
    });
  });

  it('is left to the dispatcher before its message could become a dead letter', async () => {
    const { jobs, hidden, deliver } = await outOfTime(true);
    expect(await deliver(3)).toBe('acknowledge');
    expect(hidden).toEqual([]);
    expect(await jobs.part('job_1', 0)).toMatchObject({ status: 'pending', sentAt: null });
  });

  it('and that did not get on waits for the dispatcher and counts as tried', async () => {
    const { jobs, hidden, deliver } = await outOfTime(false);
    expect(await deliver(1)).toBe('acknowledge');
    expect(hidden).toEqual([]);
    expect(await jobs.part('job_1', 0)).toMatchObject({ attempts: 1, sentAt: null });
  });
});

/** A part whose attempts end as told, one delivery each. */
const tried = async () => {
  const jobs = createJobRepository(await newTable());
  const input = {
    taskType: 'game_platform_totals_sweep',
    payload: {},
    startedBy: 'schedule:hourly',
  } as const;
  await jobs.create(newJob('job_1', input, now()));
  const job = await jobs.begin('job_1', now().toISOString());
  if (job === undefined) throw new Error('The job is not there.');
  await jobs.addPart(job, { subjects: ['cmp_1'], cursor: null, last: true, sentAt: null });
  let minutes = 0;
  const deliver = (receiveCount: number, worker: PartWorker) => {
    minutes += 10;
    const at = new Date(now().getTime() + minutes * 60_000);
    return workPart(
      {
        jobs,
        worker,
        suspension: () => Promise.resolve(null),
        onFinished: () => undefined,
        now: () => at,
        log: recordingLog().log,
      },
      { kind: 'job_part', jobId: 'job_1', part: 0 },
      { receiveCount, remainingMs: () => 60_000 },
    );
  };
  /** Claims the part as a worker does, and is heard of no more. */
  const die = async () => {
    minutes += 10;
    const at = new Date(now().getTime() + minutes * 60_000);
    const part = await jobs.part('job_1', 0);
    if (part === undefined) throw new Error('The part is not there.');
    expect(
      await jobs.claimPart(part, at.toISOString(), new Date(at.getTime() + 62_000).toISOString()),
    ).toBeDefined();
  };
  return { jobs, deliver, die, part: () => jobs.part('job_1', 0) };
};
const fails: PartWorker = () => Promise.reject(new Error('The table is throttled.'));
const ends: PartWorker = () => Promise.resolve({ kind: 'finished', counts: { total: 1 } });

describe('attempts of a part', () => {
  it('end well after an error and two dead workers', async () => {
    const { deliver, die, jobs } = await tried();
    expect(await deliver(1, fails)).toBe('retry');
    await die();
    await die();
    expect(await deliver(2, ends)).toBe('acknowledge');
    expect(await jobs.byId('job_1')).toMatchObject({ status: 'succeeded', counts: { total: 1 } });
  });

  it('end well after two dead workers and an error', async () => {
    const { deliver, die, jobs } = await tried();
    await die();
    await die();
    expect(await deliver(1, fails)).toBe('retry');
    expect(await deliver(2, ends)).toBe('acknowledge');
    expect(await jobs.byId('job_1')).toMatchObject({ status: 'succeeded', counts: { total: 1 } });
  });

  it('leave a part that may be tried again to the dispatcher before its message is a dead letter', async () => {
    const { deliver, die, part } = await tried();
    await die();
    await die();
    expect(await deliver(3, fails)).toBe('acknowledge');
    expect(await part()).toMatchObject({ status: 'pending', sentAt: null, attempts: 3, failures: 1 });
  });

  it('are used up by three errors, and the message goes on to the dead letters', async () => {
    const { deliver, part } = await tried();
    expect(await deliver(1, fails)).toBe('retry');
    expect(await deliver(2, fails)).toBe('retry');
    expect(await deliver(3, fails)).toBe('retry');
    expect(await part()).toMatchObject({ status: 'failed', attempts: 3, failures: 3 });
    expect(await deliver(4, ends)).toBe('retry');
  });

  it('are used up when each of six workers died, and the message goes on to the dead letters', async () => {
    const { deliver, die, part } = await tried();
    for (let times = 0; times < 6; times += 1) await die();
    expect(await deliver(1, ends)).toBe('retry');
    expect(await part()).toMatchObject({
      status: 'failed',
      error: 'The worker stopped without an answer, several times.',
    });
    expect(await deliver(2, ends)).toBe('retry');
  });

  it('that ended for good make no dead letter of an older copy that was hidden', async () => {
    const { deliver, die } = await tried();
    await die();
    expect(await deliver(1, () => Promise.reject(new PartFailedError('The list was cut short.')))).toBe(
      'acknowledge',
    );
    expect(await deliver(2, ends)).toBe('acknowledge');
  });
});
