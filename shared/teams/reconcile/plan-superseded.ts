import type { Refusal } from '#shared/jobs/reopen-job.ts';
import type { PayloadOf } from '#shared/jobs/task-definition.ts';
import type { JobOf } from '#shared/jobs/work-part.ts';
import type { TEAM_TASKS } from '../tasks.ts';
import { planIdOf } from './roster-plan.ts';

export interface PlansKept {
  readonly byId: (
    planId: string,
  ) => Promise<{ readonly confirmed: { readonly carriedOutAt: string | null } | null } | undefined>;
  readonly latest: () => Promise<{ readonly planId: string } | undefined>;
}

const PLAN_OUTDATED: Refusal = {
  code: 'PLAN_OUTDATED',
  detail: 'A newer comparison replaced this one, or it was already applied. Start a new comparison.',
};

/** Why a comparison, or what was confirmed of one, cannot be tried again. */
export const planSuperseded =
  (plans: PlansKept) =>
  async ({ id, payload }: JobOf<PayloadOf<typeof TEAM_TASKS.roster_reconcile>>): Promise<Refusal | null> => {
    const confirmedPlan = payload.planId;
    const planId = confirmedPlan ?? planIdOf(id);
    const [plan, latest] = await Promise.all([plans.byId(planId), plans.latest()]);
    // A comparison that drew no plan is outdated only by a later one's, which the worker finds out by its time.
    if (plan === undefined) return confirmedPlan === undefined ? null : PLAN_OUTDATED;
    if (latest?.planId !== planId) return PLAN_OUTDATED;
    const done =
      confirmedPlan === undefined ? plan.confirmed !== null : plan.confirmed?.carriedOutAt !== null;
    return done ? PLAN_OUTDATED : null;
  };
