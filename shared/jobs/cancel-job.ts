import type { Actor } from '#shared/audit/actor.ts';
import type { AuditEntry } from '#shared/audit/audit-entry.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import { jobAudit } from './job-audit.ts';
import type { Job } from './job.ts';
import type { Refusal } from './reopen-job.ts';
import type { Tasks } from './task-definition.ts';

export interface CancelJobDeps {
  readonly tasks: Tasks;
  /** Consistent. */
  readonly jobById: (jobId: string) => Promise<Job | undefined>;
  /** All or nothing; false when the job has ended already. */
  readonly cancel: (job: Job, at: string, audit: AuditEntry) => Promise<boolean>;
  readonly now: Clock;
  readonly newId: NewId;
}

export type CancelOutcome =
  | { readonly kind: 'cancelled'; readonly job: Job }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

const OVER: Refusal = {
  code: 'JOB_OVER',
  detail: 'This job has ended; there is nothing left to cancel.',
};

/** Why a job cannot be canceled; null: it can. */
export function cancelRefusal(tasks: Tasks, job: Pick<Job, 'status' | 'taskType'>): Refusal | null {
  if (job.status !== 'pending' && job.status !== 'running') return OVER;
  const detail = tasks[job.taskType]?.notCancellable;
  return detail === undefined ? null : { code: 'JOB_NOT_CANCELLABLE', detail };
}

/**
 * Ends a pending or running job where it stands: parts that nobody began are never begun, one under way stops before
 * its next subject, and what was done stays and is counted.
 */
export async function cancelJob(deps: CancelJobDeps, jobId: string, actor: Actor): Promise<CancelOutcome> {
  const job = await deps.jobById(jobId);
  if (job === undefined) return { kind: 'not_found' };
  const refusal = cancelRefusal(deps.tasks, job);
  if (refusal !== null) return { kind: 'refused', refusal };
  const at = deps.now().toISOString();
  if (!(await deps.cancel(job, at, jobAudit('job.cancel', job, actor, deps))))
    return { kind: 'refused', refusal: OVER };
  return {
    kind: 'cancelled',
    job: (await deps.jobById(jobId)) ?? { ...job, status: 'cancelled', finishedAt: at },
  };
}
