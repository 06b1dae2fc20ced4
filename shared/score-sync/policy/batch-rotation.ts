import * as z from 'zod';

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
 * Where a batch, counted from 0, begins in a list, and how many it holds; the last one may be short, and one beyond
 * the end holds nobody.
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
 * A rotation goes through the competitors in the order of their ids and remembers the last id, not a position: whoever
 * joins or leaves meanwhile moves nobody else into or out of a batch. Who joins behind the cursor is read first in the
 * next rotation.
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
 * The next batch. A rotation whose remaining people have all left begins anew at once.
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
