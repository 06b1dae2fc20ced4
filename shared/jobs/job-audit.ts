import type { Actor } from '#shared/audit/actor.ts';
import type { AuditEntry } from '#shared/audit/audit-entry.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import type { Job } from './job.ts';

/** What a job is started for, where that is more than the job itself. */
export interface JobAbout {
  /** @default job.start */
  readonly action?: string;
  /** @default the job's id */
  readonly subject?: string;
  /** The coach whose people or teams it is about; null: those of several. */
  readonly coachId: string | null;
}

/** Who had what done with a job. */
export const jobAudit = (
  action: string,
  job: Pick<Job, 'id' | 'taskType'>,
  actor: Actor,
  { now, newId }: { readonly now: Clock; readonly newId: NewId },
  { subject = job.id, coachId }: JobAbout = { coachId: null },
): AuditEntry => ({
  id: newId('aud'),
  at: now().toISOString(),
  actor: actor.sub,
  actingAs: actor.actingAs,
  action,
  subject,
  coachId,
  requestId: actor.requestId,
  details: { taskType: job.taskType, ...(subject === job.id ? {} : { jobId: job.id }) },
});

/** Under whom the audit has what a job does: who started it, or `schedule:<name>`. */
export const actorOfJob = ({
  id,
  startedBy,
  actingAs = null,
}: Pick<Job, 'id' | 'startedBy' | 'actingAs'>): Actor => ({
  sub: startedBy.replace(/^user:/, ''),
  actingAs,
  requestId: id,
});
