import { describe, expect, test } from 'vitest';
import { TASK_TYPES } from '#shared/composition/tasks.ts';
import {
  countsOf,
  jobDuration,
  resultWords,
  starterWords,
  taskName,
} from '../../../../web/src/features/jobs/job-words.ts';

const NOW = new Date('2026-11-19T20:00:00Z');

test('every type that can be started has a name of its own', () => {
  const names = TASK_TYPES.map(taskName);
  expect(new Set(names).size).toBe(TASK_TYPES.length);
  for (const name of names) expect(name).toMatch(/^[A-Z][A-Za-z ]+$/);
});

describe('the result of a job', () => {
  test.each([
    [{ total: 22, synced: 1, skipped: 21, failed: 0 }, '1 synced, 21 skipped of 22'],
    [{ total: 22, synced: 0, skipped_no_new_data: 22 }, '22 skipped no new data of 22'],
    [{ total: 0 }, 'none of 0'],
    [{ newSolves: 4 }, '4 new solves'],
    [{}, null],
    [null, null],
  ])('%j', (result, words) => {
    expect(resultWords(result)).toBe(words);
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
  ['schedule:score-sync', 'schedule score-sync'],
  ['user:me', 'you'],
  ['user:someone', 'another admin or a coach'],
  ['seed', 'seed'],
])('%j started it: %j', (startedBy, words) => {
  expect(starterWords(startedBy, 'me')).toBe(words);
});

test('the total is told first, failures last, whatever order the fields came in', () => {
  const names = countsOf({ failed: 0, odd: 1, skipped: 3, total: 22, synced: 1 }).map(([name]) => name);
  expect(names).toEqual(['total', 'synced', 'skipped', 'failed', 'odd']);
  expect(resultWords({ skipped: 34, total: 36, synced: 2 })).toBe('2 synced, 34 skipped of 36');
});

test('a totals sweep tells what it found, not only how many it read', () => {
  const result = { total: 6, inStep: 3, failed: 0, revoked: 1, held: 1, unexplained: 1 };
  expect(resultWords(result)).toBe(
    '1 had solves withdrawn, 1 waiting for a second read, 1 differ without a reason, 3 in step of 6',
  );
});
