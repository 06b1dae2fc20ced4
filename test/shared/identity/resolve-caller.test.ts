import { statusOf } from '#shared/http/http-reply.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { describe, expect, test } from 'vitest';
import type { Acting, Identity } from '#shared/identity/identity.ts';
import { createResolveCaller, groupsOf } from '#shared/identity/resolve-caller.ts';
import { mayTouch, scopeOf } from '#shared/identity/scope.ts';
import { aCoach, CREATED_AT } from '#test/support/competitors.ts';

const COACH: Identity = {
  sub: 'sub-coach',
  role: 'coach',
  coachId: 'coa_1',
  name: 'Marisol Vega',
  email: 'marisol@example.org',
  enabled: true,
  createdAt: CREATED_AT,
};
const ADMIN: Identity = { ...COACH, sub: 'sub-admin', role: 'admin', coachId: null, name: 'Ines Salgado' };

const anAct = (over: Partial<Acting> = {}): Acting => ({
  id: 'act_1',
  sub: ADMIN.sub,
  coachId: 'coa_2',
  startedAt: '2026-11-24T11:45:00.000Z',
  endsAt: '2026-11-24T12:15:00.000Z',
  endedAt: null,
  ...over,
});
const ACTS = [
  anAct(),
  anAct({ id: 'act_over', endsAt: '2026-11-24T12:00:00.000Z' }),
  anAct({ id: 'act_ended', endedAt: '2026-11-24T11:50:00.000Z' }),
  anAct({ id: 'act_other', sub: 'sub-other' }),
  anAct({ id: 'act_coach', coachId: 'coa_1' }),
];

function resolver(identities: readonly Identity[], coaches = [aCoach(), aCoach({ id: 'coa_2' })]) {
  return createResolveCaller({
    identityBySub: (sub) => Promise.resolve(identities.find((identity) => identity.sub === sub)),
    coachById: (id) => Promise.resolve(coaches.find((coach) => coach.id === id)),
    actingById: (sub, id) => Promise.resolve(ACTS.find((act) => act.sub === sub && act.id === id)),
    now: () => new Date('2026-11-24T12:00:00.000Z'),
  });
}

const claims = (sub: string, groups: string) => ({ sub, 'cognito:groups': groups });

test.each([
  ['[admin coach]', ['admin', 'coach']],
  ['[coach]', ['coach']],
  ['coach', ['coach']],
  ['admin,coach', ['admin', 'coach']],
  ['["admin","coach"]', ['admin', 'coach']],
  ['[]', []],
  ['', []],
  [undefined, []],
  ['[not-admin administrators]', ['not-admin', 'administrators']],
])('the groups claim %o holds %o', (claim, groups) => {
  expect(groupsOf(claim)).toEqual(groups);
});

test('a coach has their own coach profile', async () => {
  expect(await resolver([COACH])(claims('sub-coach', '[coach]'), undefined)).toMatchObject({
    role: 'coach',
    coachId: 'coa_1',
    actingAs: null,
  });
});

test('an act that was started with a reason goes on until its end', async () => {
  const resolve = resolver([ADMIN]);
  expect(await resolve(claims('sub-admin', '[admin]'), 'coa_2', 'act_1')).toMatchObject({
    actingAs: 'coa_2',
  });
});

test.each(['act_over', 'act_ended', 'act_other', 'act_coach', 'act_none'])(
  'an act that is over, or not this one, is refused: %s',
  async (actingId) => {
    const asked = resolver([ADMIN])(claims('sub-admin', '[admin]'), 'coa_2', actingId);
    await expect(asked).rejects.toMatchObject({ kind: 'forbidden', code: 'ACTING_ENDED' });
  },
);

test('an admin who acts as a coach has that coach’s rights and no more', async () => {
  expect(await resolver([ADMIN])(claims('sub-admin', '[admin]'), 'coa_2')).toEqual({
    sub: 'sub-admin',
    name: 'Ines Salgado',
    email: 'marisol@example.org',
    role: 'coach',
    coachId: 'coa_2',
    actingAs: 'coa_2',
  });
});

describe('refused', () => {
  test.each<[string, readonly Identity[], Record<string, string>, string | undefined, number]>([
    ['a token without a subject', [COACH], { 'cognito:groups': '[coach]' }, undefined, 401],
    ['a sign-in that nobody knows', [], claims('sub-coach', '[coach]'), undefined, 403],
    [
      'a sign-in that is switched off',
      [{ ...COACH, enabled: false }],
      claims('sub-coach', '[coach]'),
      undefined,
      403,
    ],
    ['a role the token’s groups do not hold', [ADMIN], claims('sub-admin', '[coach]'), undefined, 403],
    ['groups that only look like it', [ADMIN], claims('sub-admin', '[not-admin]'), undefined, 403],
    ['no groups', [COACH], { sub: 'sub-coach' }, undefined, 403],
    ['a coach who wants to act as another', [COACH], claims('sub-coach', '[coach]'), 'coa_2', 403],
    ['a coach who wants to act as themselves', [COACH], claims('sub-coach', '[coach]'), 'coa_1', 403],
    ['an unknown coach to act as', [ADMIN], claims('sub-admin', '[admin]'), 'coa_9', 404],
    [
      'a coach without a profile',
      [{ ...COACH, coachId: null }],
      claims('sub-coach', '[coach]'),
      undefined,
      403,
    ],
  ])('%s', async (_what, identities, given, actAs, status) => {
    await expect(resolver(identities)(given, actAs)).rejects.toSatisfy(
      (error) => error instanceof DomainError && statusOf(error) === status,
    );
  });

  test('a coach whose profile is switched off', async () => {
    const resolve = resolver([COACH], [aCoach({ enabled: false })]);
    await expect(resolve(claims('sub-coach', '[coach]'), undefined)).rejects.toMatchObject({
      kind: 'forbidden',
      code: 'SIGN_IN_DISABLED',
    });
  });
});

describe('scope', () => {
  const coach = { role: 'coach', coachId: 'coa_1', actingAs: null } as const;
  const admin = { role: 'admin', coachId: null, actingAs: null } as const;
  const acting = { role: 'coach', coachId: 'coa_1', actingAs: 'coa_1' } as const;

  test.each([
    ['a coach', coach, undefined, 'coa_1'],
    ['a coach who names themselves', coach, 'coa_1', 'coa_1'],
    ['an admin', admin, undefined, null],
    ['an admin who narrows', admin, 'coa_2', 'coa_2'],
    ['an admin acting as a coach', acting, undefined, 'coa_1'],
    ['an admin acting as a coach and naming them', acting, 'coa_1', 'coa_1'],
  ])('of %s', (_who, caller, query, coachId) => {
    expect(scopeOf(caller, query)).toEqual({ coachId });
  });

  test('two coaches at once contradict each other; another coach is not there', () => {
    expect(() => scopeOf(acting, 'coa_2')).toThrow(expect.objectContaining({ kind: 'malformed' }) as Error);
    expect(() => scopeOf(coach, 'coa_2')).toThrow(expect.objectContaining({ kind: 'not_found' }) as Error);
  });

  test.each([
    [coach, 'coa_1', true],
    [coach, 'coa_2', false],
    [admin, 'coa_2', true],
    [acting, 'coa_1', true],
    [acting, 'coa_2', false],
  ])('%o may touch what is of %s: %s', (caller, owner, may) => {
    expect(mayTouch(caller, owner)).toBe(may);
  });
});
