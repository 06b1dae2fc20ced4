/**
 * How much of what could be tried without end is tried: a sample in `npm test`, which somebody waits for, all of it in
 * `npm run test:long`, which sets `TEST_EFFORT=full` and runs the files that import this one.
 */
/** Waits are as long as they are deployed, too; otherwise a test may cut them short. */
export const FULL = process.env['TEST_EFFORT'] === 'full';

/** As many random histories; `PROPERTY_RUNS` draws more, or fewer. */
export const runs = (full: number, sample: number): number =>
  Number(process.env['PROPERTY_RUNS'] ?? (FULL ? full : sample));

/** Of the places where something can be cut short, every so-many-th: all of them, or with `full` every second, say. */
export const everyNth = (sample: number, full = 1): number => (FULL ? full : sample);
