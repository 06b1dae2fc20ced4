import type { ConfigView } from '#shared/identity/contract.ts';
import { useQuery } from '@tanstack/react-query';
import type { UserManager } from 'oidc-client-ts';
import { lazy, Suspense, useState } from 'react';
import { ApiProvider } from '../shared/api/api-context.ts';
import { ApiError } from '../shared/api/api-error.ts';
import { createApiClient } from '../shared/api/client.ts';
import { setActingAs, useActingAs } from '../shared/identity/acting-as.ts';
import { MeProvider, meQuery } from '../shared/identity/get-me.ts';
import { createTokenSource, setSessionEnded, signOut } from '../shared/identity/session.ts';
import { Button } from '../shared/ui/button.tsx';
import { LoadFailure } from '../shared/ui/load-failure.tsx';
import { useToasts } from '../shared/ui/toasts.ts';
import { browserParts } from './browser-parts.ts';
import { CentredCard } from './centred-card.tsx';
import { Pages } from './routes.tsx';
import { SignOutProvider } from './sign-out.ts';
import { Splash } from './start-pages.tsx';

const Toaster = lazy(() => import('../shared/ui/toaster.tsx'));

/** The site behind the sign-in: knows who is there, then opens the router. */
export function SignedIn({ users, config }: { users: UserManager; config: ConfigView }) {
  const [api] = useState(() =>
    createApiClient({
      ...browserParts,
      accessToken: createTokenSource(users),
      onSessionEnded: () => {
        setSessionEnded(true);
        void users.removeUser();
      },
    }),
  );
  const acting = useActingAs();
  const me = useQuery(meQuery(api, acting));
  const toasts = useToasts();
  const leave = () => {
    setActingAs(null);
    void signOut(users, config, globalThis.location.origin);
  };

  if (me.data) {
    return (
      <ApiProvider value={api}>
        <MeProvider value={me.data}>
          <SignOutProvider value={leave}>
            <Pages />
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
      <CentredCard title="Your profile is not there yet">
        <LoadFailure
          what="Your profile"
          error={me.error}
          retrying={me.isFetching}
          onRetry={() => void me.refetch()}
        />
        <div className="flex flex-wrap gap-2">
          {unknownCoach && <Button onClick={() => setActingAs(null)}>Stop acting as this coach</Button>}
          <Button look="ghost" onClick={leave}>
            Sign out
          </Button>
        </div>
      </CentredCard>
    );
  }
  return <Splash says="Opening your teams" />;
}
