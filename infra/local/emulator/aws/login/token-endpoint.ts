import type { CognitoUser } from '../cognito/cognito-local.ts';
import type { UserDirectory } from '../cognito/user-directory.ts';
import type { FindClient, LoginClient } from './clients.ts';
import type { Grants, Session } from './grants.ts';
import type { SignIn } from './sign-in.ts';
import type { TokenSigner } from './token-signer.ts';

export interface TokenAnswer {
  readonly status: number;
  readonly body: unknown;
}

interface TokenParts {
  readonly findClient: FindClient;
  readonly grants: Grants;
  readonly signIn: SignIn;
  readonly directory: UserDirectory;
  readonly signer: TokenSigner;
  readonly now: () => number;
}

/** `POST /oauth2/token` of the Cognito user pools API: codes with PKCE, and refresh tokens that rotate. */
export async function answerTokenRequest(parts: TokenParts, form: URLSearchParams): Promise<TokenAnswer> {
  const found = parts.findClient(form.get('client_id') ?? '');
  // A client with a secret would have to prove it; the template's are public.
  if (found === undefined || found.client.generateSecret) return refused('invalid_client');
  switch (form.get('grant_type')) {
    case 'authorization_code':
      return redeem(parts, found, form);
    case 'refresh_token':
      return refresh(parts, found, form);
    default:
      return refused('unsupported_grant_type');
  }
}

async function redeem(parts: TokenParts, found: LoginClient, form: URLSearchParams): Promise<TokenAnswer> {
  const session = parts.grants.redeemCode(
    form.get('code') ?? '',
    found.client.id,
    form.get('redirect_uri') ?? '',
    form.get('code_verifier') ?? '',
  );
  const user =
    session === undefined ? undefined : await parts.signIn.current(session.poolId, session.username);
  if (session === undefined || user === undefined) return refused('invalid_grant');
  const expiresAt = parts.now() + found.client.refreshTokenSeconds * 1000;
  return tokens(parts, found, session, user, parts.grants.issueRefreshToken(session, expiresAt));
}

async function refresh(parts: TokenParts, found: LoginClient, form: URLSearchParams): Promise<TokenAnswer> {
  const rotated = parts.grants.rotate(form.get('refresh_token') ?? '', found.client.id);
  if (rotated === undefined) return refused('invalid_grant');
  const user = await parts.signIn.current(rotated.session.poolId, rotated.session.username);
  return user === undefined
    ? refused('invalid_grant')
    : tokens(parts, found, rotated.session, user, rotated.next);
}

async function tokens(
  parts: TokenParts,
  found: LoginClient,
  session: Session,
  user: CognitoUser,
  refreshToken: string,
): Promise<TokenAnswer> {
  const groups = await parts.directory.groupsOf(found.pool.id, user);
  const { accessToken, idToken } = await parts.signer.sign({ ...found, session, user, groups });
  return {
    status: 200,
    body: {
      ...(idToken === undefined ? {} : { id_token: idToken }),
      access_token: accessToken,
      refresh_token: refreshToken,
      expires_in: found.client.accessTokenSeconds,
      token_type: 'Bearer',
    },
  };
}

function refused(error: string): TokenAnswer {
  return { status: 400, body: { error } };
}
