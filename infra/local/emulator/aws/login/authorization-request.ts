import type { FindClient, LoginClient } from './clients.ts';

export interface AuthorizationRequest extends LoginClient {
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly state: string | undefined;
  readonly nonce: string | undefined;
  /** SHA-256 of the verifier, base64url (RFC 7636). */
  readonly codeChallenge: string;
  readonly prompt: 'none' | 'login' | undefined;
  readonly loginHint: string | undefined;
}

export type ParsedAuthorization =
  | { readonly kind: 'valid'; readonly request: AuthorizationRequest }
  /** The client or its address is not to be trusted: told to the person, never sent anywhere. */
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'redirect'; readonly location: string };

/** RFC 6749, section 4.1.1, with PKCE demanded and everything checked against the app client. */
export function parseAuthorization(query: URLSearchParams, findClient: FindClient): ParsedAuthorization {
  const found = findClient(query.get('client_id') ?? '');
  if (found === undefined) return { kind: 'refused', code: 'invalid_client' };
  const redirectUri = query.get('redirect_uri') ?? '';
  if (!found.client.callbackUrls.includes(redirectUri)) return { kind: 'refused', code: 'redirect_mismatch' };

  const state = query.get('state') ?? undefined;
  const fail = (code: string, description: string): ParsedAuthorization => ({
    kind: 'redirect',
    location: errorLocation(redirectUri, state, code, description),
  });
  if (query.get('response_type') !== 'code' || !found.client.oauthFlows.includes('code')) {
    return fail('unauthorized_client', 'Only the code flow is allowed');
  }
  const codeChallenge = query.get('code_challenge') ?? '';
  if (query.get('code_challenge_method') !== 'S256' || !/^[A-Za-z0-9_-]{43}$/.test(codeChallenge)) {
    return fail('invalid_request', 'code_challenge with the method S256 is required');
  }
  const asked = (query.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
  const scopes = asked.length === 0 ? found.client.oauthScopes : asked;
  if (!scopes.every((scope) => found.client.oauthScopes.includes(scope))) {
    return fail('invalid_scope', 'The client may not ask for this scope');
  }
  const prompt = query.get('prompt');
  return {
    kind: 'valid',
    request: {
      ...found,
      redirectUri,
      scopes,
      state,
      nonce: query.get('nonce') ?? undefined,
      codeChallenge,
      prompt: prompt === 'none' || prompt === 'login' ? prompt : undefined,
      loginHint: query.get('login_hint') ?? undefined,
    },
  };
}

export function errorLocation(
  redirectUri: string,
  state: string | undefined,
  code: string,
  description: string,
): string {
  return withQuery(redirectUri, { error: code, error_description: description, state });
}

export function withQuery(uri: string, fields: Readonly<Record<string, string | undefined>>): string {
  const url = new URL(uri);
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url.href;
}
