import { describe, expect, test, vi } from 'vitest';
import { createTokenSource, safeReturnPath } from '#web/shared/identity/session.ts';

describe('the way back after sign-in', () => {
  test.each([
    ['/competitors/cmp_1?status=profile', '/competitors/cmp_1?status=profile'],
    ['/', '/'],
    ['//evil.example.net', '/'],
    ['/\\evil.example.net', '/'],
    ['https://evil.example.net', '/'],
    ['javascript:alert(1)', '/'],
    ['/auth/callback?code=x', '/'],
    ['/signed-out', '/'],
    [undefined, '/'],
    [{ path: '/jobs' }, '/'],
  ])('%j leads to %j', (state, path) => {
    expect(safeReturnPath(state)).toBe(path);
  });
});

type User = Awaited<ReturnType<Parameters<typeof createTokenSource>[0]['getUser']>>;

const user = (facts: { expired: boolean; refresh_token?: string; access_token?: string }): User =>
  ({ access_token: 'old', ...facts }) as User;

function source(present: User, renewed: () => Promise<User>) {
  const signinSilent = vi.fn<() => Promise<User>>(renewed);
  return {
    token: createTokenSource({ getUser: () => Promise.resolve(present), signinSilent }),
    signinSilent,
  };
}
const fresh = () => Promise.resolve(user({ expired: false, access_token: 'new' }));

describe('access tokens', () => {
  test('a valid one is used as it is', async () => {
    const { token, signinSilent } = source(user({ expired: false, refresh_token: 'r' }), fresh);
    await expect(token(false)).resolves.toBe('old');
    expect(signinSilent).not.toHaveBeenCalled();
  });

  test('an expired one is renewed, once for all who ask at the same time', async () => {
    const { token, signinSilent } = source(user({ expired: true, refresh_token: 'r' }), fresh);
    await expect(Promise.all([token(false), token(false), token(true)])).resolves.toEqual([
      'new',
      'new',
      'new',
    ]);
    expect(signinSilent).toHaveBeenCalledOnce();
  });

  test('a refused renewal gives none, and the next one is tried anew', async () => {
    const { token, signinSilent } = source(user({ expired: true, refresh_token: 'r' }), () =>
      Promise.reject(new Error('invalid_grant')),
    );
    await expect(token(false)).resolves.toBeNull();
    await expect(token(false)).resolves.toBeNull();
    expect(signinSilent).toHaveBeenCalledTimes(2);
  });

  test('nobody signed in, or nothing to renew with: none', async () => {
    await expect(source(null, fresh).token(false)).resolves.toBeNull();
    await expect(source(user({ expired: true }), fresh).token(false)).resolves.toBeNull();
  });
});
