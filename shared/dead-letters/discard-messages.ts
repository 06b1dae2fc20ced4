import type { Actor } from '#shared/audit/actor.ts';
import type { AuditEntry } from '#shared/audit/audit-entry.ts';
import type { QueueName } from '#shared/jobs/task-definition.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import type { Log } from '#shared/kernel/log.ts';
import { isChosen } from './classify-message.ts';
import type { Discard, Discarded } from './contract.ts';
import type { DeadLetterQueues } from './dead-letter-queues.ts';
import { aboutOf } from './dead-letter.ts';
import type { ReadFacts } from './message-facts.ts';
import { choiceDetails } from './start-redrive.ts';
import { scanMessages } from './scan-messages.ts';

export interface DiscardDeps {
  readonly queues: DeadLetterQueues;
  readonly readFacts: () => ReadFacts;
  /** Puts down on a job that failed who discarded it and why; false when it did not fail, or says so already. */
  readonly markDiscarded: (
    jobId: string,
    mark: { readonly by: string; readonly reason: string; readonly at: string },
  ) => Promise<boolean>;
  readonly audit: (entry: AuditEntry) => Promise<void>;
  readonly now: Clock;
  readonly newId: NewId;
}

const MARGIN_MS = 6_000;
const HIDE_MARGIN_SECONDS = 5;
const JOBS_TOLD = 100;

/**
 * Takes the chosen messages away for good. The audit entry comes first, then each job's record, then its message, so
 * that nothing is gone of which nobody knows who took it.
 */
export function createDiscardMessages(
  deps: DiscardDeps,
): (
  queue: QueueName,
  discard: Discard,
  actor: Actor,
  remainingMs: () => number,
  log: Log,
) => Promise<Discarded> {
  return async (queue, { reason, ...choice }, actor, remainingMs, log) => {
    const at = deps.now().toISOString();
    await deps.audit({
      id: deps.newId('aud'),
      at,
      actor: actor.sub,
      actingAs: actor.actingAs,
      action: 'queue.discard',
      subject: queue,
      coachId: null,
      requestId: actor.requestId,
      details: { ...choiceDetails(choice), reason },
    });
    const readFacts = deps.readFacts();
    const jobIds = new Set<string>();
    let discarded = 0;
    const complete = await scanMessages(
      {
        queues: deps.queues,
        queue,
        hideSeconds: Math.ceil(remainingMs() / 1_000) + HIDE_MARGIN_SECONDS,
        over: () => remainingMs() < MARGIN_MS,
        log,
      },
      async (message) => {
        const facts = await readFacts(aboutOf(message));
        // The mark itself makes a job's other messages superseded, but not chosen any less.
        if (!isChosen(choice, message, facts)) return 'keep';
        const job = facts.kind === 'job' ? facts.job : undefined;
        if (job?.status === 'failed') {
          await deps.markDiscarded(job.id, { by: actor.sub, reason, at });
          jobIds.add(job.id);
        }
        discarded += 1;
        return 'remove';
      },
    );
    return { discarded, jobIds: [...jobIds].slice(0, JOBS_TOLD), complete };
  };
}
