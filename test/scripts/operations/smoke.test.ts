import { describe, expect, it } from 'vitest';
import { PROCESSING_ON } from '#shared/settings/processing.ts';
import {
  judgeDeadLetters,
  judgeQueue,
  judgeSubscriptions,
  judgeTrial,
  lackingHeaders,
  loginAddress,
} from '../../../scripts/operations/smoke.ts';

const SOUND = {
  'content-security-policy': "default-src 'none'; script-src 'self'; frame-ancestors 'none'",
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
};

describe('the smoke test', () => {
  it('names security headers that are missing or weak', () => {
    expect(lackingHeaders(new Headers(SOUND))).toEqual([]);
    expect(lackingHeaders(new Headers())).toEqual(Object.keys(SOUND));
    const weak = { ...SOUND, 'strict-transport-security': 'max-age=0', 'x-frame-options': 'SAMEORIGIN' };
    expect(lackingHeaders(new Headers(weak))).toEqual(['strict-transport-security', 'x-frame-options']);
  });

  it.each([
    ['nothing', 0, 0, true, 'ok', 'empty'],
    ['only what is at work', 0, 3, true, 'ok', 'none waiting'],
    ['messages while processing is off', 7, 0, false, 'note', 'switched off'],
    ['messages', 7, 2, true, 'note', '7 waiting, 2 at work'],
  ])('judges a queue with %s', (_, waiting, atWork, enabled, state, words) => {
    const check = judgeQueue({ name: 'sync', waiting, atWork }, { ...PROCESSING_ON, enabled });
    expect(check).toMatchObject({ state, found: expect.stringContaining(words) });
  });

  it('finds dead letters also while somebody looks at them', () => {
    expect(judgeDeadLetters({ name: 'work', waiting: 0, atWork: 0 }).state).toBe('ok');
    expect(judgeDeadLetters({ name: 'work', waiting: 0, atWork: 1 }).state).toBe('problem');
  });

  it('takes alarms that nobody has confirmed to read for a problem', () => {
    expect(judgeSubscriptions('soon', ['arn:aws:sns:us-east-1:1:alarms:2'])).toMatchObject({ state: 'ok' });
    expect(judgeSubscriptions('urgent', ['PendingConfirmation', undefined])).toMatchObject({
      state: 'problem',
      whatToDo: expect.stringContaining('alarmMail.urgent'),
    });
  });

  it.each([
    [{ kind: 'answered', isKnown: false } as const, undefined, 'ok'],
    [{ kind: 'answered', isKnown: true } as const, 'u1', 'ok'],
    [{ kind: 'answered', isKnown: false } as const, 'u1', 'problem'],
    [{ kind: 'token_refused' } as const, undefined, 'problem'],
    [{ kind: 'unknown', why: 'It rests.' } as const, undefined, 'problem'],
  ])('judges the platform by %o for the test user %s as %s', (trial, wanted, state) => {
    expect(judgeTrial(trial, wanted, 'dev').state).toBe(state);
  });

  it('asks for the login page as the site does', () => {
    const signIn = {
      issuer: 'https://issuer.test',
      clientId: 'c1',
      loginUrl: 'https://login.test',
      scopes: ['openid', 'email'],
    };
    const address = new URL(loginAddress({ signIn }, 'https://site.test'));
    expect(address.origin + address.pathname).toBe('https://login.test/oauth2/authorize');
    expect(Object.fromEntries(address.searchParams)).toMatchObject({
      client_id: 'c1',
      redirect_uri: 'https://site.test/auth/callback',
      scope: 'openid email',
      code_challenge_method: 'S256',
    });
  });
});
