import { beforeEach, describe, expect, test } from 'vitest';
import { createDiscardMessages } from '#shared/dead-letters/discard-messages.ts';
import { createListDeadLetters } from '#shared/dead-letters/list-dead-letters.ts';
import type { QueueName } from '#shared/jobs/task-definition.ts';
import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import { markDiscarded } from '#shared/jobs/job-discard.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { everyNth } from '#test/support/effort.ts';
import { recordingLog } from '#test/shared/kernel/recording-log.ts';
import { RedriveWorld } from './redrive-world.ts';

const newTable = useTestTables();
const { log } = recordingLog();
let world: RedriveWorld;
beforeEach(async () => {
  world = new RedriveWorld(await newTable());
});

const part = (jobId: string, number = 0) => ({ kind: 'job_part', jobId, part: number });
const peek = (queue: QueueName = 'sync') =>
  createListDeadLetters({ queues: world.queues, readFacts: world.readFacts, now: world.now })(queue, log);

async function causeOfFirst(queue: QueueName = 'sync'): Promise<string> {
  const [group] = (await peek(queue)).items;
  if (group === undefined) throw new Error('There is no group.');
  return group.cause;
}

describe('A look at the dead letters', () => {
  test('shows them by cause, classified by the table, and leaves every one for the next look', async () => {
    await world.endedJob('job_a', {}, ['failed', 'succeeded']);
    await world.endedJob('job_b', {}, ['failed'], 'An error of our own (TypeError).');
    world.queues.put('sync', part('job_a', 0));
    world.queues.put('sync', part('job_a', 1));
    world.queues.put('sync', part('job_b'));
    world.queues.put('sync', 'Mira Example, mira@example.org');
    const seen = await peek();
    expect(seen).toMatchObject({ queue: 'sync', looked: 4, complete: true, nextCursor: null });
    const groups = seen.items.map(({ title, count, states, jobIds }) => ({ title, count, states, jobIds }));
    expect(groups).toHaveLength(4);
    expect(groups).toContainEqual({
      title: 'The Game Platform did not do what was asked (UNAVAILABLE, get_odl_scores).',
      count: 1,
      states: { needed: 1, superseded: 0, later: 0, unknown: 0 },
      jobIds: ['job_a'],
    });
    expect(groups).toContainEqual(
      expect.objectContaining({ states: { needed: 0, superseded: 1, later: 0, unknown: 0 } }),
    );
    expect(groups).toContainEqual({
      title: 'Not a message we know.',
      count: 1,
      states: { needed: 0, superseded: 0, later: 0, unknown: 1 },
      jobIds: [],
    });
    // Whatever it was, nothing of it is shown.
    expect(JSON.stringify(seen)).not.toMatch(/Mira|example\.org/);
    expect(await peek()).toEqual(seen);
  });

  test('sees each of many once, and no more than one answer holds', async () => {
    for (let index = 0; index < 230; index += 1) world.queues.put('sync', part('job_gone', index));
    const seen = await peek();
    expect(seen).toMatchObject({ looked: 200, complete: false });
    expect(seen.items.map(({ count }) => count)).toEqual([200]);
    expect(seen.items[0]?.letters).toHaveLength(20);
  });

  test('shows what the scheduler could not deliver with the work queue', async () => {
    const fired = { kind: 'start_task', scheduleName: 'score-sync', taskType: 'game_platform_sync' };
    world.queues.put('scheduler', { ...fired, scheduledTime: '2026-11-24T19:00:00Z' });
    world.queues.put('work', { kind: 'dispatch_due', scheduledTime: '2026-11-24T19:00:00Z' });
    const { items } = await peek('work');
    expect(items.map(({ kind, states }) => [kind, states])).toEqual(
      expect.arrayContaining([
        ['start_task', { needed: 1, superseded: 0, later: 0, unknown: 0 }],
        ['dispatch_due', { needed: 0, superseded: 1, later: 0, unknown: 0 }],
      ]),
    );
  });
});

