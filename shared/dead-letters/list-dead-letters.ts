import type { QueueName } from '#shared/jobs/task-definition.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { Log } from '#shared/kernel/log.ts';
import type { DeadLetters } from './contract.ts';
import type { DeadLetterQueues } from './dead-letter-queues.ts';
import { aboutOf, type DeadLetter } from './dead-letter.ts';
import { groupMessages, type ClassifiedMessage } from './group-messages.ts';
import type { ReadFacts } from './message-facts.ts';
import { scanMessages } from './scan-messages.ts';

export interface PeekDeps {
  readonly queues: DeadLetterQueues;
  readonly readFacts: () => ReadFacts;
  readonly now: Clock;
}

/** Messages of one answer: their records are read in about a second. */
const MOST_MESSAGES = 200;
const MOST_MS = 6_000;
/** Well beyond the scan; what a scan that died had in hand is back after this. */
const HIDE_SECONDS = 20;
const FACTS_AT_ONCE = 10;

/** Looks at the dead letters of a queue and puts every one back before their records are read. */
export function createListDeadLetters(deps: PeekDeps): (queue: QueueName, log: Log) => Promise<DeadLetters> {
  return async (queue, log) => {
    const begun = deps.now();
    const letters: DeadLetter[] = [];
    const complete = await scanMessages(
      {
        queues: deps.queues,
        queue,
        hideSeconds: HIDE_SECONDS,
        over: () => letters.length >= MOST_MESSAGES || deps.now().getTime() - begun.getTime() > MOST_MS,
        log,
      },
      (message) => {
        letters.push(message);
        return Promise.resolve('keep');
      },
    );
    const readFacts = deps.readFacts();
    const classified: ClassifiedMessage[] = [];
    for (let from = 0; from < letters.length; from += FACTS_AT_ONCE) {
      const batch = letters.slice(from, from + FACTS_AT_ONCE);
      classified.push(
        ...(await Promise.all(
          batch.map(async (message) => ({ message, facts: await readFacts(aboutOf(message)) })),
        )),
      );
    }
    return {
      queue,
      asOf: begun.toISOString(),
      looked: letters.length,
      complete,
      items: groupMessages(classified),
      nextCursor: null,
    };
  };
}
