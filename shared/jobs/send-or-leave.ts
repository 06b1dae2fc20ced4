import type { Log } from '#shared/kernel/log.ts';
import type { JobPart } from './job.ts';
import type { DelayOf, SendWakeUps } from './queue-sender.ts';

export interface SendOrLeaveDeps {
  readonly sendWakeUps: SendWakeUps;
  readonly jobs: { readonly markSent: (part: JobPart, sentAt: string | null) => Promise<boolean> };
  readonly log: Log;
}

/** Parts whose wake-up message could not be sent are left to the dispatcher's next round. */
export async function sendOrLeave(
  deps: SendOrLeaveDeps,
  parts: readonly JobPart[],
  delayOf?: DelayOf,
): Promise<void> {
  try {
    await deps.sendWakeUps(parts, delayOf);
  } catch (error) {
    deps.log.warn('wake-up messages not sent', { parts: parts.length }, error);
    for (const part of parts) await deps.jobs.markSent(part, null);
  }
}
