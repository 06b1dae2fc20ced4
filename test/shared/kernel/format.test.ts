import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays } from '#shared/kernel/days.ts';
import {
  age,
  allOf,
  clockTime,
  count,
  counted,
  dayIn,
  dayTick,
  decimal,
  duration,
  inWords,
  listed,
  listNames,
  moment,
  monthAndYear,
  monthName,
  nearDay,
  percent,
  plainDay,
  rangeLabel,
  roughly,
  shortDay,
  spreadsheetTime,
} from '#shared/kernel/format.ts';

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
    fc.property(fc.integer({ min: -400, max: 400 }), (days) => {
      expect(addDays(addDays('2026-11-19', days), -days)).toBe('2026-11-19');
    }),
  );
});

describe('when something was', () => {
  test.each([
    ['2026-11-19T19:30:00Z', 'Today 11:30 AM'],
    ['2026-11-19T07:30:00Z', 'Yesterday'],
    ['2026-10-27T19:30:00Z', 'Oct 27'],
    ['2025-09-08T19:30:00Z', 'Sep 8, 2025'],
  ])('%s is %s', (iso, words) => {
    expect(nearDay(iso, ZONE, NOW)).toBe(words);
  });

  test('the time alone today, with the day on other days, with the year in another year', () => {
    expect(moment('2026-11-19T19:30:00Z', ZONE, NOW)).toBe('11:30 AM');
    expect(moment('2026-11-18T19:30:00Z', ZONE, NOW)).toBe('Nov 18, 11:30 AM');
    expect(moment('2025-11-26T23:42:00Z', ZONE, NOW)).toBe('Nov 26, 2025, 3:42 PM');
    expect(clockTime('2026-11-19T08:05:00Z', ZONE)).toBe('12:05 AM');
    expect(clockTime('2026-11-19T20:00:00Z', ZONE)).toBe('12:00 PM');
    expect(spreadsheetTime('2026-11-19T08:05:00Z', ZONE)).toBe('2026-11-19 12:05 AM');
  });

  test('every month has three letters', () => {
    expect(shortDay('2026-09-02T20:00:00Z', ZONE, NOW)).toBe('Sep 2');
    expect(plainDay('2026-06-02')).toBe('Jun 2, 2026');
    expect(plainDay('2026-06-02', '2026-11-19')).toBe('Jun 2');
    expect(dayTick('2025-06-02')).toBe('Jun 2');
  });

  test('a year ends with the program’s day, not with that of UTC', () => {
    const newYear = new Date('2027-01-01T07:30:00Z');
    expect(shortDay('2026-12-31T20:00:00Z', ZONE, newYear)).toBe('Dec 31');
    expect(moment('2027-01-01T06:00:00Z', ZONE, newYear)).toBe('10:00 PM');
    expect(shortDay('2026-12-31T20:00:00Z', ZONE, new Date('2027-01-01T08:30:00Z'))).toBe('Dec 31, 2026');
  });

  test.each([
    // The hour from 1 to 2 comes twice on the day that summer time ends.
    ['2026-11-01T08:30:00Z', '1:30 AM'],
    ['2026-11-01T09:30:00Z', '1:30 AM'],
    ['2026-11-01T10:30:00Z', '2:30 AM'],
    // And the one from 2 to 3 never on the day that it begins.
    ['2026-03-08T09:59:00Z', '1:59 AM'],
    ['2026-03-08T10:00:00Z', '3:00 AM'],
  ])('%s is %s over the change of the clocks', (iso, words) => {
    expect(clockTime(iso, ZONE)).toBe(words);
  });

  test('yesterday is the day before also where a day has 25 hours', () => {
    expect(nearDay('2026-11-01T07:30:00Z', ZONE, new Date('2026-11-02T08:10:00Z'))).toBe('Yesterday');
    expect(nearDay('2026-11-01T06:30:00Z', ZONE, new Date('2026-11-02T08:10:00Z'))).toBe('Oct 31');
  });

  test('months have their names', () => {
    expect(monthName('2026-11')).toBe('November');
    expect(monthAndYear('2025-01')).toBe('January 2025');
  });
});

