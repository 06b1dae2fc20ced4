import type { ConfigView } from '#shared/identity/contract.ts';
import type { User } from 'oidc-client-ts';
import { useEffect, useState } from 'react';
import { AuthProvider, useAuth } from 'react-oidc-context';
import {
  CALLBACK_PATH,
  createUserManager,
  safeReturnPath,
  setSessionEnded,
  SIGNED_OUT_PATH,
  useSessionEnded,
} from '../shared/identity/session.ts';
import { preloadPage } from './routes.tsx';
import { SignInPage, SignedOutPage } from './sign-in-page.tsx';
import { SignedIn } from './signed-in.tsx';
import { Splash } from './start-pages.tsx';

/** Back from the login: the code leaves the address, and the page that was asked for opens. */
function afterSignIn(user: User | undefined) {
  setSessionEnded(false);
  globalThis.history.replaceState({}, '', safeReturnPath(user?.state));
}

const isCallback = () => globalThis.location.pathname === CALLBACK_PATH;

/** Signed in, signing in, or not: decides what of the site there is. */
export function Session({ config }: { config: ConfigView }) {
  const [users] = useState(() => createUserManager(config, globalThis.location.origin));
  return (
    <AuthProvider userManager={users} onSigninCallback={afterSignIn} skipSigninCallback={!isCallback()}>
      <Gate users={users} config={config} />
    </AuthProvider>
  );
}

function Gate({ users, config }: { users: ReturnType<typeof createUserManager>; config: ConfigView }) {
  const auth = useAuth();
  const ended = useSessionEnded();
  useEffect(() => preloadPage(globalThis.location.pathname), []);
  if (auth.isLoading || auth.activeNavigator === 'signinRedirect') return <Splash says="Signing in" />;
  if (auth.user) return <SignedIn users={users} config={config} />;
  const { pathname, search } = globalThis.location;
  const signIn = () => void auth.signinRedirect({ state: safeReturnPath(pathname + search) });
  if (pathname === SIGNED_OUT_PATH) return <SignedOutPage onSignIn={signIn} />;
  return <SignInPage onSignIn={signIn} ended={ended} failed={auth.error !== undefined && !ended} />;
}