describe('A redrive', () => {
  test('opens what failed again, hints it, and closes what is done', async () => {
    await world.endedJob('job_a', {}, ['failed', 'succeeded']);
    world.queues.put('sync', part('job_a', 0));
    world.queues.put('sync', part('job_a', 1));
    const { job } = await world.redrive({ jobIds: ['job_a'] });
    expect(job).toMatchObject({ status: 'succeeded', counts: { total: 2, redriven: 1, superseded: 1 } });
    expect(await world.job('job_a')).toMatchObject({ status: 'running', attempts: 2, partsFailed: 0 });
    expect(await world.jobs.part('job_a', 0)).toMatchObject({ status: 'pending', attempts: 0 });
    expect(world.hinted.map(({ jobId, part: number }) => [jobId, number])).toEqual([['job_a', 0]]);
    expect(world.queues.ids).toEqual([]);
  });

  test('touches only what was chosen', async () => {
    await world.endedJob('job_a', {}, ['failed']);
    await world.endedJob('job_b', {}, ['failed'], 'Another cause.');
    world.queues.put('sync', part('job_a'));
    const other = world.queues.put('sync', part('job_b'));
    const { job } = await world.redrive({ jobIds: ['job_a'] });
    expect(job.counts).toEqual({ total: 1, redriven: 1 });
    expect(world.queues.ids).toEqual([other]);
    expect((await world.job('job_b')).status).toBe('failed');
  });

  test('nothing chosen does nothing', async () => {
    await world.endedJob('job_a', {}, ['failed']);
    world.queues.put('sync', part('job_a'));
    expect((await world.redrive({})).job.counts).toEqual({ total: 0 });
    expect(world.queues.ids).toHaveLength(1);
  });

  test('as a trial takes exactly one that still needs something, then the group', async () => {
    for (const id of ['job_a', 'job_b', 'job_c']) await world.endedJob(id, {}, ['failed']);
    const letters = ['job_a', 'job_b', 'job_c'].map((id) => world.queues.put('sync', part(id)));
    const cause = await causeOfFirst();
    const trial = await world.redrive({ cause, trial: true });
    expect(trial.job.counts).toEqual({ total: 1, redriven: 1 });
    expect(world.queues.ids).toEqual(letters.slice(1));
    const group = await world.redrive({ cause });
    expect(group.job.counts).toEqual({ total: 2, redriven: 2 });
    expect(world.queues.ids).toEqual([]);
  });

  test('as a trial closes one that is superseded when no other is left', async () => {
    world.queues.put('sync', part('job_gone', 1));
    const left = world.queues.put('sync', part('job_gone', 2));
    const { job } = await world.redrive({ all: true, trial: true });
    expect(job.counts).toEqual({ total: 1, superseded: 1 });
    expect(world.queues.ids).toEqual([left]);
  });

  test('keeps to its rate for what it sets to work, and hurries over what is superseded', async () => {
    for (const id of ['job_a', 'job_b']) {
      await world.endedJob(id, {}, ['failed']);
      world.queues.put('sync', part(id));
    }
    for (let index = 0; index < 5; index += 1) world.queues.put('sync', part('job_gone', index));
    await world.redrive({ all: true, maxPerSecond: 4 });
    expect(world.waits).toEqual([250, 250]);
  });

  test('stops before its next message once it is canceled, tells what was done, and leaves the rest', async () => {
    const letters: string[] = [];
    for (const id of ['job_a', 'job_b', 'job_c']) {
      await world.endedJob(id, {}, ['failed']);
      letters.push(world.queues.put('sync', part(id)));
    }
    world.onWait = async () => {
      world.onWait = undefined;
      await world.jobs.cancel(await world.job('job_redrive_1'), world.now().toISOString(), []);
      world.later(5);
    };
    const { job } = await world.redrive({ all: true, maxPerSecond: 0.2 });
    expect(job).toMatchObject({ status: 'cancelled', counts: { total: 1, redriven: 1 } });
    expect(world.queues.ids).toEqual(letters.slice(1));
    const { rows } = await world.jobs.pageOfRows(job.id, { limit: 5, after: null });
    expect(rows).toMatchObject([{ outcome: 'redriven', jobId: 'job_a' }]);
  });

  test('of a schedule’s run that a later run made good, or of the same order, leaves the job as it is', async () => {
    await world.endedJob('job_old', { startedBy: 'schedule:score-sync', payload: { due: true } }, ['failed']);
    await world.endedJob('job_team', { taskType: 'team_sync', payload: { teamId: 'team_a' } }, ['failed']);
    world.later(1_800);
    await world.endedJob('job_new', { startedBy: 'schedule:score-sync' }, ['succeeded']);
    await world.endedJob('job_team_2', { taskType: 'team_sync', payload: { teamId: 'team_a' } }, [
      'succeeded',
    ]);
    world.queues.put('sync', part('job_old'));
    world.queues.put('sync', part('job_team'));
    const { job } = await world.redrive({ all: true });
    expect(job.counts).toEqual({ total: 2, superseded: 2 });
    expect((await world.job('job_old')).status).toBe('failed');
    expect(world.queues.ids).toEqual([]);
  });

  test('asks for members again who still wait, and closes the letters of those in step', async () => {
    await world.waitingMember('cmp_1');
    world.queues.put('roster', { kind: 'roster', competitorId: 'cmp_1' });
    world.queues.put('roster', { kind: 'roster', competitorId: 'cmp_gone' });
    world.queues.put('roster', { kind: 'team', teamId: 'team_gone' });
    const { job } = await world.redrive({ queue: 'roster', all: true });
    expect(job.counts).toEqual({ total: 3, redriven: 1, superseded: 2 });
    expect(world.rosterWakeUps).toEqual([{ kind: 'roster', competitorId: 'cmp_1' }]);
  });

  test('makes the job of a schedule’s firing that was lost, once', async () => {
    const message = {
      kind: 'start_task',
      scheduleName: 'totals-sweep',
      taskType: 'game_platform_totals_sweep',
      scheduledTime: '2026-11-24T19:00:00Z',
    };
    world.queues.put('scheduler', message);
    world.queues.put('work', message);
    const { job } = await world.redrive({ queue: 'work', all: true });
    expect(job.counts).toMatchObject({ total: 2 });
    expect(await world.job('job_totals-sweep_2026-11-24T190000Z')).toMatchObject({
      taskType: 'game_platform_totals_sweep',
      startedBy: 'schedule:totals-sweep',
    });
    expect(world.queues.ids).toEqual([]);
  });

  test('leaves what it does not know, for a discard', async () => {
    const id = world.queues.put('sync', '{"kind":"job_part","jobId":"<b>"}');
    const { job } = await world.redrive({ all: true });
    expect(job).toMatchObject({ status: 'succeeded', counts: { total: 1, unknown: 1 } });
    expect(world.queues.ids).toEqual([id]);
  });

  test('sends no hint while processing is off; the dispatcher does afterwards', async () => {
    await world.endedJob('job_a', {}, ['failed']);
    world.queues.put('sync', part('job_a'));
    world.paused = true;
    expect((await world.redrive({ all: true })).job.counts).toEqual({ total: 1, redriven: 1 });
    expect(world.hinted).toEqual([]);
    expect(await world.jobs.part('job_a', 0)).toMatchObject({ status: 'pending', sentAt: null });
  });
});