test.each([
  ['2026-11-01', '2026-11-24', 'Nov 1–24'],
  ['2026-10-26', '2026-11-24', 'Oct 26 – Nov 24'],
  ['2026-11-01', '2026-11-01', 'Nov 1'],
  ['2025-12-18', '2026-01-16', 'Dec 18, 2025 – Jan 16, 2026'],
  ['2025-11-01', '2025-11-24', 'Nov 1–24, 2025'],
  ['2025-10-26', '2025-11-24', 'Oct 26 – Nov 24, 2025'],
  ['2025-11-01', '2025-11-01', 'Nov 1, 2025'],
])('the range from %s to %s reads %s', (from, to, label) => {
  expect(rangeLabel(from, to, '2026-11-24')).toBe(label);
});

describe('how long ago', () => {
  test.each([
    ['2026-11-19T19:59:30Z', 'just now'],
    ['2026-11-19T19:59:00Z', '1 min ago'],
    ['2026-11-19T19:54:00Z', '6 min ago'],
    ['2026-11-19T19:00:00Z', '1 hr ago'],
    ['2026-11-19T17:00:00Z', '3 hr ago'],
    ['2026-11-18T19:00:00Z', '1 day ago'],
    ['2026-11-10T20:00:00Z', '9 days ago'],
    ['2026-11-19T20:05:00Z', 'just now'],
  ])('%s is %s', (iso, words) => {
    expect(age(iso, NOW)).toBe(words);
  });

  test.each([
    [0, 'a moment'],
    [60_000, '1 minute'],
    [6 * 60_000, '6 minutes'],
    [9 * 3_600_000, '9 hours'],
    [24 * 3_600_000, '1 day'],
    [72 * 3_600_000, '3 days'],
  ])('%i ms in a sentence is %s', (ms, words) => {
    expect(roughly(ms)).toBe(words);
  });
});

test.each([
  [-5, '0 ms'],
  [340, '340 ms'],
  [1_000, '1 sec'],
  [14_000, '14 sec'],
  [59_700, '1 min'],
  [185_000, '3 min 5 sec'],
  [7_440_000, '2 hr 4 min'],
  [28_800_000, '8 hr'],
])('%i ms is %s', (milliseconds, words) => {
  expect(duration(milliseconds)).toBe(words);
});

describe('figures', () => {
  test('have a comma at the thousands and a point before tenths', () => {
    expect(count(31_590)).toBe('31,590');
    expect(decimal(4.52)).toBe('4.5');
    expect(decimal(4)).toBe('4');
  });

  test('a percentage has its sign right behind it', () => {
    expect(percent(0.42)).toBe('42%');
    expect(percent(0.992, 1)).toBe('99.2%');
    expect(percent(1, 1)).toBe('100%');
    expect(percent(0)).toBe('0%');
  });

  test.each([
    [0, '0 teams', 'no'],
    [1, '1 team', 'one'],
    [2, '2 teams', 'two'],
    [1_200, '1,200 teams', '1,200'],
  ])('%i with its noun, and in words', (value, noun, words) => {
    expect(counted(value, 'team')).toBe(noun);
    expect(inWords(value)).toBe(words);
  });

  test('two are both, more are all', () => {
    expect(allOf(2, 'members')).toBe('Both members');
    expect(allOf(7, 'members')).toBe('All 7 members');
  });
});

test.each([
  [[], ''],
  [['Anouk'], 'Anouk'],
  [['Anouk', 'Noah'], 'Anouk and Noah'],
  [['Anouk', 'Noah', 'Hana'], 'Anouk, Noah, and Hana'],
])('%j is a list', (names, words) => {
  expect(listed(names)).toBe(words);
});

test('a long list ends with how many more there are', () => {
  expect(listNames(['Anouk', 'Noah', 'Hana', 'Ines'], 3)).toBe('Anouk, Noah, Hana, and 1 more');
  expect(listNames(['Anouk', 'Noah', 'Hana'], 3)).toBe('Anouk, Noah, and Hana');
});
