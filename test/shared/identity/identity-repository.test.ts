import { expect, test } from 'vitest';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import { aCoach, CREATED_AT } from '#test/support/competitors.ts';
import { useTestTables } from '#test/support/dynamodb.ts';

const newTable = useTestTables();

test('a sign-in is found by its subject', async () => {
  const { identities } = createIdentityRepository(await newTable());
  const identity = {
    sub: 'sub-1',
    role: 'coach',
    coachId: 'coa_1',
    name: 'Marisol Vega',
    email: 'marisol@example.org',
    enabled: true,
    createdAt: CREATED_AT,
  } as const;
  await identities.put(identity);
  expect(await identities.bySub('sub-1')).toEqual(identity);
  expect(await identities.bySub('sub-2')).toBeUndefined();
});

test('coaches come by id, all of them or page by page', async () => {
  const { coaches } = createIdentityRepository(await newTable());
  const all = ['coa_1', 'coa_2', 'coa_3'].map((id) => aCoach({ id }));
  for (const coach of all.toReversed()) await coaches.put(coach);

  expect(await coaches.all()).toEqual(all);
  expect(await coaches.byId('coa_2')).toEqual(all[1]);
  expect(await coaches.byId('coa_9')).toBeUndefined();
  expect(await coaches.page({ limit: 2, fromId: null })).toEqual(all.slice(0, 2));
  expect(await coaches.page({ limit: 2, fromId: 'coa_2' })).toEqual(all.slice(1));
});

test('the platform id of a coach is kept once and never overwritten', async () => {
  const { coaches } = createIdentityRepository(await newTable());
  await coaches.put(aCoach());
  await coaches.confirmPlatformAccount('coa_1', 'coa_1');
  await coaches.confirmPlatformAccount('coa_1', 'another');
  expect(await coaches.byId('coa_1')).toMatchObject({ gamePlatformId: 'coa_1' });
});

test('a coach who is gone is not brought back', async () => {
  const { coaches } = createIdentityRepository(await newTable());
  await coaches.confirmPlatformAccount('coa_1', 'coa_1');
  expect(await coaches.byId('coa_1')).toBeUndefined();
});
