import type { QueueName } from '#shared/jobs/task-definition.ts';
import type { Log } from '#shared/kernel/log.ts';
import type { DeadLetterQueues } from './dead-letter-queues.ts';
import type { DeadLetter } from './dead-letter.ts';
import { SOURCES_OF } from './contract.ts';

/** What becomes of a message that was looked at: `stop` keeps it and ends the scan, `last` removes it and ends it. */
export type ScanOutcome = 'keep' | 'remove' | 'stop' | 'last';

export interface Scan {
  readonly queues: DeadLetterQueues;
  readonly queue: QueueName;
  /** Longer than the scan lasts, so that no message is met twice. */
  readonly hideSeconds: number;
  /** No further message is looked at once this is true. */
  readonly over: () => boolean;
  readonly log: Log;
}

/**
 * Looks at the dead letters of a queue, each once. What is kept becomes visible to others as soon as the scan ends,
 * also when it ends with an error; when the process dies, after `hideSeconds`.
 * @returns true when there were no more messages
 */
export async function scanMessages(
  scan: Scan,
  visit: (message: DeadLetter) => Promise<ScanOutcome>,
): Promise<boolean> {
  const { queues, log } = scan;
  const seen = new Set<string>();
  const kept = new Map<string, DeadLetter>();
  const one = async (message: DeadLetter): Promise<boolean> => {
    seen.add(message.id);
    const fate = await visit(message);
    if (fate === 'remove' || fate === 'last') {
      await queues.remove(message);
      kept.delete(message.id);
    }
    return fate === 'stop' || fate === 'last';
  };
  const all = async (): Promise<boolean> => {
    for (const source of SOURCES_OF[scan.queue]) {
      for (;;) {
        if (scan.over()) return false;
        const received = await queues.receive(source, scan.hideSeconds);
        // The newest receipt is the one that counts.
        for (const message of received) kept.set(message.id, message);
        const fresh = received.filter(({ id }) => !seen.has(id));
        if (fresh.length === 0) break;
        for (const message of fresh) {
          if (scan.over() || (await one(message))) return false;
        }
      }
    }
    return true;
  };
  try {
    return await all();
  } finally {
    await queues.giveBack([...kept.values()]).catch((error: unknown) => {
      log.warn('dead letters come back later', { letters: kept.size }, error);
    });
  }
}
