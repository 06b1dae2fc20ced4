import { pageOfCoaches, type RollupDeps } from '#shared/dashboard/rollups/rollup-worker.ts';
import { type PlanCleanupDeps, pageOfEnded } from '#shared/jobs/plan-cleanup.ts';
import { pageOfIds } from '#shared/jobs/plan-page.ts';
import { planEach, type PlanJobPage } from '#shared/jobs/task-handlers.ts';
import { createListMove, type PlanMoveDeps } from '#shared/moves/move-worker.ts';
import { createPlanBackfill, type PlanBackfillDeps } from '#shared/onboarding/plan-backfill.ts';
import {
  createPlanAccounts,
  createPlanCoaches,
  createPlanCompetitors,
} from '#shared/onboarding/plan-onboarding.ts';
import { createPlanFlash, type PlanFlashDeps } from '#shared/score-sync/plan-flash.ts';
import { createPlanSync, type PlanSyncDeps } from '#shared/score-sync/plan-sync.ts';
import { createPlanTotals, type PlanTotalsDeps } from '#shared/score-sync/plan-totals.ts';
import { createListRollOver, type PlanRollOverDeps } from '#shared/season/roll-over-worker.ts';
import { TASKS, type PlannedPayloads } from './tasks.ts';

export type PlannerDeps = PlanSyncDeps &
  PlanTotalsDeps &
  PlanFlashDeps &
  PlanBackfillDeps &
  PlanCleanupDeps &
  PlanMoveDeps &
  PlanRollOverDeps &
  Pick<RollupDeps, 'allCoachIds'> &
  Parameters<typeof createPlanAccounts>[0] &
  Parameters<typeof createPlanCompetitors>[0] &
  Parameters<typeof createPlanCoaches>[0];

/** Plans jobs of every type: those whose payload does not always name its subjects have a planner here. */
export const createPlanPage = (deps: PlannerDeps): PlanJobPage =>
  planEach<PlannedPayloads>(TASKS, {
    game_platform_sync: createPlanSync(deps),
    game_platform_totals_sweep: createPlanTotals(deps),
    game_platform_flash_ctf_sync: createPlanFlash(deps),
    profile_refresh: createPlanAccounts(deps),
    onboard_competitors: createPlanCompetitors(deps),
    onboard_coaches: createPlanCoaches(deps),
    external_id_backfill: createPlanBackfill(deps),
    dashboard_rollup: (_job, cursor, size) => pageOfCoaches(deps, cursor, size),
    weekly_email: async (_job, cursor, size) => pageOfIds(await deps.allCoachIds(), cursor, size),
    competitor_move: createListMove(deps),
    season_roll_over: createListRollOver(deps),
    job_cleanup: (_job, cursor, size) => pageOfEnded(deps, cursor, size),
  });
