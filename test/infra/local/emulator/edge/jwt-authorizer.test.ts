import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { authorize, type KeysOf } from '#infra/local/emulator/edge/jwt-authorizer.ts';

const issuer = 'http://127.0.0.1:1/pool';
const authorizer = { issuer, audience: ['site'] };
let sign: (claims: JWTPayload, change?: (token: SignJWT) => SignJWT) => Promise<string>;
let forge: () => Promise<string>;
let keysOf: KeysOf;

const tokenOf = (claims: JWTPayload) =>
  new SignJWT({ client_id: 'site', scope: 'openid email', token_use: 'access', ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
    .setIssuer(issuer)
    .setSubject('someone')
    .setIssuedAt()
    .setExpirationTime('5 minutes');

const noKeys: KeysOf = () => Promise.reject(new Error('no keys'));

beforeAll(async () => {
  const [ours, theirs] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]);
  const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(ours.publicKey)), kid: 'k1' }] });
  keysOf = () => Promise.resolve(keys);
  sign = (claims, change = (token) => token) => change(tokenOf(claims)).sign(ours.privateKey);
  forge = () => tokenOf({}).sign(theirs.privateKey);
});

const check = async (header: string | undefined, scopes: readonly string[] = ['openid']) =>
  authorize(authorizer, scopes, header, keysOf);

describe('the JWT authorizer', () => {
  it('hands claims on as text, lists as API Gateway writes them', async () => {
    const token = await sign({ 'cognito:groups': ['admin', 'coach'], auth_time: 1_700_000_000 });
    expect(await check(`Bearer ${token}`)).toEqual({
      kind: 'allowed',
      scopes: ['openid', 'email'],
      claims: expect.objectContaining({
        sub: 'someone',
        'cognito:groups': '[admin coach]',
        auth_time: '1700000000',
        token_use: 'access',
      }),
    });
  });

  it('takes the token without "Bearer" too, as API Gateway does', async () => {
    expect(await check(await sign({}))).toMatchObject({ kind: 'allowed' });
  });

  it.each([
    ['no header', () => undefined],
    ['an empty header', () => 'Bearer '],
    ['no token at all', () => 'Bearer abc'],
    ['another key', async () => `Bearer ${await forge()}`],
    [
      'another issuer',
      async () => `Bearer ${await sign({}, (token) => token.setIssuer('http://127.0.0.1:1/other'))}`,
    ],
    ['another client', async () => `Bearer ${await sign({ client_id: 'other' })}`],
    ['another audience, whatever the client', async () => `Bearer ${await sign({ aud: 'other' })}`],
    [
      'an expired token',
      async () => `Bearer ${await sign({}, (token) => token.setExpirationTime('-1 minute'))}`,
    ],
    ['one not valid yet', async () => `Bearer ${await sign({}, (token) => token.setNotBefore('5 minutes'))}`],
    [
      'one issued in the future',
      async () => `Bearer ${await sign({}, (token) => token.setIssuedAt('5 minutes'))}`,
    ],
    ['no signature', async () => `Bearer ${(await sign({})).replace(/\.[^.]*$/, '.')}`],
  ])('says 401 to %s', async (_what, header) => {
    expect(await check(await header())).toMatchObject({ kind: 'unauthorized' });
  });

  it('says 403 to a token without any of the route’s scopes, such as an ID token', async () => {
    const idToken = await sign({ aud: 'site', scope: undefined, token_use: 'id' });
    expect(await check(idToken)).toEqual({ kind: 'forbidden' });
    expect(await check(await sign({ scope: 'email' }))).toEqual({ kind: 'forbidden' });
  });

  it('lets an ID token in where the route asks for no scope', async () => {
    expect(await check(await sign({ aud: 'site', scope: undefined }), [])).toMatchObject({
      kind: 'allowed',
      scopes: null,
    });
  });

  it('says 401 when the keys cannot be read', async () => {
    expect(await authorize(authorizer, [], await sign({}), noKeys)).toEqual({
      kind: 'unauthorized',
      reason: 'no keys',
    });
  });
});
