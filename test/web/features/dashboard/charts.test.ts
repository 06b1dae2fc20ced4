import { describe, expect, test } from 'vitest';
import type { ActivityLine, CtfChart } from '#shared/dashboard/contract.ts';
import { activitySentence } from '#web/features/dashboard/activity-labels.ts';
import { eventsSummary, paceFinding, paceSummary } from '#web/features/dashboard/ctf-labels.ts';
import { ticksUpTo } from '#web/shared/charts/sparkline.tsx';
import { ownRangeOf } from '#web/features/dashboard/filters.ts';
import { sortingOf } from '#web/shared/ui/sorted-pages.ts';

const pace = (over: Partial<CtfChart['pace']> = {}): CtfChart['pace'] => ({
  month: '2026-11',
  previousMonth: '2026-10',
  monthDays: 30,
  totals: Array.from({ length: 19 }, () => 112),
  previousTotals: [],
  solved: 112,
  previousSameDay: 100,
  previousSolved: 151,
  forecast: 177,
  ...over,
});

describe('the monthly CTF chart in words', () => {
  test('compares with the same day of the month before and tells where the pace leads', () => {
    expect(paceSummary(pace())).toBe(
      '112 CTF challenges solved in November. 12 more than by this day last month (100). At this pace 177 by the end of November.',
    );
    expect(paceFinding(pace({ solved: 99 }))).toBe('1 fewer than by this day last month (100).');
    expect(paceFinding(pace({ solved: 100 }))).toBe('Same as by this day last month (100).');
  });

  test('of a month that is over compares the whole months', () => {
    const whole = pace({ totals: Array.from({ length: 30 }, () => 1), forecast: null });
    expect(paceFinding(whole)).toContain('in all of October');
  });

  test('says so when there was no event', () => {
    expect(eventsSummary([])).toBe('No Flash CTF in these months.');
  });

  test.each([0, 1, 7, 177, 31_590])('has a few round steps that hold %d', (highest) => {
    const ticks = ticksUpTo(highest);
    expect(ticks[0]).toBe(0);
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(highest);
    expect(ticks.length).toBeLessThanOrEqual(5);
  });
});

const line = (over: Partial<ActivityLine>): ActivityLine => ({
  id: 'act_1',
  at: '2026-11-20T10:00:00.000Z',
  kind: 'solves_stored',
  by: 'automatic',
  competitor: { id: 'cmp_1', name: 'Amara Quill' },
  team: null,
  fromTeam: null,
  odl: 2,
  ctf: 0,
  fields: [],
  ...over,
});

describe('a line of activity', () => {
  test.each<[Partial<ActivityLine>, string]>([
    [{}, 'Amara Quill solved 2 challenges (2 ODL)'],
    [{ odl: 1, ctf: 3 }, 'Amara Quill solved 4 challenges (1 ODL, 3 CTF)'],
    [
      { kind: 'member_moved', team: { id: 't', name: 'Foxes' }, fromTeam: { id: 'u', name: null } },
      'Amara Quill moved from a deleted team to Foxes',
    ],
    [
      { kind: 'competitor_changed', fields: ['grade', 'mediaReleaseDate'] },
      'Amara Quill was changed: grade, media release',
    ],
    [{ competitor: { id: 'x', name: null } }, 'Someone who is no longer here solved 2 challenges (2 ODL)'],
  ])('%j', (over, sentence) => {
    expect(activitySentence(line(over))).toBe(sentence);
  });
});

describe('days chosen by hand', () => {
  test.each([
    ['2026-11-01', '2026-11-24', null],
    ['2026-11-24', '2026-11-01', 'The first day is after the last. Swap the two.'],
    ['2025-01-01', '2026-11-01', 'Choose at most 366 days.'],
    ['', '2026-11-01', 'Choose a first and a last day.'],
    ['2026-13-01', '2026-13-02', 'Choose a first and a last day.'],
  ])('from %s to %s: %s', (from, to, problem) => {
    expect(ownRangeOf(from, to).problem).toBe(problem);
  });
});

test('the order in an address is taken where the list knows it, else the initial one', () => {
  const columns = {
    keys: { rank: (row: number) => row, done: (row: number) => row },
    highestFirst: new Set<'rank' | 'done'>(['done']),
    initial: { column: 'rank', direction: 'asc' } as const,
  };
  expect(sortingOf('done.desc', columns)).toEqual({ column: 'done', direction: 'desc' });
  expect(sortingOf('name.desc', columns)).toEqual(columns.initial);
  expect(sortingOf(null, columns)).toEqual(columns.initial);
});
