import { beforeEach, describe, expect, test } from 'vitest';
import { wakeUpDue } from '#shared/jobs/dispatch-due.ts';
import type { JobPart } from '#shared/jobs/job.ts';
import { newJob } from '#shared/jobs/start-job.ts';
import { useTestTables } from '#test/support/dynamodb.ts';
import { aJobPart } from '#test/support/records.ts';
import { refusal } from '#test/support/score-platform.ts';
import { SyncWorld } from '#test/support/sync-world.ts';

const newTable = useTestTables();
let world: SyncWorld;
beforeEach(async () => {
  world = new SyncWorld(await newTable());
});

const addPeople = async (count: number) => {
  for (let person = 0; person < count; person += 1) await world.addCompetitor(`cmp_${person}`);
};

describe('starting', () => {
  test('a schedule message that comes twice makes one job, with one set of parts', async () => {
    await addPeople(120);
    await world.fire();
    await world.fire();
    expect(await world.allJobs()).toMatchObject([
      { parts: 2, total: 120, startedBy: 'schedule:every-game_platform_sync' },
    ]);
    expect(world.sync).toHaveLength(2);
  });

  test('a firing is skipped, and says so, while the earlier one is still at work', async () => {
    await addPeople(1);
    await world.fire();
    world.advance(1800);
    await world.fire();
    const [second, first] = await world.allJobs();
    expect(second).toMatchObject({ status: 'succeeded', counts: { skippedOverlap: 1 }, parts: 0 });
    expect(first).toMatchObject({ status: 'running' });
    await world.drain();
    world.advance(1800);
    await world.fire();
    expect((await world.allJobs())[0]).toMatchObject({ status: 'running' });
  });

  test('with nobody to read, a job ends at once', async () => {
    await world.fire();
    expect(await world.allJobs()).toMatchObject([{ status: 'succeeded', parts: 0, total: 0 }]);
  });

  test('a job for later waits for its time', async () => {
    await addPeople(1);
    const notBefore = new Date(world.now.getTime() + 3_600_000).toISOString();
    const input = {
      taskType: 'game_platform_sync',
      payload: { full: false },
      startedBy: 'user:sub-1',
      notBefore,
    } as const;
    await world.jobs.create(newJob('job_later', input, world.now));
    await world.work({ kind: 'plan_job', jobId: 'job_later' });
    await world.dispatch();
    expect(await world.jobs.byId('job_later')).toMatchObject({ status: 'pending' });
    world.advance(3600);
    await world.dispatch();
    expect(await world.jobs.byId('job_later')).toMatchObject({ status: 'running', total: 1 });
  });

  test('a job for some people has these people only, each once', async () => {
    await addPeople(3);
    const payload = { competitorIds: ['cmp_2', 'cmp_0', 'cmp_2'], full: true };
    const input = { taskType: 'game_platform_sync', payload, startedBy: 'user:sub-1' } as const;
    await world.jobs.create(newJob('job_some', input, world.now));
    await world.work({ kind: 'plan_job', jobId: 'job_some' });
    await world.drain();
    expect(await world.jobs.byId('job_some')).toMatchObject({ status: 'succeeded', counts: { total: 2 } });
    expect(new Set(world.platform.calls.map((call) => call.user))).toEqual(new Set(['gp_cmp_0', 'gp_cmp_2']));
  });
});

describe('planning', () => {
  test('everybody is in exactly one part, in parts of a hundred, also when it is cut short again and again', async () => {
    await addPeople(220);
    let calls = 0;
    world.remainingMs = () => (calls++ % 3 === 2 ? 0 : 60_000);
    await world.fire();
    for (let minute = 0; minute < 8; minute += 1) {
      world.advance(60);
      await world.dispatch();
    }
    world.remainingMs = () => 60_000;
    await world.dispatch();
    const [job] = await world.allJobs();
    const parts: JobPart[] = [];
    for await (const part of world.jobs.partsOf(job?.id ?? '')) parts.push(part);
    expect(parts.map((part) => part.subjects.length)).toEqual([100, 100, 20]);
    expect(new Set(parts.flatMap((part) => part.subjects)).size).toBe(220);
    expect(job).toMatchObject({ planned: true, parts: 3, total: 220 });
  });

  test('hints that could not be sent are sent by the next round', async () => {
    await addPeople(2);
    world.wakeUpsFail = true;
    await world.fire();
    expect(world.sync).toEqual([]);
    world.wakeUpsFail = false;
    await world.dispatch();
    expect(world.sync).toHaveLength(1);
    await world.dispatch();
    expect(world.sync).toHaveLength(1);
  });
});

