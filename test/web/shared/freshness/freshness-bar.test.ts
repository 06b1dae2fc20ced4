import { freshnessBarOf } from '#web/shared/freshness/freshness-bar.ts';
import { describe, expect, test } from 'vitest';

const NOW = new Date('2026-11-19T20:00:00Z');
const at = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000).toISOString();
const HOUR = 3600;

const live = {
  state: 'live',
  asOf: at(-6),
  lastReadAt: at(-6),
  nextReadAt: at(24),
  promiseSeconds: 8 * HOUR,
} as const;

describe('the freshness bar', () => {
  test('is the share of time left until the next planned read', () => {
    expect(freshnessBarOf(live, NOW)).toEqual({ length: 0.8, overdue: false });
    expect(freshnessBarOf(live, new Date(at(-6)))).toEqual({ length: 1, overdue: false });
  });

  test('is burnt down, not negative, when the read is due', () => {
    expect(freshnessBarOf({ ...live, nextReadAt: at(-1) }, NOW)).toEqual({ length: 0, overdue: false });
  });

  test('shows what is left of the promise once reads are overdue', () => {
    expect(freshnessBarOf({ ...live, state: 'stale', asOf: at(-6 * 60) }, NOW)).toEqual({
      length: 0.25,
      overdue: true,
    });
    expect(freshnessBarOf({ ...live, state: 'stale', asOf: at(-20 * 60) }, NOW)).toEqual({
      length: 0,
      overdue: true,
    });
  });

  test('is not there when nothing was ever read', () => {
    expect(freshnessBarOf({ ...live, state: 'never' }, NOW)).toBeNull();
    expect(freshnessBarOf({ ...live, lastReadAt: null }, NOW)).toBeNull();
  });
});
