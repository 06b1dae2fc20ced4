import type { Actor } from '#shared/audit/actor.ts';
import type { AuditEntry } from '#shared/audit/audit-entry.ts';
import type { Job } from '#shared/jobs/job.ts';
import { newJob } from '#shared/jobs/start-job.ts';
import type { QueueName } from '#shared/jobs/task-definition.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import type { Redrive } from './contract.ts';

export interface StartRedriveDeps {
  /** Both or neither; false when the job is there already. */
  readonly create: (job: Job, audit: AuditEntry) => Promise<boolean>;
  readonly now: Clock;
  readonly newId: NewId;
}

/** What an audit entry tells of which messages were meant. */
export const choiceDetails = (choice: {
  readonly jobIds?: readonly string[] | undefined;
  readonly cause?: string | undefined;
  readonly all?: boolean | undefined;
}): AuditEntry['details'] => ({
  ...(choice.jobIds === undefined ? {} : { jobIds: [...choice.jobIds] }),
  ...(choice.cause === undefined ? {} : { cause: choice.cause }),
  ...(choice.all === true ? { choice: 'all' } : {}),
});

/** Makes the job that redrives the chosen messages, with its audit entry; answers its id. */
export function createStartRedrive(
  deps: StartRedriveDeps,
): (
  queue: QueueName,
  redrive: Redrive,
  actor: Actor & { readonly idempotencyId: string | undefined },
) => Promise<string> {
  return async (queue, redrive, actor) => {
    const now = deps.now();
    const jobId = actor.idempotencyId === undefined ? deps.newId('job') : `job_${actor.idempotencyId}`;
    const input = {
      taskType: 'dead_letter_redrive',
      payload: { queue, ...redrive },
      startedBy: `user:${actor.sub}`,
      actingAs: actor.actingAs,
    } as const;
    await deps.create(newJob(jobId, input, now), {
      id: deps.newId('aud'),
      at: now.toISOString(),
      actor: actor.sub,
      actingAs: actor.actingAs,
      action: 'queue.redrive',
      subject: queue,
      coachId: null,
      requestId: actor.requestId,
      details: {
        jobId,
        ...choiceDetails(redrive),
        ...(redrive.trial ? { trial: 'yes' } : {}),
        maxPerSecond: redrive.maxPerSecond,
      },
    });
    return jobId;
  };
}
