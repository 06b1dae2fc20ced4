import type { Actor } from '#shared/audit/actor.ts';
import type { AuditEntry } from '#shared/audit/audit-entry.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import type { Job } from './job.ts';

/** Who had what done with a job. */
export const jobAudit = (
  action: 'job.start' | 'job.retry' | 'job.cancel',
  job: Pick<Job, 'id' | 'taskType'>,
  actor: Actor,
  { now, newId }: { readonly now: Clock; readonly newId: NewId },
): AuditEntry => ({
  id: newId('aud'),
  at: now().toISOString(),
  actor: actor.sub,
  actingAs: actor.actingAs,
  action,
  subject: job.id,
  coachId: null,
  requestId: actor.requestId,
  details: { taskType: job.taskType },
});
