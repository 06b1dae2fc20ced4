import * as z from 'zod';
import { isRead } from '#shared/competitors/consent.ts';
import { pageOfCoach, type CompetitorsOfCoach } from '#shared/competitors/page-of-coach.ts';
import type { Job } from '#shared/jobs/job.ts';
import type { PlanPage } from '#shared/jobs/plan-page.ts';
import type { PayloadOf } from '#shared/jobs/task-definition.ts';
import type { Planner } from '#shared/jobs/task-handlers.ts';
import { createPlanDue, type PlanDueDeps } from './rounds/plan-due.ts';
import type { SyncPosition, SyncStatePage } from './sync-state-repository.ts';
import type { SCORE_SYNC_TASKS } from './tasks.ts';

export interface PlanSyncDeps extends PlanDueDeps {
  readonly syncStates: PlanDueDeps['syncStates'] & {
    readonly page: (position: SyncPosition, limit: number) => Promise<SyncStatePage>;
  };
  readonly competitors: { readonly pageOfCoach: CompetitorsOfCoach };
}

const everyoneCursor = z.object({
  bucket: z.int(),
  after: z.string().nullable(),
  oldest: z.string().nullable(),
});

async function pageOfEveryone(
  deps: PlanSyncDeps,
  cursor: Job['planCursor'],
  size: number,
): Promise<PlanPage> {
  const at = everyoneCursor.parse(cursor ?? { bucket: 0, after: null, oldest: null });
  const { states, next } = await deps.syncStates.page(at, size);
  const oldest = states.reduce(
    (min, { lastReadAt }) => (lastReadAt !== null && (min === null || lastReadAt < min) ? lastReadAt : min),
    at.oldest,
  );
  if (next === null && oldest !== null) {
    deps.onOldestRead(Math.max(0, Math.round((deps.now().getTime() - Date.parse(oldest)) / 1000)));
  }
  return {
    subjects: states.map((state) => state.competitorId),
    next: next === null ? null : { ...next, oldest },
  };
}

/** Who is due by the settings, one coach's competitors, or everyone. */
export function createPlanSync(
  deps: PlanSyncDeps,
): Planner<PayloadOf<typeof SCORE_SYNC_TASKS.game_platform_sync>> {
  const pageOfDue = createPlanDue(deps);
  return (job, cursor, size) => {
    const { coachId, due } = job.payload;
    if (due === true) return pageOfDue(job, size);
    if (coachId === undefined) return pageOfEveryone(deps, cursor, size);
    return pageOfCoach(deps.competitors.pageOfCoach, coachId, cursor, size, isRead);
  };
}
