import type { ConfigView } from '#shared/identity/contract.ts';
import { ApiProvider } from '#web/shared/api/api-context.ts';
import { ApiError } from '#web/shared/api/api-error.ts';
import { createApiClient } from '#web/shared/api/client.ts';
import { endAct, forgetAct, forgetActOfOthers, useActingAs } from '#web/shared/identity/acting.ts';
import { MeProvider, meQuery } from '#web/shared/identity/current-user.tsx';
import {
  CALLBACK_PATH,
  createTokenSource,
  createUserManager,
  safeReturnPath,
  setSessionEnded,
  SIGNED_OUT_PATH,
  signOut,
  SignOutProvider,
  useSessionEnded,
} from '#web/shared/identity/session.ts';
import { dropLargeFiles, useLargeFiles } from '#web/shared/exports/large-file-store.ts';
import { dropDrafts } from '#web/shared/forms/draft.ts';
import { noteUse } from '#web/shared/identity/idle.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { LoadFailure } from '#web/shared/ui/note.tsx';
import { useToasts } from '#web/shared/ui/toasts.ts';
import { useQuery } from '@tanstack/react-query';
import type { User, UserManager } from 'oidc-client-ts';
import { lazy, Suspense, useEffect, useState } from 'react';
import { AuthProvider, useAuth } from 'react-oidc-context';
import { browserParts } from './browser-parts.ts';
import { CenteredCard, SignedOutPage, SignInPage, Splash } from './entry-pages.tsx';
import { IdleSignOut } from './idle-sign-out.tsx';
import { Pages, preloadPage } from './routes.tsx';

/** Back from the login: the code leaves the address, and the page that was asked for opens. */
function afterSignIn(user: User | undefined) {
  setSessionEnded(false);
  dropDrafts(user?.profile.sub);
  noteUse(localStorage, Date.now());
  // Whoever signs in now is not who acted as a coach in this tab before.
  forgetAct();
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
  if (auth.user) {
    const { sub } = auth.user.profile;
    return <SignedIn key={sub} sub={sub} users={users} config={config} />;
  }
  const { pathname, search } = globalThis.location;
  const signIn = () => void auth.signinRedirect({ state: safeReturnPath(pathname + search) });
  if (pathname === SIGNED_OUT_PATH) return <SignedOutPage onSignIn={signIn} />;
  return <SignInPage onSignIn={signIn} ended={ended} failed={auth.error !== undefined && !ended} />;
}

const LargeFiles = lazy(() => import('#web/shared/exports/large-files.tsx'));
const Toaster = lazy(() => import('#web/shared/ui/toaster.tsx'));

const TOLD_WITHIN_MS = 1_500;

/** The site behind the sign-in: knows who is there, then opens the router. */
function SignedIn({ sub, users, config }: { sub: string; users: UserManager; config: ConfigView }) {
  const [api] = useState(() =>
    createApiClient({
      ...browserParts,
      accessToken: createTokenSource(users),
      onSessionEnded: () => {
        setSessionEnded(true);
        forgetAct();
        void users.removeUser();
      },
    }),
  );
  useState(() => forgetActOfOthers(sub));
  const acting = useActingAs();
  const me = useQuery(meQuery(api, acting));
  const largeFiles = useLargeFiles();
  const toasts = useToasts();
  const [leaving, setLeaving] = useState(false);
  const leave = () => {
    if (leaving) return;
    setLeaving(true);
    // Told while the token is still good; whether it was heard is not waited for for long.
    const told = Promise.race([endAct(api, 'signout'), browserParts.sleep(TOLD_WITHIN_MS)]);
    dropDrafts();
    dropLargeFiles();
    void told.then(() => signOut(users, config, globalThis.location.origin));
  };

  if (me.data) {
    return (
      <ApiProvider value={api}>
        <MeProvider value={me.data}>
          <SignOutProvider value={leave}>
            <Pages />
            <IdleSignOut minutes={config.idleSignOutMinutes} onLeave={leave} />
            {largeFiles.length > 0 && (
              <Suspense>
                <LargeFiles />
              </Suspense>
            )}
            {toasts.length > 0 && (
              <Suspense>
                <Toaster />
              </Suspense>
            )}
          </SignOutProvider>
        </MeProvider>
      </ApiProvider>
    );
  }
  if (me.isError) {
    const unknownCoach = acting !== null && me.error instanceof ApiError && me.error.facts.status === 404;
    return (
      <CenteredCard title="Your profile is not set up yet">
        <LoadFailure
          what="Your profile"
          error={me.error}
          retrying={me.isFetching}
          onRetry={() => void me.refetch()}
        />
        <div className="flex flex-wrap gap-2">
          {unknownCoach && <Button onClick={forgetAct}>Stop acting as this coach</Button>}
          <Button look="ghost" onClick={leave}>
            Sign out
          </Button>
        </div>
      </CenteredCard>
    );
  }
  return <Splash says="Opening your teams" />;
}
