import { describe, expect, test } from 'vitest';
import { PERIODS, periodOf, rangeOf, type PeriodId } from '#web/features/dashboard/period.ts';

describe('periods', () => {
  test.each<[PeriodId, string, { from: string; to: string } | null]>([
    ['last-30', '2026-11-19', null],
    ['last-7', '2026-11-19', { from: '2026-11-13', to: '2026-11-19' }],
    ['last-90', '2026-11-19', { from: '2026-08-22', to: '2026-11-19' }],
    ['this-month', '2026-11-19', { from: '2026-11-01', to: '2026-11-19' }],
    ['this-month', '2026-11-01', { from: '2026-11-01', to: '2026-11-01' }],
    ['last-month', '2026-11-19', { from: '2026-10-01', to: '2026-10-31' }],
    ['last-month', '2026-03-31', { from: '2026-02-01', to: '2026-02-28' }],
    ['last-month', '2026-01-05', { from: '2025-12-01', to: '2025-12-31' }],
  ])('%s on %s', (id, today, range) => {
    expect(rangeOf(id, today)).toEqual(range);
  });

  test('an unknown one in the address is the default', () => {
    expect(periodOf('for-ever')).toBe(PERIODS[0]);
    expect(periodOf(null)).toBe(PERIODS[0]);
    expect(periodOf('last-month').text).toBe('Last month');
  });
});
