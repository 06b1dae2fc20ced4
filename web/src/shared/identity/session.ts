import type { ConfigView } from '#shared/identity/contract.ts';
import { UserManager, WebStorageStateStore } from 'oidc-client-ts';
import { createContext, use, useSyncExternalStore } from 'react';

export const CALLBACK_PATH = '/auth/callback';
export const SIGNED_OUT_PATH = '/signed-out';

/** Renewed this long before a token expires. */
const RENEW_SECONDS_BEFORE = 90;

/**
 * Authorization code with PKCE against the managed login. The endpoints are given, not discovered: the login lives on
 * another host than the issuer. Tokens stay in this tab's session storage.
 */
export function createUserManager(config: ConfigView, origin: string): UserManager {
  const { issuer, clientId, loginUrl, scopes } = config.signIn;
  const at = (path: string) => new URL(path, loginUrl).href;
  return new UserManager({
    authority: issuer,
    client_id: clientId,
    redirect_uri: `${origin}${CALLBACK_PATH}`,
    response_type: 'code',
    scope: scopes.join(' '),
    metadata: {
      issuer,
      authorization_endpoint: at('/oauth2/authorize'),
      token_endpoint: at('/oauth2/token'),
      revocation_endpoint: at('/oauth2/revoke'),
    },
    userStore: new WebStorageStateStore({ store: sessionStorage }),
    stateStore: new WebStorageStateStore({ store: sessionStorage }),
    automaticSilentRenew: true,
    accessTokenExpiringNotificationTimeInSeconds: RENEW_SECONDS_BEFORE,
    loadUserInfo: false,
    monitorSession: false,
    revokeTokenTypes: ['refresh_token'],
    requestTimeoutInSeconds: 15,
  });
}

/** Gives valid access tokens, renewing at most once at a time; null when there is no session to renew. */
export function createTokenSource(users: Pick<UserManager, 'getUser' | 'signinSilent'>) {
  let renewing: Promise<string | null> | null = null;
  const renew = () => {
    renewing ??= users
      .signinSilent()
      .then((user) => user?.access_token ?? null)
      .catch(() => null)
      .finally(() => {
        renewing = null;
      });
    return renewing;
  };
  return async (forced: boolean): Promise<string | null> => {
    const user = await users.getUser();
    if (user === null) return null;
    if (!forced && user.expired !== true) return user.access_token;
    return user.refresh_token === undefined ? null : renew();
  };
}

/** Ends the session here and at the login, and leaves the page. */
export async function signOut(users: UserManager, config: ConfigView, origin: string): Promise<void> {
  await users.revokeTokens().catch(() => undefined);
  await users.removeUser();
  const logout = new URL('/logout', config.signIn.loginUrl);
  logout.searchParams.set('client_id', config.signIn.clientId);
  logout.searchParams.set('logout_uri', `${origin}${SIGNED_OUT_PATH}`);
  globalThis.location.assign(logout.href);
}

/** Where to go after sign-in: a path of this site only, never another host, never back into the callback. */
export function safeReturnPath(state: unknown): string {
  if (typeof state !== 'string' || !/^\/(?![/\\])/.test(state)) return '/';
  return state.startsWith(CALLBACK_PATH) || state.startsWith(SIGNED_OUT_PATH) ? '/' : state;
}

let ended = false;
const listeners = new Set<() => void>();

/** Told when the server refuses the session; the sign-in page then says so. */
export function setSessionEnded(value: boolean): void {
  ended = value;
  for (const listener of listeners) listener();
}

export const useSessionEnded = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => ended,
  );

const SignOutContext = createContext<() => void>(() => undefined);

export const SignOutProvider = SignOutContext.Provider;

/** Ends the session here and at the login. */
export const useSignOut = () => use(SignOutContext);
