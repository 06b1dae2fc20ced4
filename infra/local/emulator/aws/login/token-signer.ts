import { createHash, randomUUID } from 'node:crypto';
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  jwtVerify,
  SignJWT,
  type JWK,
} from 'jose';
import type { UserPoolClientResource, UserPoolResource } from '../../deployment.ts';
import { attributeOf } from '../cognito/user-directory.ts';
import type { CognitoUser } from '../cognito/cognito-local.ts';
import { isRecord } from '../access/requirement.ts';
import type { Documents } from '../state-database.ts';
import type { Session } from './grants.ts';

export interface TokenSet {
  readonly accessToken: string;
  readonly idToken: string | undefined;
}

export interface TokenSigner {
  readonly jwks: { readonly keys: readonly JWK[] };
  sign(grant: {
    readonly pool: UserPoolResource;
    readonly client: UserPoolClientResource;
    readonly session: Session;
    readonly user: CognitoUser;
    readonly groups: readonly string[];
  }): Promise<TokenSet>;
  /** User name and scopes of an access token of the pool that is still good. */
  verifyAccessToken(
    token: string,
    issuer: string,
  ): Promise<{ readonly username: string; readonly scopes: readonly string[] } | undefined>;
}

const ALGORITHM = 'RS256';

/** Tokens with the claims of Cognito's, signed by a key of this state folder (cognito-local's is published with it). */
export async function createTokenSigner(documents: Documents, now: () => number): Promise<TokenSigner> {
  const privateJwk = await keptKey(documents);
  const privateKey = await importJWK(privateJwk, ALGORITHM);
  const { kid } = privateJwk;
  const publicJwk: JWK = {
    alg: ALGORITHM,
    e: privateJwk.e ?? '',
    kid,
    kty: 'RSA',
    n: privateJwk.n ?? '',
    use: 'sig',
  };
  const publicKey = await importJWK(publicJwk, ALGORITHM);

  const signed = (claims: Record<string, unknown>, issuer: string, seconds: number): Promise<string> => {
    const issuedAt = Math.floor(now() / 1000);
    return new SignJWT({ ...claims, jti: randomUUID() })
      .setProtectedHeader({ alg: ALGORITHM, kid })
      .setIssuer(issuer)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + seconds)
      .sign(privateKey);
  };

  return {
    jwks: { keys: [publicJwk] },
    sign: async ({ pool, client, session, user, groups }) => {
      const common = {
        sub: attributeOf(user, 'sub') ?? user.Username,
        ...(groups.length === 0 ? {} : { 'cognito:groups': groups }),
        origin_jti: session.originId,
        event_id: randomUUID(),
        auth_time: session.authTime,
      };
      const accessToken = await signed(
        {
          ...common,
          version: 2,
          client_id: client.id,
          token_use: 'access',
          scope: session.scopes.join(' '),
          username: user.Username,
        },
        pool.issuer,
        client.accessTokenSeconds,
      );
      if (!session.scopes.includes('openid')) return { accessToken, idToken: undefined };
      const email = session.scopes.includes('email')
        ? {
            email: attributeOf(user, 'email'),
            email_verified: attributeOf(user, 'email_verified') === 'true',
          }
        : {};
      const idToken = await signed(
        {
          ...common,
          ...email,
          at_hash: createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url'),
          'cognito:username': user.Username,
          nonce: session.nonce,
          aud: client.id,
          token_use: 'id',
        },
        pool.issuer,
        client.idTokenSeconds,
      );
      return { accessToken, idToken };
    },
    verifyAccessToken: async (token, issuer) => {
      try {
        const { payload } = await jwtVerify(token, publicKey, { issuer, currentDate: new Date(now()) });
        const { username, scope, token_use: use } = payload;
        if (use !== 'access' || typeof username !== 'string' || typeof scope !== 'string') return undefined;
        return { username, scopes: scope.split(' ') };
      } catch {
        return undefined;
      }
    },
  };
}

async function keptKey(documents: Documents): Promise<JWK & { readonly kid: string }> {
  const kept = documents.get('login', 'signing-key');
  if (isRecord(kept) && typeof kept['kid'] === 'string') return { ...kept, kid: kept['kid'] };
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true, modulusLength: 2_048 });
  const jwk = await exportJWK(privateKey);
  const key = { ...jwk, kid: await calculateJwkThumbprint(jwk) };
  documents.put('login', 'signing-key', key);
  return key;
}
