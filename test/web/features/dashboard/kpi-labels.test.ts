import type { Kpi } from '#shared/dashboard/contract.ts';
import { kpiChange, kpiShare, kpiValue, sparkFinding } from '#web/features/dashboard/kpi-labels.ts';
import { describe, expect, test } from 'vitest';

const kpi = (facts: Partial<Kpi> = {}): Kpi => ({
  state: 'ok',
  value: 9,
  unit: 'count',
  count: null,
  of: 14,
  change: 1,
  comparedWith: 'vs Oct 1–19',
  spark: [],
  footnote: '',
  asOf: null,
  ...facts,
});

const share = (facts: Partial<Kpi> = {}) =>
  kpi({ unit: 'percent', value: 83.33, count: 15, of: 18, ...facts });

describe('a figure', () => {
  test('is never a zero when there is none', () => {
    expect(kpiValue(kpi({ value: null }))).toBe('none yet');
    expect(kpiValue(kpi({ value: 0 }))).toBe('0');
  });

  test('is grouped, and a percentage is whole', () => {
    expect(kpiValue(kpi({ value: 31_590 }))).toBe('31,590');
    expect(kpiValue(share())).toBe('83');
  });

  test('says of how many', () => {
    expect(kpiShare(kpi())).toBe('of 14');
    expect(kpiShare(share())).toBe('15 of 18');
    expect(kpiShare(kpi({ of: null }))).toBeNull();
  });
});

describe('a change', () => {
  test.each<[Partial<Kpi>, ReturnType<typeof kpiChange>]>([
    [{ change: 42 }, { direction: 'up', text: '42' }],
    [{ change: -3 }, { direction: 'down', text: '3' }],
    [{ change: 0 }, { direction: 'flat', text: 'no change' }],
    [{ change: null }, null],
    [{ change: 5, value: null }, null],
    [
      { change: 8, unit: 'percent' },
      { direction: 'up', text: '8 pts' },
    ],
    [
      { change: -1.2, unit: 'percent' },
      { direction: 'down', text: '1 pt' },
    ],
    [
      { change: 0.3, unit: 'percent' },
      { direction: 'flat', text: 'no change' },
    ],
  ])('%j', (facts, change) => {
    expect(kpiChange(kpi(facts))).toEqual(change);
  });
});

test('a sparkline says what it shows', () => {
  expect(sparkFinding('Active', [5, 12, 9])).toBe('Active: 9 now, 5 at the start, 12 at the most.');
  expect(sparkFinding('Active', [])).toBe('Active: no daily values yet.');
  expect(sparkFinding('Enrollment', [40, 66.7], 'percent')).toBe(
    'Enrollment: 67% now, 40% at the start, 67% at the most.',
  );
});
