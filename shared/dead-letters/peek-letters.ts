import type { QueueName } from '#shared/jobs/task-definition.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { Log } from '#shared/kernel/log.ts';
import type { DeadLetters } from './contract.ts';
import type { DeadLetterBox } from './dead-letter-box.ts';
import { aboutOf, type DeadLetter } from './dead-letter.ts';
import { groupLetters, type JudgedLetter } from './group-letters.ts';
import type { ReadFacts } from './letter-facts.ts';
import { walkLetters } from './walk-letters.ts';

export interface PeekDeps {
  readonly box: DeadLetterBox;
  readonly readFacts: () => ReadFacts;
  readonly now: Clock;
}

/** Letters of one answer: their records are read in about a second. */
const MOST_LETTERS = 200;
const MOST_MS = 6_000;
/** Well beyond the walk; what a walk that died had in hand is back after this. */
const HIDE_SECONDS = 20;
const FACTS_AT_ONCE = 10;

/** Looks at the dead letters of a queue and puts every one back before their records are read. */
export function createPeekLetters(deps: PeekDeps): (queue: QueueName, log: Log) => Promise<DeadLetters> {
  return async (queue, log) => {
    const begun = deps.now();
    const letters: DeadLetter[] = [];
    const complete = await walkLetters(
      {
        box: deps.box,
        queue,
        hideSeconds: HIDE_SECONDS,
        over: () => letters.length >= MOST_LETTERS || deps.now().getTime() - begun.getTime() > MOST_MS,
        log,
      },
      (letter) => {
        letters.push(letter);
        return Promise.resolve('keep');
      },
    );
    const readFacts = deps.readFacts();
    const judged: JudgedLetter[] = [];
    for (let from = 0; from < letters.length; from += FACTS_AT_ONCE) {
      const batch = letters.slice(from, from + FACTS_AT_ONCE);
      judged.push(
        ...(await Promise.all(
          batch.map(async (letter) => ({ letter, facts: await readFacts(aboutOf(letter)) })),
        )),
      );
    }
    return {
      queue,
      asOf: begun.toISOString(),
      looked: letters.length,
      complete,
      items: groupLetters(judged),
      nextCursor: null,
    };
  };
}