async function prepared(): Promise<RedriveWorld> {
  const made = new RedriveWorld(await newTable());
  await made.endedJob('job_a', {}, ['failed', 'succeeded']);
  await made.waitingMember('cmp_1');
  made.queues.put('sync', part('job_a', 0));
  made.queues.put('sync', { kind: 'roster', competitorId: 'cmp_1' });
  return made;
}
const endOf = async (made: RedriveWorld) => {
  const { status, attempts, partsDone, partsFailed, counts } = await made.job('job_a');
  const [failed, succeeded] = await Promise.all([made.jobs.part('job_a', 0), made.jobs.part('job_a', 1)]);
  return {
    letters: made.queues.ids.length,
    job: { status, attempts, partsDone, partsFailed, counts },
    parts: [failed?.status, succeeded?.status],
    // Twice is no harm, and one that was marked and not sent is the dispatcher's.
    member: new Set(made.rosterWakeUps.map((wakeUp) => JSON.stringify(wakeUp))).size,
  };
};

describe('Killed before any call', () => {
  test('a redrive ends in the same state', async () => {
    const whole = await prepared();
    const { job, calls } = await whole.redrive({ all: true });
    const end = await endOf(whole);
    expect(job.counts).toEqual({ total: 2, redriven: 2 });
    expect(end).toMatchObject({
      letters: 0,
      job: { status: 'running', attempts: 2, partsDone: 1, partsFailed: 0 },
      parts: ['pending', 'succeeded'],
      member: 1,
    });
    expect(calls).toBeGreaterThan(25);
    for (let at = 0; at <= calls; at += everyNth(5)) {
      const made = await prepared();
      const again = await made.redrive({ all: true }, at);
      expect(again.job, `before call ${at}`).toMatchObject({ status: 'succeeded', counts: job.counts });
      expect(await endOf(made), `before call ${at}`).toEqual(end);
    }
  });

  test('a trial takes one message and no second', async () => {
    const whole = await prepared();
    const { calls } = await whole.redrive({ all: true, trial: true });
    for (let at = 0; at <= calls; at += everyNth(5)) {
      const made = await prepared();
      const { job } = await made.redrive({ all: true, trial: true }, at);
      const name = `before call ${at}`;
      expect(job, name).toMatchObject({ status: 'succeeded', counts: { total: 1, redriven: 1 } });
      expect(made.queues.ids, name).toHaveLength(1);
      const { job: opened, member } = await endOf(made);
      expect((opened.status === 'running' ? 1 : 0) + member, name).toBe(1);
    }
  });
});

