import { describe, expect, test } from 'vitest';
import type { Job, JobPart } from '#shared/jobs/job.ts';
import { newJob } from '#shared/jobs/start-job.ts';
import { causeOf, classify, covers, type Facts, isChosen } from '#shared/dead-letters/classify-message.ts';
import { aboutOf } from '#shared/dead-letters/dead-letter.ts';
import { redriveSchema } from '#shared/dead-letters/contract.ts';
import { aJobPart } from '#test/support/records.ts';

const AT = new Date('2026-11-24T20:00:00.000Z');
const ABOUT = { kind: 'job_part', jobId: 'job_a', part: 0 } as const;

const job = (change: Partial<Job>): Job => ({
  ...newJob('job_a', { taskType: 'game_platform_sync', payload: {}, startedBy: 'user:ada' }, AT),
  ...change,
});
const part = (change: Partial<JobPart>): JobPart =>
  aJobPart({ jobId: 'job_a', status: 'failed', attempts: 3, error: 'A cause.', ...change });
const facts = (change: Partial<Extract<Facts, { kind: 'job' }>>): Facts => ({
  kind: 'job',
  job: job({ status: 'failed' }),
  part: part({}),
  coveredBy: null,
  ...change,
});

describe('What becomes of a dead letter follows from the record', () => {
  test.each<[string, Facts, string]>([
    ['a job that failed is opened again', facts({}), 'reopen'],
    ['unless a later one did the same', facts({ coveredBy: 'job_b' }), 'superseded'],
    ['or nobody knows it', facts({ job: undefined, part: undefined }), 'superseded'],
    ['or it ended well', facts({ job: job({ status: 'succeeded' }) }), 'superseded'],
    ['or was cancelled', facts({ job: job({ status: 'cancelled' }) }), 'superseded'],
    ['or the part was done since', facts({ part: part({ status: 'succeeded' }) }), 'superseded'],
    [
      'or was archived',
      facts({ job: job({ status: 'failed', archivedAt: AT.toISOString() }) }),
      'superseded',
    ],
    [
      'a pending part is hinted',
      facts({ job: job({ status: 'running' }), part: part({ status: 'pending' }) }),
      'wake_up',
    ],
    ['a failed part of a job at work waits for its end', facts({ job: job({ status: 'running' }) }), 'wait'],
    [
      'not while the job is being opened',
      facts({ job: job({ status: 'running', reopening: true }) }),
      'wake_up',
    ],
    ['a part that never was', facts({ job: job({ status: 'running' }), part: undefined }), 'superseded'],
    ['a firing without a job starts it', { kind: 'firing', coveredBy: null }, 'start'],
    ['a firing that a later run made good', { kind: 'firing', coveredBy: 'job_b' }, 'superseded'],
    ['a member in step', { kind: 'member', waits: false, failure: null }, 'superseded'],
    ['a team that waits', { kind: 'team', waits: true, failure: null }, 'wake_up'],
    ['the minute’s dispatch', { kind: 'clock' }, 'superseded'],
    ['anything else', { kind: 'unknown' }, 'unknown'],
  ])('%s', (_name, given, kind) => {
    expect(classify(ABOUT, given).kind).toBe(kind);
  });

  test('a discard holds until the job failed once more', () => {
    const discarded = { by: 'ines', reason: 'Enough.', at: '2026-11-24T21:00:00.000Z' };
    const failed = (finishedAt: string) => facts({ job: job({ status: 'failed', finishedAt, discarded }) });
    expect(classify(ABOUT, failed('2026-11-24T20:30:00.000Z')).kind).toBe('superseded');
    expect(classify(ABOUT, failed('2026-11-24T22:00:00.000Z')).kind).toBe('reopen');
  });
});

