import { QueryClient } from '@tanstack/react-query';

/** Retries belong to the API client, which knows which failures pass; here they are off. */
export const createQueryClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: { retry: false, networkMode: 'always', staleTime: 30_000, gcTime: 10 * 60_000 },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
