import type { Clock } from '#shared/kernel/clock.ts';
import type { Job, JobPart } from './job.ts';
import { sendOrLeave, type SendOrLeaveDeps } from './send-or-leave.ts';

export interface ReopenPartsDeps extends SendOrLeaveDeps {
  readonly jobs: SendOrLeaveDeps['jobs'] & {
    readonly partsOf: (jobId: string) => AsyncIterable<JobPart>;
    readonly reopenPart: (job: Job, part: JobPart, sentAt: string | null) => Promise<JobPart | undefined>;
    readonly endReopen: (job: Job) => Promise<void>;
  };
  readonly now: Clock;
}

/** Kept back for the last wake-up messages. */
const RESERVE_MS = 3_000;
/** Wake-up messages in one call to SQS. */
const SENT_AT_ONCE = 10;

/** Whether the job's present attempt has to open this part; each part once an attempt. */
export const opensAgain = (
  job: Pick<Job, 'attempts'>,
  part: Pick<JobPart, 'status' | 'reopenedFor'>,
): boolean =>
  (part.status === 'failed' || part.status === 'cancelled') && (part.reopenedFor ?? 0) < job.attempts;

/**
 * Goes on with a retry: opens the failed and canceled parts again and sends a wake-up message for each (`paused`: none; the
 * dispatcher sends them later). Any number at once, cut short anywhere and called again: each part is opened once, and
 * the job can end only after the last one is. True when all of them are open.
 */
export async function reopenParts(
  deps: ReopenPartsDeps,
  job: Job,
  { paused, remainingMs }: { readonly paused: boolean; readonly remainingMs: () => number },
): Promise<boolean> {
  let unsent: JobPart[] = [];
  const flush = async () => {
    const parts = unsent;
    unsent = [];
    if (parts.length > 0) await sendOrLeave(deps, parts);
  };
  for await (const part of deps.jobs.partsOf(job.id)) {
    if (remainingMs() < RESERVE_MS) {
      await flush();
      return false;
    }
    if (!opensAgain(job, part)) continue;
    const open = await deps.jobs.reopenPart(job, part, paused ? null : deps.now().toISOString());
    if (open !== undefined && !paused) unsent.push(open);
    if (unsent.length >= SENT_AT_ONCE) await flush();
  }
  await deps.jobs.endReopen(job);
  await flush();
  return true;
}
