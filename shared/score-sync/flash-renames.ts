import type { FlashResult, Solve } from './score-records.ts';
import type { MappedFlash } from './solve-mapping.ts';

type Told = Pick<Solve, 'solveId' | 'solvedAt'>;
const nameOf = ({ solveId, solvedAt }: Told): string => `${solveId}#${solvedAt}`;

/**
 * The events of an answer that are known here under another id, since that follows from their name and start: new id →
 * known id. The platform's own id decides where both have one; else an event that vanished from the answer is the one
 * that has all of its solves, by id and time.
 */
export async function renamesIn(
  mapped: Pick<MappedFlash, 'results' | 'solves'>,
  before: readonly FlashResult[],
  solvesOf: (eventId: string) => Promise<readonly Told[]>,
): Promise<ReadonlyMap<string, string>> {
  const listed = new Set(mapped.results.map(({ eventId }) => eventId));
  const known = new Set(before.map(({ eventId }) => eventId));
  const fresh = mapped.results.filter(({ eventId }) => !known.has(eventId));
  const renames = new Map<string, string>();
  if (fresh.length === 0) return renames;
  for (const gone of before.filter(({ eventId }) => !listed.has(eventId))) {
    const open = fresh.filter(({ eventId }) => !renames.has(eventId));
    const named = open.find(({ platformEventId: id }) => id !== undefined && id === gone.platformEventId);
    const unnamed = open.filter(
      ({ platformEventId: id }) => id === undefined || gone.platformEventId === undefined,
    );
    const solved = named !== undefined || unnamed.length === 0 ? [] : await solvesOf(gone.eventId);
    const same =
      named ??
      unnamed.find(({ eventId }) => {
        const answered = new Set(mapped.solves.filter((solve) => solve.eventId === eventId).map(nameOf));
        return solved.length > 0 && solved.every((solve) => answered.has(nameOf(solve)));
      });
    if (same !== undefined) renames.set(same.eventId, gone.eventId);
  }
  return renames;
}

/** The answer with its renamed events under the ids that are known here. */
export function underKnownIds(mapped: MappedFlash, renames: ReadonlyMap<string, string>): MappedFlash {
  if (renames.size === 0) return mapped;
  const answered = new Map([...renames].map(([fresh, known]) => [known, fresh]));
  const known = <T extends { readonly eventId: string }>(list: readonly T[]): T[] =>
    list.map((one) => Object.assign({}, one, { eventId: renames.get(one.eventId) ?? one.eventId }));
  return {
    solves: known(mapped.solves),
    rejected: known(mapped.rejected),
    oddParts: known(mapped.oddParts),
    results: known(mapped.results),
    events: known(mapped.events),
    listsAllOf: (eventId) => mapped.listsAllOf(answered.get(eventId) ?? eventId),
  };
}
