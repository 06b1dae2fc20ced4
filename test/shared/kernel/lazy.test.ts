import { expect, it } from 'vitest';
import { lazy } from '#shared/kernel/lazy.ts';

it('makes the value once, for callers that come together too', async () => {
  let made = 0;
  const value = lazy(async () => {
    made += 1;
    return made;
  });
  expect(await Promise.all([value(), value(), value()])).toEqual([1, 1, 1]);
  expect(await value()).toBe(1);
});

it('forgets a failure, so that the next caller tries again', async () => {
  let tries = 0;
  const value = lazy(() => {
    tries += 1;
    if (tries === 1) throw new Error('cold start');
    return 'warm';
  });
  const first = await Promise.allSettled([value(), value()]);
  expect(first.map((result) => result.status)).toEqual(['rejected', 'rejected']);
  expect(tries).toBe(1);
  expect(await value()).toBe('warm');
});
