import type { QueueName } from '#shared/jobs/task-definition.ts';
import type { Log } from '#shared/kernel/log.ts';
import type { DeadLetterBox } from './dead-letter-box.ts';
import type { DeadLetter } from './dead-letter.ts';
import { SOURCES_OF } from './letter-sources.ts';

/** What becomes of a letter that was looked at: `stop` keeps it and ends the walk, `last` removes it and ends it. */
export type LetterFate = 'keep' | 'remove' | 'stop' | 'last';

export interface Walk {
  readonly box: DeadLetterBox;
  readonly queue: QueueName;
  /** Longer than the walk lasts, so that no letter is met twice. */
  readonly hideSeconds: number;
  /** No further letter is looked at once this is true. */
  readonly over: () => boolean;
  readonly log: Log;
}

/**
 * Looks at the dead letters of a queue, each once. What is kept becomes visible to others as soon as the walk ends,
 * also when it ends with an error; when the process dies, after `hideSeconds`.
 * @returns true when there were no more letters
 */
export async function walkLetters(
  walk: Walk,
  visit: (letter: DeadLetter) => Promise<LetterFate>,
): Promise<boolean> {
  const { box, log } = walk;
  const seen = new Set<string>();
  const kept = new Map<string, DeadLetter>();
  const one = async (letter: DeadLetter): Promise<boolean> => {
    seen.add(letter.id);
    const fate = await visit(letter);
    if (fate === 'remove' || fate === 'last') {
      await box.remove(letter);
      kept.delete(letter.id);
    }
    return fate === 'stop' || fate === 'last';
  };
  const all = async (): Promise<boolean> => {
    for (const source of SOURCES_OF[walk.queue]) {
      for (;;) {
        if (walk.over()) return false;
        const received = await box.receive(source, walk.hideSeconds);
        // The newest receipt is the one that counts.
        for (const letter of received) kept.set(letter.id, letter);
        const fresh = received.filter(({ id }) => !seen.has(id));
        if (fresh.length === 0) break;
        for (const letter of fresh) {
          if (walk.over() || (await one(letter))) return false;
        }
      }
    }
    return true;
  };
  try {
    return await all();
  } finally {
    await box.giveBack([...kept.values()]).catch((error: unknown) => {
      log.warn('dead letters come back later', { letters: kept.size }, error);
    });
  }
}
