import { describe, expect, it } from 'vitest';
import type { SignIn } from '#shared/coaches/sign-ins.ts';
import type { Identity } from '#shared/identity/identity.ts';
import { stepsLeft, type Found } from '../../../scripts/operations/renew-sign-in.ts';

const NOW = new Date('2026-11-30T12:00:00Z');
const old: SignIn = {
  sub: 'old',
  enabled: true,
  invited: false,
  createdAt: new Date('2026-09-01T11:00:00Z'),
  groups: ['coach'],
};
const fresh: SignIn = { ...old, sub: 'new', invited: true, createdAt: NOW, groups: [] };
const person: Identity = {
  sub: 'old',
  role: 'coach',
  coachId: 'coa_1',
  name: 'Ines',
  email: 'ines@example.com',
  enabled: true,
  createdAt: '2026-09-01T11:00:00.000Z',
};

describe('renewing a sign-in', () => {
  it.each<[string, Found, readonly string[]]>([
    [
      'nothing was done yet',
      { signIn: old, person, begun: false },
      ['begin', 'remove', 'invite', 'admit', 'finish'],
    ],
    [
      'a run broke off after the note',
      { signIn: old, person, begun: true },
      ['remove', 'invite', 'admit', 'finish'],
    ],
    [
      'a run broke off after the old one was deleted',
      { signIn: undefined, person, begun: true },
      ['invite', 'admit', 'finish'],
    ],
    ['a run broke off after the invitation', { signIn: fresh, person, begun: true }, ['admit', 'finish']],
    [
      'a run broke off after the group, long ago',
      {
        signIn: { ...fresh, groups: ['coach'], createdAt: new Date('2026-11-30T11:00:00Z') },
        person,
        begun: true,
      },
      ['inviteAgain', 'finish'],
    ],
    [
      'nobody ever signed in with it',
      { signIn: { ...old, invited: true }, person, begun: false },
      ['inviteAgain'],
    ],
  ])('does what is left when %s', (_, found, steps) => {
    expect(stepsLeft(found, NOW)).toEqual(steps);
  });

  it.each<[string, Found, string]>([
    ['is nobody’s', { signIn: undefined, person: undefined, begun: false }, 'sign-in of nobody'],
    ['was never completed', { signIn: old, person: undefined, begun: false }, 'sign-in of nobody'],
    [
      'was switched off on the site',
      { signIn: old, person: { ...person, enabled: false }, begun: false },
      'switched off',
    ],
    [
      'was switched off in Cognito',
      { signIn: { ...old, enabled: false }, person, begun: false },
      'switched off',
    ],
  ])('is refused for an address that %s', (_, found, why) => {
    expect(() => stepsLeft(found, NOW)).toThrow(why);
  });
});
