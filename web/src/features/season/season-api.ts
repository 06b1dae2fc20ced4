import { readRoute, writeRoute } from '#web/shared/api/call-route.ts';
import type { ApiClient } from '#web/shared/api/client.ts';
import { seasonRoutes, type RollOverRow, type RollOverView } from '#shared/season/contract.ts';
import { queryOptions } from '@tanstack/react-query';

export interface RollOverForm {
  /** Empty: the whole program. */
  readonly coachId: string;
  readonly seasonStart: string;
  readonly teams: RollOverView['teams'];
}

/** `POST /api/admin/season/roll-over`: a plan; nothing is changed by it. */
export const planRollOver = (
  api: ApiClient,
  { coachId, seasonStart, teams }: RollOverForm,
  idempotencyKey: string,
): Promise<{ jobId: string }> =>
  writeRoute(api, seasonRoutes.planRollOver, {
    body: { ...(coachId === '' ? {} : { coachId }), seasonStart, teams, dryRun: true },
    idempotencyKey,
  });

/** `POST /api/admin/season/roll-over/{jobId}/apply`: does what the plan said, once. */
export const applyRollOver = (api: ApiClient, planId: string): Promise<{ jobId: string }> =>
  writeRoute(api, seasonRoutes.applyRollOver, { params: { jobId: planId } });

const PAGE = 200;
const MOST_PAGES = 50;

export interface WholeRollOver extends Omit<RollOverView, 'items' | 'nextCursor'> {
  readonly rows: readonly RollOverRow[];
  /** When it was read, ISO 8601. */
  readonly readAt: string;
  /** There are rows that were not loaded. */
  readonly more: boolean;
}

/** `GET /api/admin/season/roll-over/{jobId}`, all pages, up to 10,000 rows. */
export const rollOverQuery = (api: ApiClient, jobId: string) =>
  queryOptions({
    queryKey: ['roll-over', jobId],
    queryFn: async ({ signal }): Promise<WholeRollOver> => {
      const rows: RollOverRow[] = [];
      let cursor: string | null = null;
      for (let page = 1; ; page += 1) {
        const { items, nextCursor, ...view }: RollOverView = await readRoute(api, seasonRoutes.getRollOver, {
          params: { jobId },
          query: { limit: PAGE, cursor },
          signal,
        });
        rows.push(...items);
        cursor = nextCursor;
        if (cursor === null || page === MOST_PAGES)
          return { ...view, rows, readAt: new Date().toISOString(), more: cursor !== null };
      }
    },
  });
