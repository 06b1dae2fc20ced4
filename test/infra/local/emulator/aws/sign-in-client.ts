import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';

const tokensSchema = z.object({
  access_token: z.string(),
  id_token: z.string().optional(),
  refresh_token: z.string(),
  expires_in: z.number(),
});

export interface SignedIn {
  readonly accessToken: string;
  readonly idToken: string | undefined;
  readonly refreshToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

export interface SignInClientOptions {
  readonly loginUrl: string;
  readonly clientId: string;
  /** One of the client's callback URLs; nothing is asked of it. */
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly email: string;
  readonly password: string;
}

/**
 * Signs in without a browser, by the same form and the same code flow with PKCE that the site uses: for
 * tests.
 *
 * @throws {Error} when the login does not let the person in
 */
export async function signInWithPassword(options: SignInClientOptions): Promise<SignedIn> {
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: options.clientId,
    redirect_uri: options.redirectUri,
    scope: options.scopes.join(' '),
    state: randomBytes(8).toString('hex'),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const submitted = await fetch(`${options.loginUrl}/login?${query}`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ username: options.email, password: options.password }),
  });
  await submitted.body?.cancel();
  const location = submitted.headers.get('location');
  const code = location === null ? null : new URL(location).searchParams.get('code');
  if (code === null) throw new Error(`The login refused the sign-in (${submitted.status}).`);

  const response = await fetch(`${options.loginUrl}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: options.clientId,
      redirect_uri: options.redirectUri,
      code,
      code_verifier: verifier,
    }),
  });
  if (!response.ok) throw new Error(`The login gave no tokens (${response.status}).`);
  const tokens = tokensSchema.parse(await response.json());
  return {
    accessToken: tokens.access_token,
    idToken: tokens.id_token,
    refreshToken: tokens.refresh_token,
    expiresIn: tokens.expires_in,
  };
}
