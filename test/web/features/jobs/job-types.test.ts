import { TASK_TYPES } from '#shared/composition/tasks.ts';
import { asksBeforeRetry } from '#web/features/jobs/job-types.ts';
import {
  FIRST_VALUES,
  firstDryRun,
  optionsOf,
  optionsOfPayload,
  payloadOf,
  STARTABLE,
  taskName,
} from '#web/shared/jobs/start-options.ts';
import { describe, expect, test } from 'vitest';

test('every type that can be started has a name of its own', () => {
  const names = TASK_TYPES.map(taskName);
  expect(new Set(names).size).toBe(TASK_TYPES.length);
  for (const name of names) expect(name).toMatch(/^[A-Z][A-Za-z ]+$/);
});

test('what changes something on the platform is asked about before it is tried again', () => {
  expect(asksBeforeRetry({ taskType: 'game_platform_sync' })).toBe(false);
  expect(asksBeforeRetry({ taskType: 'onboard_competitors' })).toBe(true);
});

describe('starting a job by hand', () => {
  test('sends only the options that its type knows', () => {
    const values = { ...FIRST_VALUES, coachId: 'coa_1', full: true };
    expect(payloadOf(values)).toEqual({ payload: { coachId: 'coa_1', full: true } });
    expect(payloadOf({ ...values, taskType: 'job_cleanup' })).toEqual({ payload: {} });
    expect(payloadOf({ ...values, coachId: '', dryRun: true, taskType: 'external_id_backfill' })).toEqual({
      payload: { dryRun: true, acceptDays: false },
    });
  });

  test('begins as a dry run where it would change something', () => {
    const withDryRun = STARTABLE.filter((type) => optionsOf(type).includes('dryRun'));
    expect(withDryRun.map((type) => [type, firstDryRun(type)])).toEqual([
      ['game_platform_sync', false],
      ['roster_reconcile', true],
      ['external_id_backfill', true],
    ]);
  });

  test('asks for the competitor of a refresh', () => {
    const values = { ...FIRST_VALUES, taskType: 'competitor_refresh' as const };
    expect(payloadOf(values)).toHaveProperty('missing');
    expect(payloadOf({ ...values, competitorId: 'cmp_1' })).toEqual({ payload: { competitorId: 'cmp_1' } });
  });

  test('a payload comes back into the form that makes it', () => {
    for (const taskType of STARTABLE.filter((type) => type !== 'competitor_refresh')) {
      const payload = payloadOf({ ...FIRST_VALUES, taskType, coachId: 'coa_1', full: true });
      if ('missing' in payload) throw new Error(payload.missing);
      const options = optionsOfPayload(payload.payload);
      expect(payloadOf({ ...options, taskType })).toEqual(payload);
    }
  });

  test('every type can be sent as the form first shows it, but for the one that needs a person', () => {
    const needs = STARTABLE.filter((taskType) => 'missing' in payloadOf({ ...FIRST_VALUES, taskType }));
    expect(needs).toEqual(['competitor_refresh']);
  });
});
