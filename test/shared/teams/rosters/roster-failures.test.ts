import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { GAME_PLATFORM_ERROR_CODES } from '#shared/game-platform/game-platform-error.ts';
import { editTimeBucket, editTimeMonth } from '#shared/teams/rosters/edit-times.ts';
import { isTrouble, retryDelay, rosterFailure } from '#shared/teams/rosters/roster-failures.ts';

const AT = new Date('2026-11-30T23:30:00.000Z');

test('what may pass by itself is tried at once three times, then ever more slowly', () => {
  const delays = [1, 2, 3, 4, 5, 6, 20].map((attempts) => retryDelay('UNAVAILABLE', attempts, undefined));
  expect(delays).toEqual([null, null, null, 30_000, 60_000, 120_000, 900_000]);
});

test('a refusal is tried again after a minute, later every hour', () => {
  const delays = [1, 2, 3, 20].map((attempts) => retryDelay('REFUSED', attempts, undefined));
  expect(delays).toEqual([60_000, 120_000, 240_000, 3_600_000]);
});

test('nobody is asked sooner than the platform wants', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...GAME_PLATFORM_ERROR_CODES),
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 10_000_000 }),
      (code, attempts, retryAfterMs) => {
        expect(retryDelay(code, attempts, retryAfterMs)).toBeGreaterThanOrEqual(retryAfterMs);
      },
    ),
  );
});

test('a coach is told of an error when it is refused or keeps failing, and always what to do', () => {
  expect(isTrouble(rosterFailure('TIMED_OUT', AT), 1)).toBe(false);
  expect(isTrouble(rosterFailure('TIMED_OUT', AT), 4)).toBe(true);
  expect(isTrouble(rosterFailure('REFUSED', AT), 1)).toBe(true);
  for (const code of [...GAME_PLATFORM_ERROR_CODES, 'TEAM_GONE', 'NEVER_HEARD_OF']) {
    const { message, remedy } = rosterFailure(code, AT);
    expect(message, code).toMatch(/\.$/);
    expect(remedy, code).toMatch(/\.$/);
  }
});

test('an edit is counted in the month of its confirmation, in the bucket of its time', () => {
  expect([0.2, 1, 1.1, 60, 61, 3_600, 9_999].map(editTimeBucket)).toEqual([
    'le1',
    'le1',
    'le2',
    'le60',
    'le120',
    'le3600',
    'more',
  ]);
  expect(editTimeMonth(AT)).toBe('2026-11');
});
