import { auditRoutes } from '#shared/audit/contract.ts';
import { downloadRoute, readRoute } from '#web/shared/api/call-route.ts';
import type { ApiClient } from '#web/shared/api/client.ts';
import { infiniteQueryOptions } from '@tanstack/react-query';

export interface AuditFilters {
  readonly actor: string | null;
  readonly action: string | null;
  readonly subject: string | null;
  /** Only what an admin did as this coach. */
  readonly actingAs: string | null;
  /** Moments. */
  readonly since: string | null;
  readonly until: string | null;
  readonly from: string | null;
  readonly to: string | null;
}

const PAGE = 50;
const firstPage = (): string | null => null;

/** `GET /api/admin/audit`, page after page. */
export const auditQuery = (api: ApiClient, filters: AuditFilters) =>
  infiniteQueryOptions({
    queryKey: ['audit', filters],
    queryFn: ({ signal, pageParam }) =>
      readRoute(api, auditRoutes.listAudit, {
        query: { ...filters, limit: PAGE, cursor: pageParam },
        signal,
      }),
    initialPageParam: firstPage(),
    getNextPageParam: (page) => page.nextCursor,
    staleTime: 0,
  });

/** `GET /api/admin/audit.csv`, under the same filters. */
export const downloadAudit = (api: ApiClient, filters: AuditFilters): Promise<Blob> =>
  downloadRoute(api, auditRoutes.exportAudit, { query: { ...filters } });
