import { QueryClient } from '@tanstack/react-query';
import { createContext, use } from 'react';
import type { ApiClient } from './client.ts';

const ApiContext = createContext<ApiClient | null>(null);

export const ApiProvider = ApiContext.Provider;

/** The client of the signed-in person. */
export function useApi(): ApiClient {
  const client = use(ApiContext);
  if (client === null) throw new Error('The API client is only there after sign-in.');
  return client;
}

/** Retries belong to the API client, which knows which failures pass; here they are off. */
export const createQueryClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: { retry: false, networkMode: 'always', staleTime: 30_000, gcTime: 10 * 60_000 },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
