import { finishJobIfDone } from './finish-job.ts';
import type { Job, JobPart } from './job.ts';
import { planJob, type PlanJobDeps } from './plan-job.ts';
import { sendOrLeave } from './send-or-leave.ts';

/**
 * A wake-up message that nobody took is sent again after this long. The queue may merely be long, so this is well beyond
 * the usual wait; a second message for a part costs one read.
 */
const RESEND_AFTER_MS = 10 * 60 * 1000;
/** A job that cannot be planned for this long is given up, so that it does not stand in the way of the next. */
const PLAN_GIVE_UP_MS = 30 * 60 * 1000;
const RESERVE_MS = 3_000;

export interface DispatchDeps extends PlanJobDeps {
  readonly jobs: PlanJobDeps['jobs'] & {
    readonly inState: (state: 'pending' | 'running') => AsyncIterable<Job>;
  };
}

/** Whether a pending part needs a wake-up message: none was sent, nobody took the last one, or its worker died. */
export function wakeUpDue(part: JobPart, now: Date): boolean {
  if (part.status !== 'pending') return false;
  const at = now.getTime();
  if (part.claimedUntil !== null && Date.parse(part.claimedUntil) > at) return false;
  if (part.sentAt === null) return true;
  if (part.claimedUntil !== null && part.sentAt < part.claimedUntil) return true;
  return at - Date.parse(part.sentAt) >= RESEND_AFTER_MS;
}

async function sendDue(deps: DispatchDeps, jobId: string, remainingMs: () => number): Promise<void> {
  const sentAt = deps.now().toISOString();
  for await (const part of deps.jobs.partsOf(jobId)) {
    if (remainingMs() < RESERVE_MS) return;
    // Marked first: two dispatchers at once send one message, and a crash in between is found by the next round.
    if (!wakeUpDue(part, deps.now()) || !(await deps.jobs.markSent(part, sentAt))) continue;
    await sendOrLeave(deps, [{ ...part, sentAt }]);
  }
}

/**
 * Every minute: what the table says is to be done and nobody does, is asked for again. Plans pending and half-planned
 * jobs, sends missing wake-up messages (none while processing is paused), ends jobs whose last part is closed. One job's trouble
 * does not stop the others.
 */
export async function dispatchDue(deps: DispatchDeps, remainingMs: () => number): Promise<void> {
  const careFor = async (job: Job) => {
    try {
      if (!job.planned || job.reopening === true) await planJob(deps, job.id, remainingMs);
      else if ((await deps.suspension(job.taskType)) === null) await sendDue(deps, job.id, remainingMs);
      if (job.planned) await finishJobIfDone(deps, job.id);
    } catch (error) {
      deps.log.error('job not dispatched', { jobId: job.id, taskType: job.taskType }, error);
      // Not from its making: it may have waited long before anybody tried.
      const begun = job.startedAt === null ? Infinity : Date.parse(job.startedAt);
      if (job.planned || deps.now().getTime() - begun <= PLAN_GIVE_UP_MS) return;
      const reason = 'The job could not be divided into parts. The log names the cause under this job.';
      if (await deps.jobs.fail(job, reason, deps.now().toISOString())) {
        deps.onFinished({ ...job, status: 'failed', error: reason });
      }
    }
  };
  for (const state of ['running', 'pending'] as const) {
    for await (const job of deps.jobs.inState(state)) {
      if (remainingMs() < RESERVE_MS) return;
      await careFor(job);
    }
  }
}
