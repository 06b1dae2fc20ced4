import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays } from '#shared/kernel/days.ts';
import {
  age,
  clockTime,
  dayIn,
  duration,
  moment,
  nearDay,
  plainDay,
  shortDay,
} from '#web/shared/format/time.ts';

const ZONE = 'America/Los_Angeles';
/** 12:00 in Los Angeles. */
const NOW = new Date('2026-11-19T20:00:00Z');

test('a moment belongs to the day of the program’s zone', () => {
  expect(dayIn(ZONE, new Date('2026-11-19T07:59:00Z'))).toBe('2026-11-18');
  expect(dayIn(ZONE, new Date('2026-11-19T08:00:00Z'))).toBe('2026-11-19');
});

test('days are counted over months, leap days and clock changes', () => {
  expect(addDays('2026-11-01', -1)).toBe('2026-10-31');
  expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
  fc.assert(
    fc.property(fc.integer({ min: -400, max: 400 }), (count) => {
      expect(addDays(addDays('2026-11-19', count), -count)).toBe('2026-11-19');
    }),
  );
});

describe('when something was', () => {
  test.each([
    ['2026-11-19T19:30:00Z', 'Today 11:30'],
    ['2026-11-19T07:30:00Z', 'Yesterday'],
    ['2026-10-27T19:30:00Z', '27 Oct'],
    ['2025-09-08T19:30:00Z', '8 Sep 2025'],
  ])('%s is %s', (iso, words) => {
    expect(nearDay(iso, ZONE, NOW)).toBe(words);
  });

  test('the time alone today, with the day on other days', () => {
    expect(moment('2026-11-19T19:30:00Z', ZONE, NOW)).toBe('11:30');
    expect(moment('2026-11-18T19:30:00Z', ZONE, NOW)).toBe('18 Nov 11:30');
    expect(clockTime('2026-11-19T08:05:00Z', ZONE)).toBe('00:05');
  });

  test('every month has three letters', () => {
    expect(shortDay('2026-09-02T20:00:00Z', ZONE, NOW)).toBe('2 Sep');
    expect(plainDay('2026-06-02')).toBe('2 Jun 2026');
  });
});

describe('how long ago', () => {
  test.each([
    ['2026-11-19T19:59:30Z', 'just now'],
    ['2026-11-19T19:54:00Z', '6 min ago'],
    ['2026-11-19T17:00:00Z', '3 h ago'],
    ['2026-11-18T19:00:00Z', '1 day ago'],
    ['2026-11-10T20:00:00Z', '9 days ago'],
    ['2026-11-19T20:05:00Z', 'just now'],
  ])('%s is %s', (iso, words) => {
    expect(age(iso, NOW)).toBe(words);
  });
});

test.each([
  [340, '340 ms'],
  [14_000, '14 s'],
  [59_700, '1 min'],
  [185_000, '3 min 5 s'],
  [7_440_000, '2 h 4 min'],
  [28_800_000, '8 h'],
])('%i ms is %s', (milliseconds, words) => {
  expect(duration(milliseconds)).toBe(words);
});
