import { createRemoteJWKSet, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import * as z from 'zod';
import type { RouteResource } from '../deployment.ts';

export type Authorization =
  | {
      readonly kind: 'allowed';
      readonly claims: Readonly<Record<string, string>>;
      readonly scopes: readonly string[] | null;
    }
  /** 401: no token, or one that does not hold. */
  | { readonly kind: 'unauthorized'; readonly reason: string }
  /** 403: the token holds, but has none of the route's scopes. */
  | { readonly kind: 'forbidden' };

type Authorizer = NonNullable<RouteResource['authorizer']>;

/** The keys that sign an issuer's tokens. */
export type KeysOf = (issuer: string) => Promise<JWTVerifyGetKey>;

const discoverySchema = z.object({ jwks_uri: z.url() });
const DISCOVERY_TIMEOUT_MS = 5_000;

async function discover(issuer: string): Promise<JWTVerifyGetKey> {
  const response = await fetch(`${issuer}/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(DISCOVERY_TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`${issuer} answers ${response.status} to OpenID discovery.`);
  return createRemoteJWKSet(new URL(discoverySchema.parse(await response.json()).jwks_uri));
}

/** Finds an issuer's keys by its discovery document, once for each issuer; a failed try is not remembered. */
export function discoverKeys(): KeysOf {
  const found = new Map<string, Promise<JWTVerifyGetKey>>();
  return (issuer) => {
    let keys = found.get(issuer);
    if (keys === undefined) {
      keys = discover(issuer);
      found.set(issuer, keys);
      keys.catch(() => found.delete(issuer));
    }
    return keys;
  };
}

/** Claims as an HTTP API hands them on: every value is text, lists are `[a b]`. */
function flattened(payload: JWTPayload): Record<string, string> {
  return Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, claimText(value)]));
}

function claimText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(String).join(' ')}]`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * API Gateway's JWT authorizer: signature, `iss`, `aud` or else `client_id`, `exp`, `nbf`, `iat`, and one of the
 * route's scopes.
 */
export async function authorize(
  authorizer: Authorizer,
  scopes: readonly string[],
  header: string | undefined,
  keysOf: KeysOf,
): Promise<Authorization> {
  const token = header?.replace(/^Bearer\s+/i, '').trim() ?? '';
  if (token === '') return { kind: 'unauthorized', reason: 'no token' };
  let payload: JWTPayload;
  try {
    const keys = await keysOf(authorizer.issuer);
    ({ payload } = await jwtVerify(token, keys, {
      issuer: authorizer.issuer,
      algorithms: ['RS256', 'RS384', 'RS512'],
      requiredClaims: ['exp'],
    }));
  } catch (error) {
    return { kind: 'unauthorized', reason: error instanceof Error ? error.message : 'invalid token' };
  }
  const audience = payload.aud ?? payload['client_id'];
  if (![audience].flat().some((value) => typeof value === 'string' && authorizer.audience.includes(value))) {
    return { kind: 'unauthorized', reason: 'the token is for another client' };
  }
  if (typeof payload.iat === 'number' && payload.iat * 1_000 > Date.now() + 1_000) {
    return { kind: 'unauthorized', reason: 'the token was issued in the future' };
  }
  const held = scopesOf(payload);
  if (scopes.length > 0 && !scopes.some((scope) => held.includes(scope))) return { kind: 'forbidden' };
  return { kind: 'allowed', claims: flattened(payload), scopes: scopes.length === 0 ? null : held };
}

function scopesOf(payload: JWTPayload): string[] {
  const scope = payload['scope'] ?? payload['scp'];
  if (Array.isArray(scope)) return scope.map(String);
  return typeof scope === 'string' ? scope.split(' ') : [];
}
