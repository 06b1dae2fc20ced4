import { isReady, mayBeAdded, type CompetitorRow } from '#shared/competitors/contract.ts';
import { counted } from '#shared/kernel/format.ts';

/** Who of many can be added to the platform, and why the others cannot; pure. */

type BulkFacts = Pick<CompetitorRow, 'active' | 'status'>;
type ReadyFacts = BulkFacts & { readonly gamePlatform: Pick<CompetitorRow['gamePlatform'], 'refusal'> };

/** As many as one request takes. */
export const MOST_AT_ONCE = 500;

/** The row's own way to say whether somebody was refused. */
export const isReadyRow = ({ active, status, gamePlatform: { refusal } }: ReadyFacts): boolean =>
  isReady({ active, status, refusal });

const WHY_NOT = [
  { holds: ({ active }: BulkFacts) => !active, text: 'deactivated' },
  { holds: ({ status }: BulkFacts) => status === 'complete', text: 'on the platform already' },
  { holds: ({ status }: BulkFacts) => status === 'profile', text: 'without a release' },
  { holds: ({ status }: BulkFacts) => status === 'pending', text: 'with an unfinished profile' },
] as const;

export interface LeftOut<T> {
  readonly text: string;
  readonly people: readonly T[];
}

/** Those who can be added, and the others by what stands in the way; each person once. */
export function sortOut<T extends BulkFacts>(people: readonly T[]) {
  const others = Map.groupBy(
    people.filter((one) => !mayBeAdded(one)),
    (one) => WHY_NOT.find(({ holds }) => holds(one))?.text ?? 'not ready',
  );
  const leftOut: LeftOut<T>[] = [...others].map(([text, left]) => ({ text, people: left }));
  return { ready: people.filter(mayBeAdded), leftOut };
}

/** `1 can be added, 2 without a release`. */
export function sortedOutLabel({ ready, leftOut }: ReturnType<typeof sortOut>): string {
  const first = ready.length === 0 ? 'None can be added' : `${ready.length} can be added`;
  return [first, ...leftOut.map(({ text, people }) => `${people.length} ${text}`)].join(', ');
}

/** `Add 3 competitors`. */
export const addLabel = (count: number): string => `Add ${counted(count, 'competitor')}`;

const left = (who: string, how: number): string =>
  how === 0 ? '' : ` ${who} ${how === 1 ? 'is' : 'are'} left out.`;

/** What putting several on a team will do. */
export function putLabel(facts: {
  readonly team: string;
  readonly count: number;
  readonly moves: number;
  readonly inactive: number;
  /** On hold, so put on no team. */
  readonly held?: number;
}): string {
  const { team, count, moves, inactive, held = 0 } = facts;
  const stays =
    left(counted(inactive, 'deactivated competitor'), inactive) +
    left(`${counted(held, 'competitor')} on hold`, held);
  if (count === 0) return `There is no one left to put on ${team}.${stays}`;
  const who = `${counted(count, 'competitor')} ${count === 1 ? 'goes' : 'go'} on ${team}`;
  return moves === 0
    ? `${who}. The platform follows within a minute.${stays}`
    : `${who}, ${moves} from another team. Scores are read before anyone moves.${stays}`;
}