describe('A later run covers one', () => {
  const later = (change: Partial<Job>) =>
    job({ id: 'job_b', status: 'succeeded', createdAt: '2026-11-24T21:00:00.000Z', ...change });
  const scheduled = job({ startedBy: 'schedule:score-sync', payload: { full: false } });

  test.each<[string, Job, Job, boolean]>([
    ['of the same schedule', later({ startedBy: 'schedule:score-sync' }), scheduled, true],
    ['not of another schedule with another order', later({ startedBy: 'schedule:other' }), scheduled, false],
    [
      'not one that was skipped',
      later({ startedBy: 'schedule:score-sync', counts: { skippedOverlap: 1 } }),
      scheduled,
      false,
    ],
    ['not one that failed', later({ startedBy: 'schedule:score-sync', status: 'failed' }), scheduled, false],
    [
      'not an earlier one',
      later({ startedBy: 'schedule:score-sync', createdAt: AT.toISOString() }),
      scheduled,
      false,
    ],
    [
      'of the same order, whatever its fields’ order',
      later({ payload: { b: 1, a: { d: 2, c: 3 } } }),
      job({ payload: { a: { c: 3, d: 2 }, b: 1 } }),
      true,
    ],
    [
      'not of another order',
      later({ payload: { coachId: 'coa_1' } }),
      job({ payload: { coachId: 'coa_2' } }),
      false,
    ],
    ['not of another type', later({ taskType: 'profile_refresh' }), job({}), false],
  ])('%s', (_name, newer, run, covered) => {
    expect(covers(newer, run)).toBe(covered);
  });
});

describe('A message', () => {
  test.each([
    ['{"kind":"job_part","jobId":"job_a","part":0}', 'job_part'],
    ['{"kind":"roster","competitorId":"cmp_1"}', 'roster'],
    ['{"kind":"plan_job","jobId":"job_a"}', 'plan_job'],
    ['{"kind":"dispatch_due","scheduledTime":"2026-11-24T20:00:00Z"}', 'dispatch_due'],
    ['{"kind":"roster","competitorId":"Mira Example"}', 'unknown'],
    ['{"kind":"other"}', 'unknown'],
    ['null', 'unknown'],
    ['', 'unknown'],
  ])('%s is read as %s', (body, kind) => {
    expect(aboutOf({ body }).kind).toBe(kind);
  });

  test('keeps its cause when its job was opened again', () => {
    const before = causeOf(ABOUT, facts({}));
    const earlier = [{ status: 'failed' as const, attempts: 3, finishedAt: null, error: 'A cause.' }];
    const reopened = facts({
      job: job({ status: 'running' }),
      part: part({ status: 'pending', error: null, earlier }),
    });
    expect(causeOf(ABOUT, reopened)).toEqual(before);
    expect(before).toMatchObject({ taskType: 'game_platform_sync', title: 'A cause.' });
  });

  test('is chosen by its job, its cause, or with all; never by nothing', () => {
    const message = { body: JSON.stringify(ABOUT) };
    const { id } = causeOf(ABOUT, facts({}));
    expect(isChosen({}, message, facts({}))).toBe(false);
    expect(isChosen({ all: false }, message, facts({}))).toBe(false);
    expect(isChosen({ jobIds: ['job_b'] }, message, facts({}))).toBe(false);
    expect(isChosen({ jobIds: ['job_b', 'job_a'] }, message, facts({}))).toBe(true);
    expect(isChosen({ cause: id }, message, facts({}))).toBe(true);
    expect(isChosen({ cause: 'other' }, message, facts({}))).toBe(false);
    expect(isChosen({ all: true }, message, facts({}))).toBe(true);
  });
});

test.each([
  [{}, false],
  [{ all: false }, false],
  [{ jobIds: [] }, false],
  [{ trial: true }, false],
  [{ jobIds: ['job_a'], all: true }, false],
  [{ all: true, maxPerSecond: 1_000 }, false],
  [{ all: true }, true],
  [{ cause: 'job_part-0123456789', trial: true }, true],
  [{ jobIds: ['job_a'], maxPerSecond: 0.5 }, true],
])('a redrive of %j is taken: %s', (body, taken) => {
  expect(redriveSchema.safeParse(body).success).toBe(taken);
});
