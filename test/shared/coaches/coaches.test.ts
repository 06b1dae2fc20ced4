import { beforeEach, describe, expect, test } from 'vitest';
import { coachChange } from '#shared/coaches/change-coach.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { aCoach } from '#test/support/competitors.ts';
import { useTestTables } from '#test/support/dynamodb.ts';
import { CoachWorld, Died, NADIA } from './coach-world.ts';

const newTable = useTestTables();
const EMAIL = NADIA.email.toLowerCase();
let world: CoachWorld;
beforeEach(async () => {
  world = new CoachWorld(await newTable());
});

const dies = async (work: Promise<unknown>): Promise<boolean> => {
  try {
    await work;
    return false;
  } catch (error) {
    if (error instanceof Died) return true;
    throw error;
  }
};

describe('adding a coach', () => {
  test('makes the sign-in, its group, the invitation and both rows, with an audit line', async () => {
    const coach = await world.process().create();
    expect(coach).toMatchObject({
      name: NADIA.name,
      email: EMAIL,
      enabled: true,
      features: { onboarding: true },
    });
    const { sub, groups, letters } = world.person(EMAIL);
    expect([[...groups], letters]).toEqual([['coach'], 1]);
    expect(await world.rows.coaches.byId(coach.id)).toEqual(coach);
    expect(await world.rows.identities.bySub(sub)).toMatchObject({ role: 'coach', coachId: coach.id });
    expect(await world.auditLines()).toEqual([{ action: 'coach.create', details: {} }]);
  });

  test('is refused for an address that has a sign-in, however it is spelled', async () => {
    await world.process().create();
    await expect(world.process().create()).rejects.toMatchObject({ kind: 'conflict', code: 'EMAIL_TAKEN' });
    expect(await world.rows.coaches.all()).toHaveLength(1);
  });

  test.each([
    ['an admin made by hand', { groups: new Set(['admin']) }],
    ['somebody switched off by hand', { enabled: false }],
  ])('takes no sign-in of %s', async (_who, facts) => {
    const person = world.addPerson(EMAIL, facts);
    await expect(world.process().create()).rejects.toMatchObject({ code: 'EMAIL_TAKEN' });
    expect(person.groups.has('coach')).toBe(false);
    expect(await world.rows.coaches.all()).toEqual([]);
  });

  test.each(['with a key', 'without a key'])(
    'killed before or after any call, the next attempt completes it: %s',
    async (how) => {
      const id = how === 'with a key' ? 'abc123' : undefined;
      const whole = world.process();
      await whole.create(id);
      for (let at = 0; at < whole.calls(); at += 1) {
        for (const side of ['before', 'after'] as const) {
          const fresh = new CoachWorld(await newTable());
          expect(await dies(fresh.process({ at, side }).create(id))).toBe(true);
          const done = (await fresh.rows.coaches.all()).length === 1;
          const again = fresh
            .process()
            .create(id)
            .then(
              ({ email }) => email,
              (error: unknown) => (error instanceof DomainError ? error.code : error),
            );
          // Without a key nobody can tell a repetition from a second coach with the same address.
          expect(await again).toBe(done && id === undefined ? 'EMAIL_TAKEN' : EMAIL);
          expect(await fresh.rows.coaches.all()).toHaveLength(1);
          expect([...fresh.person(EMAIL).groups]).toEqual(['coach']);
          expect(await fresh.auditLines()).toHaveLength(1);
        }
      }
    },
  );

  test('an attempt that broke off long ago sends the invitation again, which may never have gone out', async () => {
    await dies(world.process({ at: 0, side: 'after' }).create());
    world.now = new Date(world.now.getTime() + 60_000);
    await world.process().create();
    expect(world.person(EMAIL).letters).toBe(2);
  });

  test('twice at once makes one coach and sends one invitation', async () => {
    const results = await Promise.allSettled([world.process().create(), world.process().create()]);
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await world.rows.coaches.all()).toHaveLength(1);
    expect(world.person(EMAIL).letters).toBe(1);
  });
});

