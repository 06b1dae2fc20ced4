import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { LEAST_DAYS, windowIn, zoomed } from '#web/features/dashboard/timeline-window.ts';

describe('The days in sight', () => {
  test('are halved around the same middle, and doubled back', () => {
    const all = { start: 0, size: 32 };
    const half = zoomed(32, all, 'in');
    expect(half).toEqual({ start: 8, size: 16 });
    expect(zoomed(32, half, 'out')).toEqual(all);
  });

  test('at an end of the period stay at it', () => {
    expect(zoomed(30, { start: 22, size: 8 }, 'out')).toEqual({ start: 14, size: 16 });
    expect(zoomed(30, { start: 0, size: 8 }, 'out')).toEqual({ start: 0, size: 16 });
  });

  it('are always within the period, and never fewer than a week of a longer one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: -500, max: 500 }),
        fc.integer({ min: -10, max: 900 }),
        fc.array(fc.constantFrom('in' as const, 'out' as const), { maxLength: 12 }),
        (days, start, size, steps) => {
          let window = windowIn(days, { start, size });
          for (const step of steps) window = zoomed(days, window, step);
          expect(window.start).toBeGreaterThanOrEqual(0);
          expect(window.start + window.size).toBeLessThanOrEqual(days);
          expect(window.size).toBeGreaterThanOrEqual(Math.min(LEAST_DAYS, days));
        },
      ),
    );
  });
});
