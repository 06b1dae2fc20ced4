import { assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, countDays, listDays, monthBefore, rangeLabel } from '#shared/kernel/days.ts';
import { LONGEST_PERIOD_DAYS, periodOf } from '#shared/dashboard/period.ts';

describe('The period of a dashboard', () => {
  it('is the last 30 days when nothing is asked for, compared with the 30 before', () => {
    expect(periodOf({}, '2026-11-24')).toEqual({
      from: '2026-10-26',
      to: '2026-11-24',
      previousFrom: '2026-09-26',
      previousTo: '2026-10-25',
      label: '26 Oct – 24 Nov',
      previousLabel: '26 Sep – 25 Oct',
    });
  });

  it('may be a single day', () => {
    expect(periodOf({ from: '2026-11-01', to: '2026-11-01' }, '2026-11-24')).toMatchObject({
      previousFrom: '2026-10-31',
      previousTo: '2026-10-31',
      label: '1 Nov',
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

describe('Range labels', () => {
  it.each([
    ['2026-11-01', '2026-11-24', '1–24 Nov'],
    ['2026-10-26', '2026-11-24', '26 Oct – 24 Nov'],
    ['2025-12-18', '2026-01-16', '18 Dec 2025 – 16 Jan 2026'],
  ])('%s to %s reads %s', (from, to, label) => {
    expect(rangeLabel(from, to)).toBe(label);
  });

  it('knows the month before January', () => {
    expect(monthBefore('2026-01')).toBe('2025-12');
  });
});
