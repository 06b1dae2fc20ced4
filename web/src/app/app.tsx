import { createQueryClient } from '#web/shared/api/api-context.ts';
import { createApiClient } from '#web/shared/api/client.ts';
import { ConfigProvider, configQuery } from '#web/shared/identity/config.ts';
import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { browserParts } from './browser-parts.ts';
import { CrashBoundary, CrashPage } from './crash.tsx';
import { Splash, StartFailure } from './entry-pages.tsx';
import { Session } from './session.tsx';

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
        <Start />
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
