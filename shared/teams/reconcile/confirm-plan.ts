import type { Actor } from '#shared/audit/actor.ts';
import type { AuditEntry } from '#shared/audit/audit-entry.ts';
import type { Job } from '#shared/jobs/job.ts';
import { newJob } from '#shared/jobs/start-job.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { notFound, DomainError } from '#shared/kernel/errors.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import type { PlanConfirmation } from '../contract.ts';
import type { RosterEntry } from '../rosters/roster-entry.ts';
import { rowState } from './roster-plan-to-view.ts';
import { goesOnByItself, inScope, type PlanRow, type RosterPlanRecord } from './roster-plan.ts';

export interface ConfirmPlanDeps {
  /** Consistent, both. */
  readonly byId: (planId: string) => Promise<RosterPlanRecord | undefined>;
  readonly latestId: () => Promise<string | undefined>;
  readonly rowsOf: (plan: RosterPlanRecord) => AsyncIterable<PlanRow>;
  /** Consistent. */
  readonly entriesOf: (ids: readonly string[]) => Promise<ReadonlyMap<string, RosterEntry>>;
  /** All or nothing; false when the plan is not the last one any more, or was confirmed. */
  readonly confirm: (
    planId: string,
    confirmation: {
      readonly at: string;
      readonly by: string;
      readonly reason: string;
      readonly scope: 'safe' | 'all';
    },
    records: { readonly job: Job; readonly audit: AuditEntry },
  ) => Promise<boolean>;
  readonly now: Clock;
  readonly newId: NewId;
}

const outdated = (): DomainError =>
  new DomainError(
    'conflict',
    'PLAN_OUTDATED',
    'This plan was already confirmed, or a newer one replaced it. Load the latest plan.',
  );
const nothing = (): DomainError =>
  new DomainError('conflict', 'NOTHING_TO_CONFIRM', 'Nothing in this plan is waiting for this answer.');
const worldChanged = (): DomainError =>
  new DomainError(
    'conflict',
    'WORLD_CHANGED',
    'Everyone this would affect was edited since the plan was made. Compare again.',
  );
const removalsDiffer = (removals: number): DomainError =>
  new DomainError(
    'invalid',
    'REMOVALS_DIFFER',
    'The number does not match the plan. Look at the plan again.',
    {
      errors: [{ path: 'removals', message: `The plan takes ${removals} off a team.` }],
    },
  );

const ENTRIES_AT_ONCE = 100;

/**
 * Releases a plan, or its safe part, once: writes who did it and why, and the job that carries it out. Answers the
 * job's id.
 * @throws DomainError not_found; conflict `PLAN_OUTDATED`, `NOTHING_TO_CONFIRM`, `WORLD_CHANGED`; invalid `REMOVALS_DIFFER`
 */
export function createConfirmPlan(
  deps: ConfirmPlanDeps,
): (planId: string, confirmation: PlanConfirmation, actor: Actor) => Promise<string> {
  /** Whether anybody of those to be released is still as the plan saw them. */
  async function anyUnchanged(plan: RosterPlanRecord, scope: 'safe' | 'all'): Promise<boolean> {
    let batch: PlanRow[] = [];
    const unchanged = async () => {
      const entries = await deps.entriesOf(batch.map(({ competitorId }) => competitorId));
      const found = batch.some(
        (row) => !['changed', 'done'].includes(rowState(plan, row, entries.get(row.competitorId))),
      );
      batch = [];
      return found;
    };
    for await (const row of deps.rowsOf(plan)) {
      if (!inScope(row, scope) || goesOnByItself(plan, row)) continue;
      batch.push(row);
      if (batch.length >= ENTRIES_AT_ONCE && (await unchanged())) return true;
    }
    return unchanged();
  }

  return async (planId, { scope, reason, removals }, actor) => {
    const [plan, latestId] = await Promise.all([deps.byId(planId), deps.latestId()]);
    if (plan === undefined) throw notFound();
    if (latestId !== planId || plan.confirmed !== null) throw outdated();
    if (plan.confirmable[scope] === 0) throw nothing();
    if (scope === 'all' && removals !== plan.removals) throw removalsDiffer(plan.removals);
    if (!(await anyUnchanged(plan, scope))) throw worldChanged();
    const now = deps.now();
    const at = now.toISOString();
    const jobId = `job_confirm_${planId}`;
    const confirmed = await deps.confirm(
      planId,
      { at, by: actor.sub, reason, scope },
      {
        job: newJob(
          jobId,
          {
            taskType: 'roster_reconcile',
            payload: { dryRun: false, planId },
            startedBy: `user:${actor.sub}`,
            actingAs: actor.actingAs,
          },
          now,
        ),
        audit: {
          id: deps.newId('aud'),
          at,
          actor: actor.sub,
          actingAs: actor.actingAs,
          action: 'roster_plan.confirm',
          subject: planId,
          coachId: null,
          requestId: actor.requestId,
          details: {
            scope,
            reason,
            rows: plan.confirmable[scope],
            ...(scope === 'all' ? { removals: plan.removals } : {}),
          },
        },
      },
    );
    if (!confirmed) throw outdated();
    return jobId;
  };
}
