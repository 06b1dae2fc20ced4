import { expect, test } from 'vitest';
import { createRateLimitRepository } from '#shared/http/rate-limit-repository.ts';
import { useTestTables } from '#test/support/dynamodb.ts';

const newTable = useTestTables();
const at = (seconds: number) => new Date(Date.UTC(2026, 10, 24, 20) + seconds * 1000);

test('once per minute tells how long to wait, and is free again after it', async () => {
  const limits = createRateLimitRepository(await newTable());
  expect(await limits.oncePer(60, 'a', at(0))).toBeNull();
  expect(await limits.oncePer(60, 'a', at(18))).toBe(42);
  expect(await limits.oncePer(60, 'b', at(18))).toBeNull();
  expect(await limits.oncePer(60, 'a', at(60))).toBeNull();
});

test('so many an hour are counted, however many ask at once', async () => {
  const limits = createRateLimitRepository(await newTable());
  const limit = { times: 3, seconds: 3600 };
  const asked = await Promise.all(Array.from({ length: 8 }, () => limits.atMost(limit, 'coach', at(600))));
  expect(asked.filter((wait) => wait === null)).toHaveLength(3);
  expect(asked.filter((wait) => wait === 3000)).toHaveLength(5);
  expect(await limits.atMost(limit, 'coach', at(3600))).toBeNull();
});

test('what is given back may be asked for again', async () => {
  const limits = createRateLimitRepository(await newTable());
  for (const limit of [
    { times: 1, seconds: 60 },
    { times: 2, seconds: 3600 },
  ]) {
    const ask = () =>
      limit.times === 1 ? limits.oncePer(limit.seconds, 'x', at(0)) : limits.atMost(limit, 'x', at(0));
    for (let time = 0; time < limit.times; time += 1) expect(await ask()).toBeNull();
    expect(await ask()).not.toBeNull();
    await limits.giveBack(limit, 'x', at(0));
    expect(await ask()).toBeNull();
    expect(await ask()).not.toBeNull();
  }
});
