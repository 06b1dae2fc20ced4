import { readRoute } from '#web/shared/api/call-route.ts';
import { identityRoutes, type MeView } from '#shared/identity/contract.ts';
import { queryOptions } from '@tanstack/react-query';
import { createContext, use } from 'react';
import type { ApiClient } from '../api/client.ts';
import { ButtonLink } from '../ui/button.tsx';
import { Empty, Panel } from '../ui/panel.tsx';

export { useActingAs } from './acting.ts';

/** `GET /api/me`; under another key for every coach acted as. */
export const meQuery = (api: ApiClient, coachId: string | null) =>
  queryOptions({
    queryKey: ['me', coachId],
    queryFn: ({ signal }) => readRoute(api, identityRoutes.me, { signal }),
    staleTime: 5 * 60_000,
  });

const MeContext = createContext<MeView | null>(null);

export const MeProvider = MeContext.Provider;

/** Who is signed in, and whom they act as. */
export function useMe(): MeView {
  const me = use(MeContext);
  if (me === null) throw new Error('No one is signed in here.');
  return me;
}

/** True for an admin who is not acting as a coach: the only one who sees more than one coach's competitors. */
export const seesAllCoaches = (me: MeView): boolean => me.role === 'admin' && me.actingAs === null;

/** Instead of a page that is an admin's. */
export const AdminsOnly = ({ page, what }: { page: string; what: string }) => (
  <>
    <div className="page-head">
      <h1>{page}</h1>
    </div>
    <Panel label={page}>
      <Empty
        kind="never"
        heading="h2"
        title={`Only admins see ${what}`}
        action={<ButtonLink to="/">Go to the dashboard</ButtonLink>}
      >
        An admin who acts as a coach sees what that coach sees. Stop acting to come back here.
      </Empty>
    </Panel>
  </>
);
