import { beforeEach, describe, expect, test } from 'vitest';
import { PartFailedError } from '#shared/jobs/work-part.ts';
import { useTestTables } from '#test/support/dynamodb.ts';
import { killedAnywhere, type Crash } from '#test/support/dying-table.ts';
import { JOB, JobWorld } from './job-world.ts';

const newTable = useTestTables();
const SUBJECTS = ['a', 'b', 'c', 'd', 'e', 'f'];
const AWAY = 'The platform was away.';
let world: JobWorld;
beforeEach(async () => {
  world = new JobWorld(await newTable());
});

/** Parts 1 and 2 of three fail, at their first subject. */
async function failed(at: JobWorld = world): Promise<JobWorld> {
  await at.begin(SUBJECTS);
  at.onSubject = (subject) =>
    'ab'.includes(subject) ? Promise.resolve() : Promise.reject(new PartFailedError(AWAY));
  await at.drain();
  at.onSubject = () => Promise.resolve();
  at.now = new Date(at.now.getTime() + 60_000);
  return at;
}

/** Canceled while the first subject of the second part is dealt with. */
async function cancelledUnderWay(at: JobWorld, crash?: Crash): Promise<number> {
  await at.begin(SUBJECTS);
  at.queue.splice(0);
  await at.work(0);
  at.onSubject = async (subject) => {
    if (subject !== 'c') return;
    await at.cancel();
    at.now = new Date(at.now.getTime() + 5_000);
  };
  const made = await at.work(1, crash);
  at.onSubject = () => Promise.resolve();
  return made;
}

const DONE = {
  status: 'succeeded',
  parts: 3,
  partsDone: 3,
  partsFailed: 0,
  done: 6,
  total: 6,
  counts: { ok: 6 },
  attempts: 2,
  error: null,
  earlier: [{ status: 'failed', partsFailed: 2, error: `2 of 3 parts failed. ${AWAY}` }],
};

describe('a failed job that is tried again', () => {
  test('processes what failed in the same record, once, and keeps why it failed', async () => {
    await failed();
    expect(await world.job()).toMatchObject({ status: 'failed', partsFailed: 2, counts: { ok: 2 } });
    await world.retry();
    expect(world.queue).toEqual([1, 2]);
    expect(await world.job()).toMatchObject({ status: 'running', partsDone: 1, partsFailed: 0, done: 2 });
    expect(await world.inState('running')).toEqual([JOB]);
    await world.drain();
    expect(await world.job()).toMatchObject(DONE);
    expect(world.asked).toEqual(SUBJECTS);
    expect((await world.parts()).map(({ status, earlier }) => [status, earlier?.[0]?.error])).toEqual([
      ['succeeded', undefined],
      ['succeeded', AWAY],
      ['succeeded', AWAY],
    ]);
    expect(world.finished).toEqual(['failed', 'succeeded']);
    expect(await world.audited()).toEqual(['job.retry']);
    expect(await world.inState('failed')).toEqual([]);
  });

  test('fails again with its cause, and can be tried once more', async () => {
    await failed();
    world.onSubject = () => Promise.reject(new PartFailedError('Still away.'));
    await world.retry();
    await world.drain();
    expect(await world.job()).toMatchObject({ status: 'failed', attempts: 2, partsFailed: 2, done: 6 });
    world.onSubject = () => Promise.resolve();
    await world.retry();
    await world.drain();
    expect(await world.job()).toMatchObject({ ...DONE, attempts: 3, earlier: [{}, { status: 'failed' }] });
  });

  test('asked for twice at once, has one retry; the other is told that it is under way', async () => {
    await failed();
    const outcomes = await Promise.all([world.retryOutcome(), world.retryOutcome()]);
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['refused', 'reopened']);
    expect(outcomes.find(({ kind }) => kind === 'refused')).toMatchObject({
      refusal: { code: 'JOB_UNDER_WAY' },
    });
    await world.drain();
    expect(await world.job()).toMatchObject(DONE);
    expect(await world.audited()).toEqual(['job.retry']);
  });

  test('killed at any await, before or after its effect: the same end', async () => {
    const { calls } = await killedAnywhere(async (crash) => {
      const one = await failed(new JobWorld(await newTable()));
      const made = await one.retry(crash);
      // Asked again by whoever saw no answer; whatever was begun, the dispatcher goes on with it.
      if (crash !== undefined) await one.retry();
      await one.drain();
      expect(await one.job(), JSON.stringify(crash)).toMatchObject(DONE);
      expect(one.asked.toSorted()).toEqual(SUBJECTS);
      expect(await one.audited()).toEqual(['job.retry']);
      return made;
    });
    expect(calls).toBeGreaterThan(6);
  });

  test('killed at any await of the dispatcher that goes on with it: the same end', async () => {
    await killedAnywhere(async (crash) => {
      const one = await failed(new JobWorld(await newTable()));
      expect((await one.retryOutcome()).kind).toBe('reopened');
      const made = await one.dispatch(crash);
      await one.drain();
      expect(await one.job(), JSON.stringify(crash)).toMatchObject(DONE);
      return made;
    });
  });
});

