import { createQueryClient } from '#web/shared/api/api-context.ts';
import { createApiClient } from '#web/shared/api/client.ts';
import { ConfigProvider, configQuery } from '#web/shared/identity/config.ts';
import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { MAIL_PAGE } from '#shared/notices/contract.ts';
import { lazy, Suspense, useState } from 'react';
import { browserParts } from './browser-parts.ts';
import { CrashBoundary, CrashPage } from './crash.tsx';
import { Splash, StartFailure } from './entry-pages.tsx';
import { Session } from './session.tsx';

/** Opened from an email, without a sign-in. */
const MailPage = lazy(async () => ({ default: (await import('./mail-page.tsx')).MailPage }));

const anonymousApi = createApiClient({
  ...browserParts,
  accessToken: () => Promise.resolve(null),
  onSessionEnded: () => undefined,
});

export function App() {
  const [queryClient] = useState(createQueryClient);
  return (
    <CrashBoundary instead={<CrashPage />}>
      <QueryClientProvider client={queryClient}>
        {location.pathname === MAIL_PAGE ? (
          <Suspense fallback={<Splash says="Opening Coach Dashboard" />}>
            <MailPage api={anonymousApi} />
          </Suspense>
        ) : (
          <Start />
        )}
      </QueryClientProvider>
    </CrashBoundary>
  );
}

function Start() {
  const config = useQuery(configQuery(anonymousApi));
  if (config.data) {
    return (
      <ConfigProvider value={config.data}>
        <Session config={config.data} />
      </ConfigProvider>
    );
  }
  if (config.isError) {
    return (
      <StartFailure error={config.error} retrying={config.isFetching} onRetry={() => void config.refetch()} />
    );
  }
  return <Splash says="Opening Coach Dashboard" />;
}
