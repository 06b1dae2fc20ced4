import * as z from 'zod';
import type { PayloadOf } from '#shared/jobs/task-definition.ts';
import type { Planner } from '#shared/jobs/task-handlers.ts';
import type { SyncSettings } from '#shared/settings/sync-settings.ts';
import type { SCORE_SYNC_TASKS } from './tasks.ts';

export interface PlanTotalsDeps {
  readonly totals: {
    readonly page: (
      after: string | null,
      limit: number,
    ) => Promise<{
      readonly due: readonly { readonly competitorId: string }[];
      readonly next: string | null;
    }>;
    /** Where the last sweep ended, so that people whose totals keep failing do not stand in the others' way. */
    readonly position: () => Promise<string | null>;
    readonly savePosition: (competitorId: string) => Promise<void>;
  };
  readonly settings: () => Promise<Pick<SyncSettings, 'sweepLimit'>>;
}

const sweepCursor = z.object({
  from: z.string().nullable(),
  after: z.string().nullable(),
  wrapped: z.boolean(),
  taken: z.int(),
});

/** Goes round the flagged people: from where the last sweep ended to the end, then from the start up to there. */
export function createPlanTotals(
  deps: PlanTotalsDeps,
): Planner<PayloadOf<typeof SCORE_SYNC_TASKS.game_platform_totals_sweep>> {
  return async (job, cursor, partSize) => {
    const limit = job.payload.limit ?? (await deps.settings()).sweepLimit;
    const from = cursor === null ? await deps.totals.position() : null;
    const at =
      cursor === null ? { from, after: from, wrapped: from === null, taken: 0 } : sweepCursor.parse(cursor);
    const size = Math.min(partSize, limit - at.taken);
    const { due, next } = await deps.totals.page(at.after, size);
    const round = at.wrapped && at.from !== null ? at.from : null;
    const subjects = due.map((flag) => flag.competitorId).filter((id) => round === null || id <= round);
    const last = subjects.at(-1);
    if (last !== undefined) await deps.totals.savePosition(last);
    const taken = at.taken + subjects.length;
    const closed = at.wrapped && (next === null || subjects.length < due.length || next === round);
    if (taken >= limit || closed) return { subjects, next: null };
    const onward = next === null ? { after: null, wrapped: true } : { after: next, wrapped: at.wrapped };
    return { subjects, next: { from: at.from, taken, ...onward } };
  };
}
