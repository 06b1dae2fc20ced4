import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRetryAfter } from '#shared/game-platform/http-exchange.ts';

const NOW = Date.parse('2026-11-24T07:00:00Z');

describe('parseRetryAfter', () => {
  it.each([
    [null, undefined],
    ['', undefined],
    ['0', 0],
    ['3', 3_000],
    [' 120 ', 120_000],
    ['1.5', 1_500],
    ['999999', 3_600_000],
    ['-1', undefined],
    ['soon', undefined],
    ['2026-11-24T07:00:30Z', undefined],
    ['Tue, 24 Nov 2026 07:00:30 GMT', 30_000],
    ['Tue, 24 Nov 2026 06:59:00 GMT', 0],
    ['Tue, 24 Nov 2099 06:59:00 GMT', 3_600_000],
    ['Tue, 99 Nov 2026 07:00:30 GMT', undefined],
  ])('%j is %j ms', (header, ms) => {
    expect(parseRetryAfter(header, NOW)).toBe(ms);
  });

  it('reads any date that a server writes, to the second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_600 }), (seconds) => {
        const date = new Date(NOW + seconds * 1_000).toUTCString();
        expect(parseRetryAfter(date, NOW)).toBe(seconds * 1_000);
      }),
    );
  });

  it('takes any text without failing', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const ms = parseRetryAfter(text, NOW) ?? 0;
        expect(ms).toBeGreaterThanOrEqual(0);
        expect(ms).toBeLessThanOrEqual(3_600_000);
      }),
    );
  });
});
