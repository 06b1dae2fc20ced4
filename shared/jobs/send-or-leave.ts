import type { Log } from '#shared/kernel/log.ts';
import type { SendHints } from './hints.ts';
import type { JobPart } from './job.ts';

export interface SendOrLeaveDeps {
  readonly sendHints: SendHints;
  readonly jobs: { readonly markSent: (part: JobPart, sentAt: string | null) => Promise<boolean> };
  readonly log: Log;
}

/** Parts whose hint could not be sent are left to the dispatcher's next round. */
export async function sendOrLeave(deps: SendOrLeaveDeps, parts: readonly JobPart[]): Promise<void> {
  try {
    await deps.sendHints(parts);
  } catch (error) {
    deps.log.warn('hints not sent', { parts: parts.length }, error);
    for (const part of parts) await deps.jobs.markSent(part, null);
  }
}
