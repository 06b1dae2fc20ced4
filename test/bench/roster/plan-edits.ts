import type { Random } from '#test/game-platform-simulator/random.ts';
import type { BenchPerson, BenchPopulation } from './population.ts';

/** One edit as the API is asked for it, and what has to be so on the platform afterwards. */
export type PlannedEdit =
  | {
      readonly kind: 'add' | 'move' | 'onboard';
      readonly coachId: string;
      readonly competitorId: string;
      readonly teamId: string;
    }
  | {
      readonly kind: 'remove';
      readonly coachId: string;
      readonly competitorId: string;
      readonly fromTeamId: string;
    }
  | { readonly kind: 'create'; readonly coachId: string };
export type EditKind = PlannedEdit['kind'];

/** Out of a hundred edits; one of the kind may be missing, then it is another one. */
const SHARES: readonly (readonly [EditKind, number])[] = [
  ['add', 35],
  ['move', 25],
  ['remove', 30],
  ['onboard', 5],
  ['create', 5],
];

function draw(random: Random): EditKind {
  let left = random() * 100;
  for (const [kind, share] of SHARES) {
    left -= share;
    if (left < 0) return kind;
  }
  return 'add';
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

const stateOf = ({ hasAccount, teamId }: BenchPerson) =>
  hasAccount ? (teamId === null ? 'free' : 'placed') : 'late';

/**
 * So many edits of different people, and some new teams, in the order in which they are to be asked for; fewer when the
 * people run out. The people given are changed to what is wanted afterwards.
 */
export function planEdits(
  { coachIds, teams, people }: BenchPopulation,
  count: number,
  random: Random,
): PlannedEdit[] {
  const deck = shuffled(people, random);
  const pools = { free: [] as BenchPerson[], placed: [] as BenchPerson[], late: [] as BenchPerson[] };
  for (const person of deck) pools[stateOf(person)].push(person);
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(random() * items.length)];
  const otherTeam = ({ coachId, teamId }: BenchPerson): string =>
    pick((teams.get(coachId) ?? []).filter((id) => id !== teamId)) ?? '';

  const edits: PlannedEdit[] = [];
  while (edits.length < count) {
    const wanted = draw(random);
    if (wanted === 'create') {
      edits.push({ kind: 'create', coachId: pick(coachIds) ?? '' });
      continue;
    }
    const kind = possible(wanted, pools);
    if (kind === undefined) break;
    const person = pools[kind === 'add' ? 'free' : kind === 'onboard' ? 'late' : 'placed'].pop();
    if (person === undefined) break;
    const { id: competitorId, coachId, teamId } = person;
    if (kind === 'remove') {
      edits.push({ kind, coachId, competitorId, fromTeamId: teamId ?? '' });
      person.teamId = null;
    } else {
      const next = kind === 'onboard' ? (teamId ?? '') : otherTeam(person);
      edits.push({ kind, coachId, competitorId, teamId: next });
      person.teamId = next;
      person.hasAccount = true;
    }
  }
  return edits;
}

function possible(
  wanted: Exclude<EditKind, 'create'>,
  pools: Readonly<Record<'free' | 'placed' | 'late', readonly unknown[]>>,
): Exclude<EditKind, 'create'> | undefined {
  const has = { add: pools.free, move: pools.placed, remove: pools.placed, onboard: pools.late };
  return [wanted, 'move' as const, 'add' as const].find((kind) => has[kind].length > 0);
}
