import { beforeEach, describe, expect, test } from 'vitest';
import { createRateLimitRepository, type RateLimitRepository } from '#shared/http/rate-limit-repository.ts';
import { createRateLimit, RATE_LIMITS } from '#shared/http/rate-limits.ts';
import type { RateLimit } from '#shared/http/middleware/rate-limit.ts';
import type { Caller } from '#shared/identity/caller.ts';
import type { RateClass } from '#shared/kernel/contract.ts';
import { useTestTables } from '#test/support/dynamodb.ts';
import { ADMIN, COACH } from './http-events.ts';

const newTable = useTestTables();
const NOON = Date.parse('2026-11-24T12:00:00Z');

let nowMs: number;
let writes: string[];
let limit: RateLimit;
beforeEach(async () => {
  nowMs = NOON;
  writes = [];
  const limits = createRateLimitRepository(await newTable());
  const counting: RateLimitRepository = {
    ...limits,
    atMost: (allowed, name, now) => {
      writes.push(name);
      return limits.atMost(allowed, name, now);
    },
  };
  limit = createRateLimit({ limits: counting, now: () => new Date(nowMs) });
});

const times = async (count: number, rate: RateClass, caller: Caller): Promise<void> => {
  for (let call = 0; call < count; call += 1) await limit(rate, caller);
};

test.each(['read', 'write', 'vendor', 'bulk'] as const)(
  'calls of the class %s pass up to its limit, then wait for the next minute',
  async (rate) => {
    nowMs = NOON + 18_000;
    await times(RATE_LIMITS[rate].times.coach, rate, COACH);
    await expect(limit(rate, COACH)).rejects.toMatchObject({
      kind: 'too_often',
      code: 'RATE_LIMITED',
      extra: { retryAfterSeconds: 42 },
    });
    nowMs = NOON + 60_000;
    await limit(rate, COACH);
  },
);

test('reads write nothing to the table', async () => {
  await times(3, 'read', COACH);
  expect(writes).toEqual([]);
  await limit('write', COACH);
  expect(writes).toEqual([`write#${COACH.sub}`]);
});

describe('A share', () => {
  test('is each person’s own, and of each class', async () => {
    await times(RATE_LIMITS.bulk.times.coach, 'bulk', COACH);
    await expect(limit('bulk', { ...COACH, sub: 'sub-9' })).resolves.toBeUndefined();
    await expect(limit('vendor', COACH)).resolves.toBeUndefined();
  });

  test('of an admin who acts as a coach is beside their own', async () => {
    await times(RATE_LIMITS.bulk.times.admin, 'bulk', ADMIN);
    await expect(limit('bulk', { ...ADMIN, actingAs: 'coa_1' })).resolves.toBeUndefined();
  });

  test('of emails lasts a day, and what was given back is free again', async () => {
    await times(RATE_LIMITS.mail.times.coach - 1, 'mail', COACH);
    const giveBack = await limit('mail', COACH);
    await expect(limit('mail', COACH)).rejects.toMatchObject({ extra: { retryAfterSeconds: 12 * 3600 } });
    await giveBack?.();
    await limit('mail', COACH);
    await expect(limit('mail', COACH)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  });
});
