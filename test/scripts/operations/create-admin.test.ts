import { describe, expect, it } from 'vitest';
import type { SignIn } from '#shared/coaches/sign-ins.ts';
import type { Identity } from '#shared/identity/identity.ts';
import { stepsLeft } from '../../../scripts/operations/create-admin.ts';

const NOW = new Date('2026-11-30T12:00:00Z');
const signIn: SignIn = {
  sub: 's1',
  enabled: true,
  invited: true,
  createdAt: new Date('2026-11-30T11:00:00Z'),
  groups: ['admin'],
};
const row: Identity = {
  sub: 's1',
  role: 'admin',
  coachId: null,
  name: 'Ines',
  email: 'ines@example.com',
  enabled: true,
  createdAt: '2026-11-30T11:00:00.000Z',
};

describe('making an admin', () => {
  it.each<[string, SignIn | undefined, Identity | undefined, readonly string[]]>([
    ['nothing is there', undefined, undefined, ['invite', 'admit', 'putRow']],
    [
      'a run broke off after the sign-in',
      { ...signIn, groups: [] },
      undefined,
      ['inviteAgain', 'admit', 'putRow'],
    ],
    ['a run broke off after the group', signIn, undefined, ['inviteAgain', 'putRow']],
    [
      'the run before ended a moment ago, so that the invitation is on its way',
      { ...signIn, createdAt: NOW },
      undefined,
      ['putRow'],
    ],
    ['the person chose a password already', { ...signIn, invited: false }, undefined, ['putRow']],
    ['the group was taken away', { ...signIn, groups: [] }, row, ['admit']],
    ['all is there', signIn, row, []],
  ])('does what is left when %s', (_, found, stored, steps) => {
    expect(stepsLeft(found, stored, NOW)).toEqual(steps);
  });

  it.each<[string, SignIn, Identity | undefined, string]>([
    ['is a coach', signIn, { ...row, role: 'coach', coachId: 'coa_1' }, 'sign-in of a coach'],
    ['is about to be a coach', { ...signIn, groups: ['coach'] }, undefined, 'sign-in of a coach'],
    ['was switched off in Cognito', { ...signIn, enabled: false }, row, 'switched off'],
    ['was switched off in its row', signIn, { ...row, enabled: false }, 'switched off'],
  ])('is refused for an address that %s', (_, found, stored, why) => {
    expect(() => stepsLeft(found, stored, NOW)).toThrow(why);
  });
});
