import {
  countsOf,
  estimateWords,
  jobDuration,
  mayCancel,
  mayRetry,
  payloadLines,
  resultLabel,
  retryLabel,
  starterLabel,
} from '#web/features/jobs/job-labels.ts';
import { describe, expect, test } from 'vitest';

const NOW = new Date('2026-11-19T20:00:00Z');

describe('the result of a job', () => {
  test.each([
    [{ total: 22, synced: 1, skipped: 21, failed: 0 }, '1 with new solves; 21 checked, nothing new'],
    [{ total: 22, synced: 0, skipped_no_new_data: 22 }, '22 checked, nothing new'],
    [{ total: 0 }, 'nothing to do'],
    [{ newSolves: 4 }, '4 new solves'],
    [{}, null],
    [null, null],
  ])('%j', (result, words) => {
    expect(resultLabel(result)).toBe(words);
  });
});

test('a job takes time from its start, not from its order', () => {
  expect(jobDuration({ startedAt: null, finishedAt: null }, NOW)).toBeNull();
  expect(jobDuration({ startedAt: '2026-11-19T19:59:30Z', finishedAt: null }, NOW)).toBe(30_000);
  expect(jobDuration({ startedAt: '2026-11-19T19:00:00Z', finishedAt: '2026-11-19T19:00:24Z' }, NOW)).toBe(
    24_000,
  );
  expect(jobDuration({ startedAt: '2026-11-19T20:00:05Z', finishedAt: null }, NOW)).toBe(0);
});

test.each([
  ['schedule:score-sync', null, 'schedule score-sync'],
  ['user:me', 'Ada Admin', 'you'],
  ['user:someone', 'Cora Coach', 'Cora Coach'],
  ['user:gone', null, 'someone who is no longer here'],
  ['seed', null, 'seed'],
])('%j with the name %j started it: %j', (startedBy, startedByName, words) => {
  expect(starterLabel({ startedBy, startedByName }, 'me')).toBe(words);
});

test('the total is told first, failures last, whatever order the fields came in', () => {
  const names = countsOf({ failed: 0, odd: 1, skipped: 3, total: 22, synced: 1 }).map(([name]) => name);
  expect(names).toEqual(['total', 'synced', 'skipped', 'failed', 'odd']);
  expect(resultLabel({ skipped: 34, total: 36, synced: 2 })).toBe(
    '2 with new solves; 34 checked, nothing new',
  );
});

test('a totals sweep tells what it found, not only how many it read', () => {
  const result = { total: 6, inStep: 3, failed: 0, revoked: 1, held: 1, unexplained: 1 };
  expect(resultLabel(result)).toBe(
    '1 with withdrawn solves; 1 waiting for a second read; 1 different for no known reason; 3 matching the platform',
  );
});

const job = (status: 'pending' | 'running' | 'succeeded' | 'failed' | 'cancelled', failed = 0) => ({
  status,
  taskType: 'game_platform_sync' as const,
  archivedAt: null,
  discarded: null,
  partCounts: { total: 4, done: 4, failed },
});

describe('what can be done with a job', () => {
  test.each([
    ['pending', false, true],
    ['running', false, true],
    ['succeeded', false, false],
    ['failed', true, false],
    ['cancelled', true, false],
  ] as const)('%s: try again %s, cancel %s', (status, retry, cancel) => {
    expect([mayRetry(job(status)), mayCancel(job(status))]).toEqual([retry, cancel]);
  });

  test('one that was archived is only looked at; an erasure is not canceled', () => {
    expect(mayRetry({ ...job('failed'), archivedAt: '2026-11-24T20:00:00.000Z' })).toBe(false);
    expect(mayCancel({ ...job('running'), taskType: 'privacy_erasure' })).toBe(false);
  });

  test('says what will be done', () => {
    expect(retryLabel(job('failed', 1))).toMatch(/^The failed part is/);
    expect(retryLabel(job('failed', 3))).toMatch(/^The 3 failed parts are/);
    expect(retryLabel(job('failed'))).toMatch(/^It continues/);
    expect(retryLabel(job('cancelled'))).toMatch(/^What was left/);
  });
});

test('a payload is told as names and values, long lists shortened', () => {
  const competitorIds = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  expect(
    payloadLines({ dryRun: true, competitorIds, dryRunJobId: null, known: [{ a: 'x', b: 'y' }] }),
  ).toEqual([
    ['Dry run', 'yes'],
    ['Competitor ids', 'a, b, c, d, e, and 2 more'],
    ['Known', 'x = y'],
  ]);
});

describe('an estimate', () => {
  const estimate = {
    subjects: 22,
    calls: 44,
    exact: true,
    complete: true,
    perSecond: 8,
    seconds: 6,
    leftToday: 1_304,
    refusal: null,
  };
  test.each([
    [
      'of reads',
      'game_platform_sync',
      {},
      '44 calls to the platform for 22 competitors, about 6 sec at 8 a second. 1,304 of today’s calls are left to reads.',
    ],
    [
      'of which more may come',
      'onboard_coaches',
      { exact: false, subjects: 1, calls: 2, seconds: 600 },
      'At least 2 calls to the platform for 1 coach, about 10 minutes at 8 a second. 1,304 of today’s calls are left to reads.',
    ],
    [
      'of work that calls no one',
      'job_cleanup',
      { calls: 0, subjects: 3 },
      'No calls to the platform, for 3 jobs.',
    ],
    [
      'of what is refused',
      'external_id_backfill',
      { refusal: 'Too many.' },
      'It would not be started as it is.',
    ],
  ])('%s', (_, taskType, change, words) => {
    expect(estimateWords(taskType, { ...estimate, ...change })).toBe(words);
  });
});
