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
