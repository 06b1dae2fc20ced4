import { assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, countDays, listDays, monthBefore } from '#shared/kernel/days.ts';
import { LONGEST_PERIOD_DAYS, periodOf } from '#shared/dashboard/period.ts';

describe('The period of a dashboard', () => {
  it('is the last 30 days when nothing is asked for, compared with the 30 before', () => {
    expect(periodOf({}, '2026-11-24')).toEqual({
      from: '2026-10-26',
      to: '2026-11-24',
      previousFrom: '2026-09-26',
      previousTo: '2026-10-25',
      label: 'Oct 26 – Nov 24',
      previousLabel: 'Sep 26 – Oct 25',
    });
  });

  it('may be a single day', () => {
    expect(periodOf({ from: '2026-11-01', to: '2026-11-01' }, '2026-11-24')).toMatchObject({
      previousFrom: '2026-10-31',
      previousTo: '2026-10-31',
      label: 'Nov 1',
    });
  });

  it.each([
    [{ from: '2026-11-02', to: '2026-11-01' }, 'must not be after'],
    [{ from: '2025-01-01', to: '2026-11-01' }, `at most ${LONGEST_PERIOD_DAYS} days`],
  ])('refuses %j and says why', (filter, message) => {
    expect(periodOf(filter, '2026-11-24')).toMatchObject({
      path: 'from',
      message: expect.stringContaining(message),
    });
  });

  it('always compares with an equally long range that ends the day before', () => {
    assert(
      property(integer({ min: 0, max: 20_000 }), integer({ min: 1, max: 366 }), (start, length) => {
        const from = addDays('1990-01-01', start);
        const to = addDays(from, length - 1);
        const period = periodOf({ from, to }, '2026-11-24');
        if ('message' in period) throw new Error(period.message);
        expect(addDays(period.previousTo, 1)).toBe(from);
        expect(countDays(period.previousFrom, period.previousTo)).toBe(length);
        expect(listDays(from, to)).toHaveLength(length);
      }),
    );
  });
});

it('knows the month before January', () => {
  expect(monthBefore('2026-01')).toBe('2025-12');
});
