import type { DeadLetterGroup, DeadLetterState } from './contract.ts';
import { aboutOf, jobIdOf, type About, type DeadLetter } from './dead-letter.ts';
import { causeOf, classify, type Facts, type Classification } from './classify-message.ts';

export interface ClassifiedMessage {
  readonly message: DeadLetter;
  readonly facts: Facts;
}

/** So many messages and jobs of a group are told. */
const MESSAGES_SHOWN = 20;
const JOBS_SHOWN = 100;

const STATES: Readonly<Record<Classification['kind'], DeadLetterState>> = {
  superseded: 'superseded',
  reopen: 'needed',
  wake_up: 'needed',
  start: 'needed',
  wait: 'later',
  unknown: 'unknown',
};

const messageOf = (about: About): DeadLetterGroup['letters'][number]['message'] =>
  Object.fromEntries(
    Object.entries(about).filter(([, value]) => typeof value === 'string' || typeof value === 'number'),
  );

/** Messages by cause, those with most messages first; of each group the oldest messages. */
export function groupMessages(letters: readonly ClassifiedMessage[]): DeadLetterGroup[] {
  const classified = letters
    .map(({ message, facts }) => {
      const about = aboutOf(message);
      return { message, about, cause: causeOf(about, facts), classification: classify(about, facts) };
    })
    .toSorted((a, b) => (a.message.sentAt < b.message.sentAt ? -1 : 1));
  return [...Map.groupBy(classified, ({ cause }) => cause.id).values()]
    .flatMap((group): DeadLetterGroup[] => {
      const [first] = group;
      const last = group.at(-1);
      if (first === undefined || last === undefined) return [];
      const { id, kind, taskType, title } = first.cause;
      const states = { needed: 0, superseded: 0, later: 0, unknown: 0 };
      for (const { classification } of group) states[STATES[classification.kind]] += 1;
      const jobIds = new Set(group.flatMap(({ about }) => jobIdOf(about) ?? []));
      return [
        {
          cause: id,
          kind,
          taskType,
          title,
          count: group.length,
          states,
          oldestSentAt: first.message.sentAt,
          newestSentAt: last.message.sentAt,
          jobIds: [...jobIds].slice(0, JOBS_SHOWN),
          letters: group.slice(0, MESSAGES_SHOWN).map(({ message, about, classification }) => ({
            id: message.id,
            source: message.source,
            sentAt: message.sentAt,
            message: messageOf(about),
            state: STATES[classification.kind],
            why: classification.kind === 'superseded' ? classification.why : null,
          })),
        },
      ];
    })
    .toSorted((a, b) => b.count - a.count || (a.cause < b.cause ? -1 : 1));
}