describe('a job that is not to be tried again', () => {
  test('is under way, or ended well: refused with a sentence, and nothing moves', async () => {
    await world.begin(SUBJECTS);
    expect(await world.retryOutcome()).toMatchObject({ refusal: { code: 'JOB_UNDER_WAY' } });
    await world.drain();
    expect(await world.retryOutcome()).toMatchObject({ refusal: { code: 'JOB_SUCCEEDED' } });
    expect(await world.job()).toMatchObject({ attempts: 1, status: 'succeeded' });
    expect(await world.audited()).toEqual([]);
  });
});

describe('a job that is canceled', () => {
  test('stops before the next subject, begins no further part, and counts what was done', async () => {
    await cancelledUnderWay(world);
    await world.work(2);
    await world.dispatch();
    expect(world.asked).toEqual(['a', 'b', 'c']);
    expect(await world.job()).toMatchObject({ status: 'cancelled', done: 3, counts: { ok: 3 }, error: null });
    expect((await world.parts()).map(({ status }) => status)).toEqual(['succeeded', 'cancelled', 'pending']);
    expect(await world.inState('cancelled')).toEqual([JOB]);
    expect(await world.inState('running')).toEqual([]);
    expect(await world.audited()).toEqual(['job.cancel']);
  });

  test('is looked at a second time only after some seconds', async () => {
    await world.begin(SUBJECTS);
    world.queue.splice(0);
    const quick = await world.work(0);
    world.onSubject = () => {
      world.now = new Date(world.now.getTime() + 4_000);
      return Promise.resolve();
    };
    expect(await world.work(1)).toBe(quick + 1);
  });

  test('tried again: does the rest, once, in the same record', async () => {
    await cancelledUnderWay(world);
    await world.retry();
    await world.drain();
    expect(world.asked).toEqual(SUBJECTS);
    expect(await world.job()).toMatchObject({
      ...DONE,
      earlier: [{ status: 'cancelled', partsFailed: 0, error: null }],
    });
    expect(world.finished).toEqual(['succeeded']);
  });

  test('and tried again before its part has noticed: goes on to its end all the same', async () => {
    await world.begin(SUBJECTS);
    world.onSubject = async (subject) => {
      if (subject !== 'c') return;
      await world.cancel();
      await world.retry();
      world.now = new Date(world.now.getTime() + 5_000);
    };
    await world.drain();
    expect(await world.job()).toMatchObject({ ...DONE, earlier: [{ status: 'cancelled' }] });
    expect(world.asked).toEqual(SUBJECTS);
  });

  test('killed at any await: canceled once, or not at all', async () => {
    await killedAnywhere(async (crash) => {
      const one = new JobWorld(await newTable());
      await one.begin(SUBJECTS);
      const made = await one.cancel(crash);
      const { status } = await one.job();
      expect(await one.audited(), JSON.stringify(crash)).toEqual(
        status === 'cancelled' ? ['job.cancel'] : [],
      );
      await one.cancel();
      expect(await one.job()).toMatchObject({ status: 'cancelled' });
      expect(await one.audited()).toEqual(['job.cancel']);
      return made;
    });
  });

  test('its worker killed at any await, then tried again: the same end', async () => {
    await killedAnywhere(async (crash) => {
      const one = new JobWorld(await newTable());
      const made = await cancelledUnderWay(one, crash);
      await one.cancel();
      await one.retry();
      await one.drain();
      expect(await one.job(), JSON.stringify(crash)).toMatchObject({ ...DONE, earlier: [{}] });
      expect(one.asked.toSorted()).toEqual(SUBJECTS);
      return made;
    });
  });

  test('before it began: begins when it is tried again', async () => {
    await world.begin(SUBJECTS);
    await world.cancel();
    expect(await world.cancelOutcome()).toMatchObject({ kind: 'refused', refusal: { code: 'JOB_OVER' } });
    world.queue.splice(0);
    await world.retry();
    await world.drain();
    expect(await world.job()).toMatchObject({ ...DONE, earlier: [{ status: 'cancelled' }] });
  });

  test('an erasure is not', async () => {
    await world.begin(['a'], 'privacy_erasure');
    expect(await world.cancelOutcome()).toMatchObject({ refusal: { code: 'JOB_NOT_CANCELLABLE' } });
    expect(await world.job()).toMatchObject({ status: 'running' });
  });
});
