import { moveRoutes, type MoveRow, type MoveView } from '#shared/moves/contract.ts';
import { readRoute, writeRoute } from '#web/shared/api/call-route.ts';
import type { ApiClient } from '#web/shared/api/client.ts';
import { queryOptions } from '@tanstack/react-query';

/** Whom a plan is about: some competitors, or a coach's whole list. */
export type Moving = { readonly competitorIds: readonly string[] } | { readonly fromCoachId: string };

/** `POST /api/admin/competitors/move`: a plan; nothing is changed by it. */
export const planMove = (
  api: ApiClient,
  input: { readonly moving: Moving; readonly toCoachId: string; readonly idempotencyKey: string },
): Promise<{ jobId: string }> =>
  writeRoute(api, moveRoutes.planMove, {
    body: { ...input.moving, toCoachId: input.toCoachId, dryRun: true },
    idempotencyKey: input.idempotencyKey,
  });

/** `POST /api/admin/competitors/move/{jobId}/apply`: does what the plan said, once; 409 when it would be another one now. */
export const applyMove = (api: ApiClient, planId: string): Promise<{ jobId: string }> =>
  writeRoute(api, moveRoutes.applyMove, { params: { jobId: planId } });

const PAGE = 200;
/** A coach's list is not longer than that. */
const MOST_PAGES = 50;

export interface WholeMove extends Omit<MoveView, 'items' | 'nextCursor'> {
  readonly rows: readonly MoveRow[];
  /** When it was read, ISO 8601. */
  readonly readAt: string;
  /** There are rows that were not loaded. */
  readonly more: boolean;
}

/** `GET /api/admin/competitors/move/{jobId}`, all pages. */
export const moveQuery = (api: ApiClient, jobId: string) =>
  queryOptions({
    queryKey: ['move', jobId],
    queryFn: async ({ signal }): Promise<WholeMove> => {
      const rows: MoveRow[] = [];
      let cursor: string | null = null;
      for (let page = 1; ; page += 1) {
        const { items, nextCursor, ...view }: MoveView = await readRoute(api, moveRoutes.getMove, {
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