describe('a lost hint, a dead worker', () => {
  const now = new Date('2026-11-03T18:00:00.000Z');

  test.each([
    ['never sent', {}, true],
    ['sent just now', { sentAt: '2026-11-03T17:59:00.000Z' }, false],
    ['sent long ago and never taken', { sentAt: '2026-11-03T17:49:00.000Z' }, true],
    [
      'in a worker’s hands',
      { sentAt: '2026-11-03T17:40:00.000Z', claimedUntil: '2026-11-03T18:00:30.000Z' },
      false,
    ],
    [
      'its worker died',
      { sentAt: '2026-11-03T17:58:00.000Z', claimedUntil: '2026-11-03T17:59:30.000Z' },
      true,
    ],
    [
      'sent again after that',
      { sentAt: '2026-11-03T17:59:40.000Z', claimedUntil: '2026-11-03T17:59:30.000Z' },
      false,
    ],
    ['closed', { status: 'succeeded' as const }, false],
  ])('a part is sent a hint when due: %s', (_, change, due) => {
    expect(wakeUpDue(aJobPart(change), now)).toBe(due);
  });

  test('a part whose message is lost is finished all the same', async () => {
    await addPeople(1);
    await world.fire();
    world.sync.length = 0;
    world.advance(5 * 60);
    await world.dispatch();
    expect(world.sync).toEqual([]);
    world.advance(6 * 60);
    await world.dispatch();
    await world.deliverAll();
    expect(await world.allJobs()).toMatchObject([{ status: 'succeeded' }]);
  });

  test('a part that kills its worker every time is closed with a cause, and its messages are dead letters', async () => {
    await addPeople(1);
    await world.fire();
    for (let attempt = 0; attempt < 6; attempt += 1) {
      await world.deliver(0, { killAt: 5 });
      world.advance(120);
      await world.dispatch();
    }
    await world.deliverAll();
    expect(await world.allJobs()).toMatchObject([
      {
        status: 'failed',
        partsFailed: 1,
        error: '1 of 1 parts failed. The worker stopped without an answer, several times.',
      },
    ]);
    // Each death has the dispatcher send a copy; those that met a dead worker end here, and nothing is under way.
    expect(new Set(world.deadLetters.map((letter) => JSON.stringify(letter))).size).toBe(1);
    expect(world.deadLetters.length).toBeLessThanOrEqual(6);
    expect(world.sync).toEqual([]);
    expect(world.metrics).toContainEqual({ name: 'SyncRunSucceeded', value: 0 });
  });

  test('a canceled job makes no more calls', async () => {
    await addPeople(1);
    await world.fire();
    const [job] = await world.allJobs();
    if (job === undefined) throw new Error('No job was made.');
    await world.jobs.cancel(job, world.now.toISOString(), []);
    await world.deliverAll();
    await world.dispatch();
    expect(world.platform.calls).toEqual([]);
    expect(world.sync).toEqual([]);
  });

  test('an error of our own fails the attempt after the others are done, and the last one is counted', async () => {
    await addPeople(4);
    world.platform.refusals.set(
      'gp_cmp_1',
      new TypeError('a bug of ours') as unknown as ReturnType<typeof refusal>,
    );
    await world.fire();
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await world.deliverAll();
      world.advance(660);
    }
    expect(await world.allJobs()).toMatchObject([
      { status: 'succeeded', counts: { total: 4, skipped: 3, failed: 1 } },
    ]);
    const callsOf = (user: string) => world.platform.calls.filter((call) => call.user === user).length;
    expect(callsOf('gp_cmp_0')).toBe(2);
    expect(callsOf('gp_cmp_1')).toBe(3);
  });
});
