import { expect, test } from 'vitest';
import { needOf, type NeedFacts } from '#shared/competitors/needs-attention.ts';

const SET_UP: NeedFacts = {
  active: true,
  status: 'complete',
  onHold: null,
  refusal: null,
  accountStatus: 'approved',
  lastLoginAt: '2026-11-12T20:00:00.000Z',
  lastSolveAt: null,
  late: false,
  inactiveDays: 14,
  now: new Date('2026-11-24T20:10:00.000Z'),
};

test.each([
  ['everything is in order', {}, null],
  ['deactivated, whatever else', { active: false, refusal: {} }, null],
  ['on hold, which comes before all else', { onHold: {}, refusal: {}, lastLoginAt: null }, 'onHold'],
  ['on hold and deactivated', { active: false, onHold: {} }, null],
  ['refused, which comes before what is missing', { status: 'profile', refusal: {} }, 'refused'],
  ['refused after the account was there', { refusal: {} }, 'refused'],
  ['may be added', { status: 'compliance' }, 'ready'],
  ['without a release', { status: 'profile' }, 'release'],
  ['with an unfinished profile', { status: 'pending' }, 'profile'],
  ['approved, never signed in', { lastLoginAt: null }, 'signIn'],
  [
    'of an account state that is not told, never signed in',
    { accountStatus: null, lastLoginAt: null },
    'signIn',
  ],
  [
    'waiting for approval, so not able to sign in',
    { accountStatus: 'pending_approval', lastLoginAt: null },
    null,
  ],
  ['signed in 15 days ago and not since', { lastLoginAt: '2026-11-09T20:00:00.000Z' }, 'idle'],
  ['signed in 12 days ago, where 7 days are long', { inactiveDays: 7 }, 'idle'],
  [
    'signed in 15 days ago, where 30 days are long',
    { lastLoginAt: '2026-11-09T20:00:00.000Z', inactiveDays: 30 },
    null,
  ],
  [
    'signed in long ago who solved something lately',
    { lastLoginAt: '2026-10-09T20:00:00.000Z', lastSolveAt: '2026-11-20T20:00:00.000Z' },
    null,
  ],
  ['who seems idle, but was not read in time', { lastLoginAt: '2026-11-01T20:00:00.000Z', late: true }, null],
  [
    'without a known sign-in who solved something',
    { lastLoginAt: null, lastSolveAt: '2026-11-20T20:00:00.000Z' },
    null,
  ],
  ['denied', { accountStatus: 'denied', lastLoginAt: null }, null],
] as const)('somebody %s', (_, facts, need) => {
  expect(needOf({ ...SET_UP, ...facts })).toBe(need);
});
