import { describe, expect, test } from 'vitest';
import {
  asksBeforeRetry,
  mayCancel,
  mayRetry,
  retryWords,
} from '../../../../web/src/features/jobs/job-acts.ts';
import { payloadLines } from '../../../../web/src/features/jobs/job-words.ts';
import { FIRST_VALUES, payloadOf, STARTABLE } from '../../../../web/src/features/jobs/start-options.ts';

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

  test('one that was put away is only looked at; an erasure is not cancelled', () => {
    expect(mayRetry({ ...job('failed'), archivedAt: '2026-11-24T20:00:00.000Z' })).toBe(false);
    expect(mayCancel({ ...job('running'), taskType: 'privacy_erasure' })).toBe(false);
  });

  test('what changes something on the platform is asked about before it is tried again', () => {
    expect(asksBeforeRetry({ taskType: 'game_platform_sync' })).toBe(false);
    expect(asksBeforeRetry({ taskType: 'onboard_competitors' })).toBe(true);
  });

  test('says what will be done', () => {
    expect(retryWords(job('failed', 1))).toMatch(/^The failed part is/);
    expect(retryWords(job('failed', 3))).toMatch(/^The 3 failed parts are/);
    expect(retryWords(job('failed'))).toMatch(/^It goes on/);
    expect(retryWords(job('cancelled'))).toMatch(/^What was left/);
  });
});

describe('starting a job by hand', () => {
  test('sends only the options that its type knows', () => {
    const values = { ...FIRST_VALUES, coachId: 'coa_1', full: true };
    expect(payloadOf(values)).toEqual({ payload: { coachId: 'coa_1', full: true } });
    expect(payloadOf({ ...values, taskType: 'job_cleanup' })).toEqual({ payload: {} });
    expect(payloadOf({ ...values, coachId: '', taskType: 'external_id_backfill' })).toEqual({
      payload: { dryRun: true, acceptDays: false },
    });
  });

  test('asks for the competitor of a refresh', () => {
    const values = { ...FIRST_VALUES, taskType: 'competitor_refresh' as const };
    expect(payloadOf(values)).toHaveProperty('missing');
    expect(payloadOf({ ...values, competitorId: 'cmp_1' })).toEqual({ payload: { competitorId: 'cmp_1' } });
  });

  test('every type can be sent as the form first shows it, but for the one that needs a person', () => {
    const needs = STARTABLE.filter((taskType) => 'missing' in payloadOf({ ...FIRST_VALUES, taskType }));
    expect(needs).toEqual(['competitor_refresh']);
  });
});

test('a payload is told as names and values, long lists shortened', () => {
  const competitorIds = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  expect(
    payloadLines({ dryRun: true, competitorIds, dryRunJobId: null, known: [{ a: 'x', b: 'y' }] }),
  ).toEqual([
    ['Dry run', 'yes'],
    ['Competitor ids', 'a, b, c, d, e and 2 more'],
    ['Known', 'x = y'],
  ]);
});
