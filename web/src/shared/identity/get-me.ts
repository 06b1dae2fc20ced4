import { meViewSchema, type MeView } from '#shared/identity/contract.ts';
import { queryOptions } from '@tanstack/react-query';
import { createContext, use } from 'react';
import type { ApiClient } from '../api/client.ts';

/** `GET /api/me`; under another key for every coach acted as. */
export const meQuery = (api: ApiClient, actingAs: string | null) =>
  queryOptions({
    queryKey: ['me', actingAs],
    queryFn: ({ signal }) => api.get('/api/me', meViewSchema, { signal }),
    staleTime: 5 * 60_000,
  });

const MeContext = createContext<MeView | null>(null);

export const MeProvider = MeContext.Provider;

/** Who is signed in, and whom they act as. */
export function useMe(): MeView {
  const me = use(MeContext);
  if (me === null) throw new Error('Nobody is signed in here.');
  return me;
}

/** True for an admin who is not acting as a coach: the only one who sees more than one coach's competitors. */
export const seesAllCoaches = (me: MeView): boolean => me.role === 'admin' && me.actingAs === null;
