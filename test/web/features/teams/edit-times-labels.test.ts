import {
  boundLabel,
  editTimeCells,
  editTimesLine,
  keptPromise,
  percentilesLine,
  shareLabel,
} from '#web/features/teams/edit-times-labels.ts';
import { monthAndYear } from '#shared/kernel/format.ts';
import { expect, test } from 'vitest';

const november = { month: '2026-11', edits: 1412, p50: 3, p95: 12, p99: 30, withinPromise: 0.9923 };

test('this month’s line says the share within a minute and the percentiles', () => {
  expect(editTimesLine(november, '2026-11')).toBe(
    '99.2% of 1,412 edits this month reached the platform within a minute.',
  );
  expect(editTimesLine(november, '2026-12')).toContain('in November 2026');
  expect(percentilesLine(november)).toBe('Half within 3 sec, 95% within 12 sec, 99% within 30 sec.');
  expect(percentilesLine({ ...november, p99: null })).toContain('99% in over an hour.');
});

test('the same as cells of a table', () => {
  expect(editTimeCells({ ...november, p99: null })).toEqual([
    'November 2026',
    '1,412',
    '3 sec',
    '12 sec',
    'over an hour',
    '99.2%',
  ]);
  expect(monthAndYear('2026-01')).toBe('January 2026');
  expect(boundLabel(60)).toBe('1 min');
});

test('a share is never rounded up to all, nor to a kept promise', () => {
  expect(shareLabel(1)).toBe('100%');
  expect(shareLabel(0.9999)).toBe('99.9%');
  expect(shareLabel(0)).toBe('0%');
  expect(keptPromise(november)).toBe(true);
  expect(keptPromise({ ...november, withinPromise: 0.989 })).toBe(false);
});
