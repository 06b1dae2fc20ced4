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