const added = async (): Promise<string> => (await world.process().create()).id;

describe('changing a coach', () => {
  test('only says what differs', () => {
    const coach = aCoach();
    expect(coachChange(coach, { name: coach.name, school: coach.school, enabled: true })).toEqual({});
    expect(coachChange(coach, { features: {} })).toEqual({});
    expect(coachChange(coach, { school: 'Other School', features: { onboarding: false } })).toEqual({
      school: 'Other School',
      features: { onboarding: false },
    });
  });

  test('switches off in the table and the pool, signs out everywhere, and on again', async () => {
    const id = await added();
    expect(await world.process().change(id, { enabled: false })).toMatchObject({ enabled: false });
    expect(world.person(EMAIL)).toMatchObject({ enabled: false, signedOut: 1 });
    expect(await world.process().change(id, { enabled: true })).toMatchObject({ enabled: true });
    expect(world.person(EMAIL)).toMatchObject({ enabled: true, signedOut: 1 });
    expect((await world.auditLines()).slice(1)).toEqual([
      { action: 'coach.update', details: { fields: ['enabled'], enabled: 'false' } },
      { action: 'coach.update', details: { fields: ['enabled'], enabled: 'true' } },
    ]);
  });

  test('leaves the sign-in alone when it is about something else, and the audit when nothing differs', async () => {
    const id = await added();
    await world.process().change(id, { name: 'Nadia Keller', features: { onboarding: false } });
    await world.process().change(id, { name: 'Nadia Keller' });
    expect(world.person(EMAIL)).toMatchObject({ enabled: true, signedOut: 0 });
    expect((await world.auditLines()).slice(1)).toEqual([
      { action: 'coach.update', details: { fields: ['name', 'features'], onboarding: 'false' } },
    ]);
  });

  test('keeps what two admins change at once', async () => {
    const id = await added();
    await Promise.all([
      world.process().change(id, { name: 'Nadia Keller' }),
      world.process().change(id, { school: 'Other School' }),
      world.process().change(id, { features: { onboarding: false } }),
    ]);
    expect(await world.rows.coaches.byId(id)).toMatchObject({
      name: 'Nadia Keller',
      school: 'Other School',
      features: { onboarding: false },
      enabled: true,
    });
  });

  test('killed before or after any call, a repetition leaves nobody signed in who is switched off', async () => {
    const id = await added();
    const whole = world.process();
    await whole.change(id, { enabled: false });
    for (let at = 0; at < whole.calls(); at += 1) {
      for (const side of ['before', 'after'] as const) {
        await world.process().change(id, { enabled: true });
        expect(await dies(world.process({ at, side }).change(id, { enabled: false }))).toBe(true);
        await world.process().change(id, { enabled: false });
        expect(await world.rows.coaches.byId(id)).toMatchObject({ enabled: false });
        expect(world.person(EMAIL).enabled).toBe(false);
      }
    }
  });

  test('on and off at the same time end the same in the table and the pool', async () => {
    const id = await added();
    for (let round = 0; round < 10; round += 1) {
      await Promise.all([
        world.process().change(id, { enabled: round % 2 === 0 }),
        world.process().change(id, { enabled: round % 2 !== 0 }),
      ]);
      expect(world.person(EMAIL).enabled).toBe((await world.rows.coaches.byId(id))?.enabled);
    }
  });

  test('does not know a coach who is not there; one without a sign-in is changed in the table', async () => {
    expect(await world.process().change('coa_nobody', { enabled: false })).toBeUndefined();
    await world.rows.coaches.put(aCoach());
    expect(await world.process().change('coa_1', { enabled: false })).toMatchObject({ enabled: false });
  });
});

test('a coach’s row of an earlier release has everything switched on', async () => {
  const { features: _none, ...earlier } = aCoach();
  await world.rows.coaches.put(earlier);
  expect(await world.rows.coaches.byId('coa_1')).toMatchObject({ features: { onboarding: true } });
});
