import type { Actor } from '#shared/audit/actor.ts';
import type { AuditEntry } from '#shared/audit/audit-entry.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import { jobAudit } from './job-audit.ts';
import type { Job } from './job.ts';

export interface ReopenJobDeps {
  /** Consistent. */
  readonly jobById: (jobId: string) => Promise<Job | undefined>;
  /** All or nothing; false when the job is not in that attempt or state any more. */
  readonly reopen: (job: Job, at: string, audit: AuditEntry) => Promise<boolean>;
  /** Why the job has nothing left to do that would be right today; null: nothing stands against it. */
  readonly superseded: (job: Job) => Promise<Refusal | null>;
  readonly now: Clock;
  readonly newId: NewId;
}

/** Why a job is not touched: a stable code, and a sentence for a person. */
export interface Refusal {
  readonly code: string;
  readonly detail: string;
}

export type ReopenOutcome =
  /** `job`: as it was before. It is at work again once its parts are open; ask for it to be planned soon. */
  | { readonly kind: 'reopened'; readonly job: Job }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'refused'; readonly job: Job; readonly refusal: Refusal };

const UNDER_WAY: Refusal = {
  code: 'JOB_UNDER_WAY',
  detail: 'This job is under way. Wait for its end, or cancel it first.',
};
const SUCCEEDED: Refusal = {
  code: 'JOB_SUCCEEDED',
  detail: 'This job ended well; there is nothing to try again. Start a new one.',
};
const ARCHIVED: Refusal = {
  code: 'JOB_ARCHIVED',
  detail: 'This job ended long ago and is kept only to be looked at. Start a new one.',
};

/** Why a job in this state cannot be tried again; null: it can. */
export function retryRefusal(job: Pick<Job, 'status' | 'archivedAt'>): Refusal | null {
  if (job.status === 'pending' || job.status === 'running') return UNDER_WAY;
  if (job.status === 'succeeded') return SUCCEEDED;
  return job.archivedAt === undefined ? null : ARCHIVED;
}

/**
 * Has a failed or canceled job tried again in its own record: the next attempt begins, and what failed or was left is
 * done from what the table says today; what succeeded stays. Asked twice, one retry; the other is told that the
 * job is under way. The parts are opened by `reopenParts` when the job is planned: now when asked for with `plan_job`,
 * or by the dispatcher within a minute.
 */
export async function reopenJob(deps: ReopenJobDeps, jobId: string, actor: Actor): Promise<ReopenOutcome> {
  const job = await deps.jobById(jobId);
  if (job === undefined) return { kind: 'not_found' };
  const refusal = retryRefusal(job) ?? (await deps.superseded(job));
  if (refusal !== null) return { kind: 'refused', job, refusal };
  const at = deps.now().toISOString();
  if (await deps.reopen(job, at, jobAudit('job.retry', job, actor, deps))) return { kind: 'reopened', job };
  const now = await deps.jobById(jobId);
  if (now === undefined) return { kind: 'not_found' };
  return { kind: 'refused', job: now, refusal: retryRefusal(now) ?? UNDER_WAY };
}
