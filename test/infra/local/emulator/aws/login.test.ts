import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminUserGlobalSignOutCommand,
  AdminEnableUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { createHash } from 'node:crypto';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signInWithPassword } from './sign-in-client.ts';
import {
  CALLBACK,
  CLIENT_ID,
  clientConfig,
  LOGOUT,
  POOL_ID,
  startTestStack,
  type TestStack,
} from './deployment-fixture.ts';

const PASSWORD = 'Correct-Horse-7';
const VERIFIER = 'a-verifier-that-is-long-enough-for-rfc-7636-to-be-content';
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');

let stack: TestStack;
let cognito: CognitoIdentityProviderClient;
const loginUrl = () => stack.aws.addresses.loginUrl;

async function createUser(email: string, permanent: boolean): Promise<void> {
  const who = { UserPoolId: POOL_ID, Username: email };
  await cognito.send(
    new AdminCreateUserCommand({
      ...who,
      TemporaryPassword: PASSWORD,
      MessageAction: 'SUPPRESS',
      UserAttributes: [{ Name: 'email_verified', Value: 'true' }],
    }),
  );
  await cognito.send(new AdminAddUserToGroupCommand({ ...who, GroupName: 'coach' }));
  if (permanent) {
    await cognito.send(new AdminSetUserPasswordCommand({ ...who, Password: PASSWORD, Permanent: true }));
  }
}

