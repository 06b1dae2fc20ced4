import { expect, test, vi } from 'vitest';
import { rateLimit, type RateLimit } from '#shared/http/middleware/rate-limit.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { COACH } from '../http-events.ts';
import { runThrough, servedGet } from './run-through.ts';

const passing = () => vi.fn<RateLimit>(() => Promise.resolve(undefined));

test('before: the limit is asked for the route’s class and the caller', async () => {
  const limit = passing();
  const { handled } = await runThrough(rateLimit(limit), {
    found: { served: servedGet({ rate: 'vendor' }), caller: COACH },
  });
  expect(limit).toHaveBeenCalledExactlyOnceWith('vendor', COACH);
  expect(handled).toBeDefined();
});

test('before: a public route, which has no caller, is not counted', async () => {
  const limit = passing();
  const { handled } = await runThrough(rateLimit(limit), {
    found: { served: servedGet({ access: 'public' }) },
  });
  expect(limit).not.toHaveBeenCalled();
  expect(handled).toBeDefined();
});

test('before: without a limit everything passes', async () => {
  const { handled } = await runThrough(rateLimit(undefined), {
    found: { served: servedGet(), caller: COACH },
  });
  expect(handled).toBeDefined();
});

test('before: a refusal is a 429 with Retry-After and runs no handler', async () => {
  const refusal = new DomainError('too_often', 'RATE_LIMITED', 'Wait a little.', { retryAfterSeconds: 7 });
  const { reply, code, handled } = await runThrough(
    rateLimit(() => Promise.reject(refusal)),
    { found: { served: servedGet(), caller: COACH } },
  );
  expect(reply.statusCode).toBe(429);
  expect(reply.headers['retry-after']).toBe('7');
  expect(code).toBe('RATE_LIMITED');
  expect(handled).toBeUndefined();
});

test.each([
  ['not_offered', 1],
  ['vendor_refused', 0],
] as const)('onError: a call that is %s is given back %i times', async (kind, count) => {
  const giveBack = vi.fn<() => Promise<void>>(() => Promise.resolve());
  await runThrough(
    rateLimit(() => Promise.resolve(giveBack)),
    {
      found: { served: servedGet({ rate: 'mail' }), caller: COACH },
      handle: () => Promise.reject(new DomainError(kind, 'NO', 'No.')),
    },
  );
  expect(giveBack).toHaveBeenCalledTimes(count);
});
