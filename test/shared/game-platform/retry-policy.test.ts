import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GAME_PLATFORM_ERROR_CODES } from '#shared/game-platform/game-platform-error.ts';
import {
  MAX_ATTEMPTS,
  mayRetry,
  waitBefore,
  type FailedAttempt,
} from '#shared/game-platform/retry-policy.ts';

const failure = (parts: Partial<FailedAttempt>): FailedAttempt => ({
  code: 'UNAVAILABLE',
  status: null,
  neverSent: false,
  ...parts,
});

describe('what may be tried again', () => {
  it.each([
    ['never sent', failure({ neverSent: true }), true, true],
    ['broken off', failure({}), true, false],
    ['429', failure({ code: 'THROTTLED', status: 429 }), true, true],
    ['503 with Retry-After', failure({ status: 503, retryAfterMs: 1_000 }), true, true],
    ['503 without', failure({ status: 503 }), true, false],
    ['500 with Retry-After', failure({ status: 500, retryAfterMs: 1_000 }), true, false],
    ['502', failure({ status: 502 }), true, false],
    ['timed out', failure({ code: 'TIMED_OUT' }), true, false],
    ['2xx that cannot be read', failure({ code: 'BAD_ANSWER', status: 201 }), true, false],
    ['refused', failure({ code: 'REFUSED', status: 400 }), false, false],
    ['wrong token', failure({ code: 'TOKEN_REFUSED', status: 401 }), false, false],
    ['not approved', failure({ code: 'NOT_APPROVED', status: 403 }), false, false],
  ])('%s: read %s', (_, failed, read, write) => {
    expect(mayRetry(failed, false)).toBe(read);
    expect(mayRetry(failed, true)).toBe(write);
  });

  it('never tries a write again that may have worked', () => {
    const anyFailure = fc.record({
      code: fc.constantFrom(...GAME_PLATFORM_ERROR_CODES),
      status: fc.option(fc.integer({ min: 200, max: 599 })),
      neverSent: fc.constant(false),
    });
    fc.assert(
      fc.property(anyFailure, (failed) => {
        expect(mayRetry(failed, true)).toBe(failed.code === 'THROTTLED');
      }),
    );
  });
});

const half = () => 0.5;
const throttled = (retryAfterMs: number) => failure({ code: 'THROTTLED', status: 429, retryAfterMs });

describe('how long to wait', () => {
  it('doubles, half of it by chance, and ends after three attempts', () => {
    expect([1, 2, 3].map((attempt) => waitBefore(failure({}), attempt, false, half))).toEqual([
      375,
      750,
      undefined,
    ]);
    expect(waitBefore(failure({}), 1, false, () => 0)).toBe(250);
    expect(MAX_ATTEMPTS).toBe(3);
  });

  it('leaves a call that timed out time to end over there', () => {
    expect(waitBefore(failure({ code: 'TIMED_OUT' }), 1, false, () => 0)).toBe(1_000);
  });

  it('obeys Retry-After as a lower bound and leaves long waits to the caller', () => {
    expect(waitBefore(throttled(2_000), 1, true, () => 0)).toBe(2_000);
    expect(waitBefore(throttled(2_000), 1, true, half)).toBe(2_125);
    expect(waitBefore(throttled(60_000), 1, true, half)).toBeUndefined();
  });

  it('is never shorter than asked for and never longer than ten seconds', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.option(fc.nat(20_000), { nil: undefined }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempt, retryAfterMs, chance) => {
          const failed = failure({
            code: 'THROTTLED',
            ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
          });
          const wait = waitBefore(failed, attempt, false, () => chance) ?? Number.NaN;
          expect(wait >= (retryAfterMs ?? 0) || Number.isNaN(wait)).toBe(true);
          expect(wait <= 10_000 || Number.isNaN(wait)).toBe(true);
        },
      ),
    );
  });
});
