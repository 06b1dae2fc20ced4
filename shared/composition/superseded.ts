import { planIdOf } from '#shared/teams/reconcile/plan-id.ts';
import type { Job } from '#shared/jobs/job.ts';
import type { Refusal } from '#shared/jobs/reopen-job.ts';
import { PAYLOAD_SCHEMAS } from '#shared/jobs/task-payloads.ts';

export interface SupersededDeps {
  /** Whether an uploaded file is still kept. */
  readonly uploadKept: (importId: string) => Promise<boolean>;
  readonly plans: {
    readonly byId: (
      planId: string,
    ) => Promise<{ readonly confirmed: { readonly carriedOutAt: string | null } | null } | undefined>;
    readonly latest: () => Promise<{ readonly planId: string } | undefined>;
  };
}

const FILE_GONE: Refusal = {
  code: 'IMPORT_EXPIRED',
  detail: 'The file of this import is kept for a day and is gone. Send it again.',
};
const PLAN_OUTDATED: Refusal = {
  code: 'PLAN_OUTDATED',
  detail: 'A later comparison took the place of this one, or it was carried out. Start a new comparison.',
};

/**
 * What a job was for may be gone or settled by a later one; then its record stays as it is. All other types read today's
 * truth for each of their subjects and can always be tried again.
 */
export function createSuperseded(deps: SupersededDeps): (job: Job) => Promise<Refusal | null> {
  return async (job) => {
    if (job.taskType === 'competitor_import') {
      const { importId } = PAYLOAD_SCHEMAS.competitor_import.parse(job.payload);
      return (await deps.uploadKept(importId)) ? null : FILE_GONE;
    }
    if (job.taskType === 'roster_reconcile') {
      const { planId: confirmedPlan } = PAYLOAD_SCHEMAS.roster_reconcile.parse(job.payload);
      const planId = confirmedPlan ?? planIdOf(job.id);
      const [plan, latest] = await Promise.all([deps.plans.byId(planId), deps.plans.latest()]);
      // A comparison that drew no plan is outdated only by a later one's, which the worker finds out by its time.
      if (plan === undefined) return confirmedPlan === undefined ? null : PLAN_OUTDATED;
      if (latest?.planId !== planId) return PLAN_OUTDATED;
      const done =
        confirmedPlan === undefined ? plan.confirmed !== null : plan.confirmed?.carriedOutAt !== null;
      return done ? PLAN_OUTDATED : null;
    }
    return null;
  };
}
