import { readRoute } from '#web/shared/api/call-route.ts';
import { publicRoutes, type ConfigView } from '#shared/identity/contract.ts';
import { queryOptions } from '@tanstack/react-query';
import { createContext, use } from 'react';
import type { ApiClient } from '../api/client.ts';

/** `GET /api/config`, before anybody is signed in. Changes only with a deploy. */
export const configQuery = (api: ApiClient) =>
  queryOptions({
    queryKey: ['config'],
    queryFn: ({ signal }) => readRoute(api, publicRoutes.config, { signal, anonymous: true }),
    staleTime: Infinity,
  });

const ConfigContext = createContext<ConfigView | null>(null);

export const ConfigProvider = ConfigContext.Provider;

export function useConfig(): ConfigView {
  const config = use(ConfigContext);
  if (config === null) throw new Error('The configuration is only there once it was loaded.');
  return config;
}
