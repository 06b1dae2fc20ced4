import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { errorFromAnswer, retryAfterSeconds } from '#web/shared/api/api-error.ts';

const NOW = Date.parse('2026-11-19T20:00:00Z');
const noHeaders = { requestId: null, retryAfter: null };

describe('Retry-After', () => {
  test.each([
    ['120', 120],
    ['0', 0],
    ['Thu, 19 Nov 2026 20:00:30 GMT', 30],
    ['Thu, 19 Nov 2026 19:59:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ])('%j means %j seconds', (header, seconds) => {
    expect(retryAfterSeconds(header, NOW)).toBe(seconds);
  });
});

describe('an error answer', () => {
  test('the gateway’s own message becomes a sentence, with the id that it sends', () => {
    const { facts } = errorFromAnswer(
      429,
      { message: 'Too Many Requests' },
      { requestId: 'gw_1', retryAfter: '3' },
      NOW,
    );
    expect(facts).toMatchObject({
      code: 'GATEWAY',
      requestId: 'gw_1',
      retryAfterSeconds: 3,
      failure: 'refused',
    });
    expect(facts.message).toBe('Too many requests in a short time. Wait a moment.');
  });

  test('whatever comes, there is a sentence for a person and never the text that came', () => {
    fc.assert(
      fc.property(fc.integer({ min: 400, max: 599 }), fc.jsonValue(), (status, body) => {
        const { facts } = errorFromAnswer(status, body, noHeaders, NOW);
        expect(facts.message).toMatch(/^[A-Z].*\.$/);
        expect(facts.status).toBe(status);
      }),
    );
  });

  test('401 is the end of the session', () => {
    expect(errorFromAnswer(401, undefined, noHeaders, NOW).facts.failure).toBe('signed-out');
  });
});
