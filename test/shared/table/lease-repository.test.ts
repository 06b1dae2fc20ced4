import { expect, test } from 'vitest';
import { keys } from '#shared/table/keys.ts';
import { createLeaseRepository } from '#shared/table/lease-repository.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';

const newTable = useTestTables();
const at = (second: number) => new Date(Date.UTC(2026, 10, 19, 20, 0, second));

test('one owner at a time; the next one when it is given back', async () => {
  const leases = createLeaseRepository(await newTable());
  expect(await leases.take('x', 'first', at(30), at(0))).toBe(true);
  expect(await leases.take('x', 'second', at(30), at(1))).toBe(false);
  expect(await leases.take('y', 'second', at(30), at(1))).toBe(true);
  await leases.end('x', 'first', null);
  expect(await leases.take('x', 'second', at(30), at(2))).toBe(true);
});

test('of twenty at once, one gets it', async () => {
  const leases = createLeaseRepository(await newTable());
  const taken = await Promise.all(
    Array.from({ length: 20 }, (_, index) => leases.take('x', `owner-${index}`, at(30), at(0))),
  );
  expect(taken.filter(Boolean)).toHaveLength(1);
});

test('the same owner may ask twice, as a client that repeats a lost request does', async () => {
  const leases = createLeaseRepository(await newTable());
  expect(await leases.take('x', 'first', at(30), at(0))).toBe(true);
  expect(await leases.take('x', 'first', at(40), at(1))).toBe(true);
});

test('a dead owner’s lease runs out, and giving it back late takes it from nobody', async () => {
  const table = await newTable();
  const leases = createLeaseRepository(table);
  await leases.take('x', 'dead', at(10), at(0));
  expect(await leases.take('x', 'second', at(40), at(9))).toBe(false);
  expect(await leases.take('x', 'second', at(40), at(10))).toBe(true);
  await leases.end('x', 'dead', null);
  await leases.end('x', 'dead', at(59));
  expect(await itemsOf(table, keys.lease('x').pk)).toMatchObject([
    { owner: 'second', until: at(40).getTime(), expiresAt: at(40).getTime() / 1000 },
  ]);
});

test('kept quiet, it is free from that time on', async () => {
  const leases = createLeaseRepository(await newTable());
  await leases.take('x', 'first', at(50), at(0));
  await leases.end('x', 'first', at(10));
  expect(await leases.take('x', 'second', at(40), at(9))).toBe(false);
  expect(await leases.take('x', 'second', at(40), at(10))).toBe(true);
});
