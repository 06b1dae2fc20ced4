import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { createApiClient } from '../shared/api/client.ts';
import { createQueryClient } from '../shared/api/query-client.ts';
import { ConfigProvider, configQuery } from '../shared/identity/get-config.ts';
import { browserParts } from './browser-parts.ts';
import { CrashBoundary } from './crash-boundary.tsx';
import { CrashPage } from './crash-page.tsx';
import { Session } from './session.tsx';
import { Splash, StartFailure } from './start-pages.tsx';

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
