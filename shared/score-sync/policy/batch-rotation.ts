import * as z from 'zod';
import { byId, ROUND_SECONDS, URGENCY, type ReadPolicy } from './read-policy.ts';

function wholeNumber(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`${name} must be a whole number of at least ${least}, not ${value}.`);
  }
}

/**
 * Batches that a rotation through everyone takes.
 * @throws RangeError when a number is not whole, the total is below 0 or the batch size below 1
 */
export function totalBatches(totalCompetitors: number, batchSize: number): number {
  wholeNumber('totalCompetitors', totalCompetitors, 0);
  wholeNumber('batchSize', batchSize, 1);
  return Math.ceil(totalCompetitors / batchSize);
}

/**
 * Where a batch, counted from 0, begins in a list, and how many are in it; the last one may be short, and one beyond
 * the end is empty.
 * @throws RangeError as {@link totalBatches}, and when the batch is below 0
 */
export function calculateBatchBounds(
  totalCompetitors: number,
  batchSize: number,
  currentBatch: number,
): { readonly offset: number; readonly limit: number } {
  const batches = totalBatches(totalCompetitors, batchSize);
  wholeNumber('currentBatch', currentBatch, 0);
  if (currentBatch >= batches) return { offset: totalCompetitors, limit: 0 };
  const offset = currentBatch * batchSize;
  return { offset, limit: Math.min(batchSize, totalCompetitors - offset) };
}

/**
 * A rotation goes through the competitors in the order of their ids and remembers the last id, not a position: a competitor
 * that joins or leaves meanwhile moves no other into or out of a batch. One that joins behind the cursor is read first in
 * the next rotation.
 */
export const rotationSchema = z.object({
  /** Batches done in this rotation. */
  batch: z.int().nonnegative(),
  /** The last id of the last batch; null: the rotation begins. */
  after: z.string().nullable(),
});
export type Rotation = z.infer<typeof rotationSchema>;

export const FIRST_ROTATION: Rotation = { batch: 0, after: null };

export interface Batch {
  readonly ids: readonly string[];
  /** From 0. */
  readonly number: number;
  /** As many as the rotation would take with today's competitors. */
  readonly total: number;
  /** Whether this batch ends the rotation. */
  readonly last: boolean;
  /** To be kept once the batch has been handed over. */
  readonly next: Rotation;
}

/** First index whose id is greater; `ids` ascend by code units. */
function firstAfter(ids: readonly string[], id: string): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const found = ids[middle];
    if (found !== undefined && found <= id) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The next batch. A rotation whose remaining competitors have all left restarts at once.
 * @param ids everyone's ids, each once, ascending by code units
 * @throws RangeError for a batch size that is no whole number of at least 1
 */
export function nextBatch(ids: readonly string[], batchSize: number, rotation: Rotation): Batch {
  const total = totalBatches(ids.length, batchSize);
  const from = rotation.after === null ? 0 : firstAfter(ids, rotation.after);
  const begins = from >= ids.length;
  const number = begins ? 0 : rotation.batch;
  const offset = begins ? 0 : from;
  const batch = ids.slice(offset, offset + batchSize);
  const last = offset + batch.length >= ids.length;
  return {
    ids: batch,
    number,
    total,
    last,
    next: last ? FIRST_ROTATION : { batch: number + 1, after: batch.at(-1) ?? null },
  };
}

/**
 * The batch as it was taken: everyone behind the cursor, up to its last one. One that ends before the cursor was the
 * first of a rotation that restarted.
 */
function sameBatch(ids: readonly string[], { after }: Rotation, through: string | null): string[] {
  const from = after !== null && through !== null && through > after ? after : null;
  return ids.filter((id) => through !== null && (from === null || id > from) && id <= through);
}

const DAY = 86_400;

/** Reads a day of so many people in rotation: a batch each round, all of them at most. */
export const rotationDailyReads = (people: number, batchSize: number): number =>
  (Math.min(batchSize, people) * DAY) / ROUND_SECONDS;

/** Two calls each at most, so that the whole batch fits into the round: whom a cut left out would be skipped. */
export const batchWithin = (batchSize: number, calls: number): number =>
  Math.max(1, Math.min(batchSize, Math.floor(calls / 2)));

/** The rotation's next batch, whatever is known of its competitors. */
export const rotationPolicy = (batchSize: number): ReadPolicy => ({
  name: 'rotation',

  dailyReads: (candidates) => rotationDailyReads(candidates.length, batchSize),

  choose(candidates, { memory: { rotation }, batch, calls, taken }) {
    const sorted = candidates.toSorted(byId);
    const ids = sorted.map(({ id }) => id);
    const callsOf = new Map(sorted.map((one) => [one.id, one.calls]));
    const readsOf = (some: readonly string[]) =>
      some
        .filter((id) => !taken.has(id))
        .map((id) => ({ id, reason: 'rotation', urgency: URGENCY.rotation, calls: callsOf.get(id) ?? 2 }));
    if (batch !== undefined) {
      const { through } = batch;
      return { reads: readsOf(sameBatch(ids, rotation, through)), memory: { through, rotation } };
    }
    const next = nextBatch(ids, batchWithin(batchSize, calls), rotation);
    return {
      reads: readsOf(next.ids),
      memory: { through: next.ids.at(-1) ?? null, rotation: next.next },
    };
  },
});