function query(parts: Readonly<Record<string, string | undefined>> = {}): string {
  const fields = {
    response_type: 'code',
    client_id: CLIENT_ID,
    redirect_uri: CALLBACK,
    scope: 'openid email',
    state: 'the-state',
    nonce: 'the-nonce',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...parts,
  };
  return new URLSearchParams(
    Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined),
  ).toString();
}

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${loginUrl()}${path}`, { redirect: 'manual', headers });
const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${loginUrl()}${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers,
    body: new URLSearchParams(form),
  });
const submit = (username: string, password: string) => post(`/login?${query()}`, { username, password });
const locationOf = (response: Response) => new URL(response.headers.get('location') ?? 'missing:');
const codeOf = (response: Response) => locationOf(response).searchParams.get('code') ?? '';
const redeem = (code: string, parts: Record<string, string> = {}) =>
  post('/oauth2/token', {
    grant_type: 'authorization_code',
    client_id: CLIENT_ID,
    redirect_uri: CALLBACK,
    code,
    code_verifier: VERIFIER,
    ...parts,
  });
const refresh = (token: string) =>
  post('/oauth2/token', { grant_type: 'refresh_token', client_id: CLIENT_ID, refresh_token: token });
const signIn = (email: string) =>
  signInWithPassword({
    loginUrl: loginUrl(),
    clientId: CLIENT_ID,
    redirectUri: CALLBACK,
    scopes: ['openid', 'email'],
    email,
    password: PASSWORD,
  });

beforeAll(async () => {
  stack = await startTestStack();
  cognito = new CognitoIdentityProviderClient(clientConfig(stack.aws));
  await createUser('coach@example.org', true);
});
afterAll(() => stack.remove());

describe('the managed login', () => {
  it('signs in by code and PKCE, with tokens shaped like those of Cognito', async () => {
    const asked = await get(`/oauth2/authorize?${query()}`);
    expect(asked.status).toBe(302);
    const form = await get(asked.headers.get('location') ?? '');
    expect(await form.text()).toContain('<label for="username">Email</label>');

    const entered = await submit('Coach@Example.org', PASSWORD);
    const back = locationOf(entered);
    expect(back.origin + back.pathname).toBe(CALLBACK);
    expect(back.searchParams.get('state')).toBe('the-state');
    const answer = await redeem(codeOf(entered));
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    const tokens = (await answer.json()) as Record<string, string>;

    const issuer = `${loginUrl()}/${POOL_ID}`;
    const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
    const { payload } = await jwtVerify(tokens['access_token'] ?? '', keys, { issuer });
    expect(payload).toMatchObject({
      token_use: 'access',
      client_id: CLIENT_ID,
      scope: 'openid email',
      'cognito:groups': ['coach'],
      username: payload.sub,
      exp: (payload.iat ?? 0) + 900,
    });
    expect(decodeJwt(tokens['id_token'] ?? '')).toMatchObject({
      token_use: 'id',
      aud: CLIENT_ID,
      nonce: 'the-nonce',
      email: 'coach@example.org',
      email_verified: true,
      sub: payload.sub,
    });
    const info = await get('/oauth2/userInfo', { authorization: `Bearer ${tokens['access_token']}` });
    expect(await info.json()).toMatchObject({ sub: payload.sub, email: 'coach@example.org' });
  });

  it('is found by discovery', async () => {
    const document = (await (await get(`/${POOL_ID}/.well-known/openid-configuration`)).json()) as object;
    expect(document).toMatchObject({
      issuer: `${loginUrl()}/${POOL_ID}`,
      authorization_endpoint: `${loginUrl()}/oauth2/authorize`,
      token_endpoint: `${loginUrl()}/oauth2/token`,
    });
    expect((await get('/another-pool/.well-known/jwks.json')).status).toBe(404);
  });

  it.each([
    ['a wrong password', 'coach@example.org', 'Wrong-Horse-7'],
    ['nobody by that name', 'nobody@example.org', PASSWORD],
    ['no password', 'coach@example.org', ''],
  ])('says the same about %s', async (_case, email, password) => {
    const answer = await submit(email, password);
    expect(answer.status).toBe(400);
    const page = await answer.text();
    expect(page).toContain('role="alert"');
    expect(page).toContain('Incorrect username or password.');
  });

  it.each([
    ['an unknown client', { client_id: 'someone-else' }, 'invalid_client'],
    ['another address', { redirect_uri: 'http://127.0.0.1:9/elsewhere' }, 'redirect_mismatch'],
  ])('sends nobody anywhere for %s', async (_case, parts, code) => {
    for (const path of ['/oauth2/authorize', '/login']) {
      const answer = await get(`${path}?${query(parts)}`);
      expect(answer.status).toBe(400);
      expect(await answer.text()).toContain(code);
    }
  });

  it.each([
    ['the implicit flow', { response_type: 'token' }, 'unauthorized_client'],
    ['no challenge', { code_challenge: undefined }, 'invalid_request'],
    ['a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['a scope that the client has not', { scope: 'openid aws.cognito.signin.user.admin' }, 'invalid_scope'],
    ['no prompt when nobody is signed in', { prompt: 'none' }, 'login_required'],
  ])('tells the application about %s', async (_case, parts, code) => {
    const back = locationOf(await get(`/oauth2/authorize?${query(parts)}`));
    expect(back.searchParams.get('error')).toBe(code);
    expect(back.searchParams.get('state')).toBe('the-state');
  });

  it('takes a code once, with its own verifier, address and client', async () => {
    const wrong: Record<string, string>[] = [
      { code_verifier: 'x'.repeat(43) },
      { redirect_uri: LOGOUT },
      { client_id: 'someone-else' },
    ];
    for (const parts of wrong) {
      const answer = await redeem(codeOf(await submit('coach@example.org', PASSWORD)), parts);
      expect(answer.status).toBe(400);
    }
    const code = codeOf(await submit('coach@example.org', PASSWORD));
    expect((await redeem(code)).status).toBe(200);
    expect(await (await redeem(code)).json()).toEqual({ error: 'invalid_grant' });
  });

  it('rotates refresh tokens, and ends all of a sign-in when one is revoked', async () => {
    const first = await signIn('coach@example.org');
    const second = (await (await refresh(first.refreshToken)).json()) as Record<string, string>;
    expect(second['refresh_token']).not.toBe(first.refreshToken);
    expect(decodeJwt(second['access_token'] ?? '')['origin_jti']).toBe(
      decodeJwt(first.accessToken)['origin_jti'],
    );
    // Two tabs that refresh at the same time.
    expect((await refresh(first.refreshToken)).status).toBe(200);
    await post('/oauth2/revoke', { client_id: CLIENT_ID, token: second['refresh_token'] ?? '' });
    expect(await (await refresh(second['refresh_token'] ?? '')).json()).toEqual({ error: 'invalid_grant' });
    expect((await refresh(first.refreshToken)).status).toBe(400);
  });

  it('lets a disabled person neither in nor stay, until enabled again', async () => {
    await createUser('leaving@example.org', true);
    const { refreshToken } = await signIn('leaving@example.org');
    const who = { UserPoolId: POOL_ID, Username: 'leaving@example.org' };
    await cognito.send(new AdminDisableUserCommand(who));
    expect((await submit('leaving@example.org', PASSWORD)).status).toBe(400);
    expect((await refresh(refreshToken)).status).toBe(400);
    await cognito.send(new AdminEnableUserCommand(who));
    expect((await submit('leaving@example.org', PASSWORD)).status).toBe(302);
  });

  it('ends all tokens of who is signed out everywhere, but forgets no browser', async () => {
    await createUser('elsewhere@example.org', true);
    const { refreshToken } = await signIn('elsewhere@example.org');
    const entered = await submit('elsewhere@example.org', PASSWORD);
    const cookie = (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const who = { UserPoolId: POOL_ID, Username: 'elsewhere@example.org' };
    await cognito.send(new AdminUserGlobalSignOutCommand(who));
    expect(await (await refresh(refreshToken)).json()).toEqual({ error: 'invalid_grant' });
    const remembered = () => get(`/oauth2/authorize?${query({ prompt: 'none' })}`, { cookie });
    expect((await redeem(codeOf(await remembered()))).status).toBe(200);
    // Only who is disabled as well gets no new tokens that way.
    await cognito.send(new AdminDisableUserCommand(who));
    expect(locationOf(await remembered()).searchParams.get('error')).toBe('login_required');
  });

  it('asks for a new password in place of a temporary one', async () => {
    await createUser('new@example.org', false);
    expect((await submit('new@example.org', 'Not-The-Temporary-1')).status).toBe(400);
    const page = await (await submit('new@example.org', PASSWORD)).text();
    const challenge = /name="challenge" value="([^"]+)"/.exec(page)?.[1] ?? '';
    const choose = (password: string, again: string) =>
      post(`/login?${query()}`, { challenge, new_password: password, confirm_password: again });
    expect(await (await choose('New-Horse-8', 'Other-Horse-8')).text()).toContain('differ');
    expect(await (await choose('short', 'short')).text()).toContain('does not follow the rules');
    expect((await redeem(codeOf(await choose('New-Horse-8', 'New-Horse-8')))).status).toBe(200);
    expect((await submit('new@example.org', 'New-Horse-8')).status).toBe(302);
    expect((await choose('Third-Horse-9', 'Third-Horse-9')).status).toBe(400);
  });

  it('remembers a browser until it signs out', async () => {
    const entered = await submit('coach@example.org', PASSWORD);
    const cookie = (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const again = await get(`/oauth2/authorize?${query({ prompt: 'none' })}`, { cookie });
    expect((await redeem(codeOf(again))).status).toBe(200);
    expect((await get(`/oauth2/authorize?${query()}`)).headers.get('location')).toMatch(/^\/login\?/);

    const wrong = await get(`/logout?client_id=${CLIENT_ID}&logout_uri=http://127.0.0.1:9/`, { cookie });
    expect(wrong.status).toBe(400);
    const out = await get(`/logout?client_id=${CLIENT_ID}&logout_uri=${encodeURIComponent(LOGOUT)}`, {
      cookie,
    });
    expect(out.headers.get('location')).toBe(LOGOUT);
    const back = locationOf(await get(`/oauth2/authorize?${query({ prompt: 'none' })}`, { cookie }));
    expect(back.searchParams.get('error')).toBe('login_required');
  });

  it("takes no form from another site's page", async () => {
    const form = { username: 'coach@example.org', password: PASSWORD };
    const answer = await post(`/login?${query()}`, form, { origin: 'https://evil.example.com' });
    expect(answer.status).toBe(403);
  });

  it('answers the preflight of the site', async () => {
    const answer = await fetch(`${loginUrl()}/oauth2/token`, { method: 'OPTIONS' });
    expect(answer.headers.get('access-control-allow-methods')).toContain('POST');
  });
});
