import type { LetterGroup, LetterState } from './contract.ts';
import { aboutOf, jobIdOf, type About, type DeadLetter } from './dead-letter.ts';
import { causeOf, judge, type Facts, type Verdict } from './judge-letter.ts';

export interface JudgedLetter {
  readonly letter: DeadLetter;
  readonly facts: Facts;
}

/** So many letters and jobs of a group are told. */
const LETTERS_SHOWN = 20;
const JOBS_SHOWN = 100;

const STATES: Readonly<Record<Verdict['kind'], LetterState>> = {
  superseded: 'superseded',
  reopen: 'needed',
  hint: 'needed',
  start: 'needed',
  wait: 'later',
  unknown: 'unknown',
};

const messageOf = (about: About): LetterGroup['letters'][number]['message'] =>
  Object.fromEntries(
    Object.entries(about).filter(([, value]) => typeof value === 'string' || typeof value === 'number'),
  );

/** Letters by cause, those with most letters first; of each group the oldest letters. */
export function groupLetters(letters: readonly JudgedLetter[]): LetterGroup[] {
  const judged = letters
    .map(({ letter, facts }) => {
      const about = aboutOf(letter);
      return { letter, about, cause: causeOf(about, facts), verdict: judge(about, facts) };
    })
    .toSorted((a, b) => (a.letter.sentAt < b.letter.sentAt ? -1 : 1));
  return [...Map.groupBy(judged, ({ cause }) => cause.id).values()]
    .flatMap((group): LetterGroup[] => {
      const [first] = group;
      const last = group.at(-1);
      if (first === undefined || last === undefined) return [];
      const { id, kind, taskType, title } = first.cause;
      const states = { needed: 0, superseded: 0, later: 0, unknown: 0 };
      for (const { verdict } of group) states[STATES[verdict.kind]] += 1;
      const jobIds = new Set(group.flatMap(({ about }) => jobIdOf(about) ?? []));
      return [
        {
          cause: id,
          kind,
          taskType,
          title,
          count: group.length,
          states,
          oldestSentAt: first.letter.sentAt,
          newestSentAt: last.letter.sentAt,
          jobIds: [...jobIds].slice(0, JOBS_SHOWN),
          letters: group.slice(0, LETTERS_SHOWN).map(({ letter, about, verdict }) => ({
            id: letter.id,
            source: letter.source,
            sentAt: letter.sentAt,
            message: messageOf(about),
            state: STATES[verdict.kind],
            why: verdict.kind === 'superseded' ? verdict.why : null,
          })),
        },
      ];
    })
    .toSorted((a, b) => b.count - a.count || (a.cause < b.cause ? -1 : 1));
}