const discard = (choice: { jobIds?: string[]; cause?: string }) =>
  createDiscardMessages({
    queues: world.queues,
    readFacts: world.readFacts,
    now: world.now,
    markDiscarded: (jobId, mark) => markDiscarded(world.table, jobId, mark),
    audit: createAuditRepository(world.table).append,
    newId: (prefix) => `${prefix}_1`,
  })(
    'sync',
    { ...choice, reason: 'The season is over.' },
    { sub: 'ines', actingAs: null, requestId: 'req_1' },
    () => 28_000,
    log,
  );

describe('A discard', () => {
  test('takes the letters away, and says on the job and in the audit log who did it and why', async () => {
    await world.endedJob('job_a', {}, ['failed', 'failed']);
    await world.endedJob('job_b', {}, ['failed']);
    world.queues.put('sync', part('job_a', 0));
    world.queues.put('sync', part('job_a', 1));
    const kept = world.queues.put('sync', part('job_b'));
    expect(await discard({ jobIds: ['job_a'] })).toEqual({
      discarded: 2,
      jobIds: ['job_a'],
      complete: true,
    });
    expect(world.queues.ids).toEqual([kept]);
    expect((await world.job('job_a')).discarded).toMatchObject({ by: 'ines', reason: 'The season is over.' });
    expect((await world.job('job_b')).discarded).toBeUndefined();
    expect(await itemsOf(world.table, 'AUDIT#2026-11-24')).toMatchObject([
      { action: 'queue.discard', subject: 'sync', actor: 'ines', details: { jobIds: ['job_a'] } },
    ]);
    // A copy that comes late finds its job discarded.
    world.queues.put('sync', part('job_a', 0));
    const { items } = await peek();
    expect(items.flatMap(({ letters }) => letters.map(({ why }) => why))).toContain(
      'An admin discarded the job.',
    );
  });

  test('is the way out for messages that we do not know', async () => {
    world.queues.put('sync', 'no JSON');
    expect(await discard({ cause: await causeOfFirst() })).toMatchObject({ discarded: 1, jobIds: [] });
    expect(world.queues.ids).toEqual([]);
  });
});
