import type { EditTimesView } from '../contract.ts';

/**
 * How long roster edits take, as a histogram a month: buckets can be added up over months and workers, and a
 * percentile read from them is at most one bucket off.
 */

/** Upper bounds in seconds, the last one open. */
const EDIT_TIME_BOUNDS = [1, 2, 3, 5, 8, 12, 20, 30, 45, 60, 120, 300, 900, 3_600] as const;

/** The counter of this duration: `le5` for up to five seconds, `more` beyond the last bound. */
export function editTimeBucket(seconds: number): string {
  const bound = EDIT_TIME_BOUNDS.find((limit) => seconds <= limit);
  return bound === undefined ? 'more' : `le${bound}`;
}

/** How many edits fell into each bucket, by the names of {@link editTimeBucket}; a bucket without any may be missing. */
export type EditTimeCounts = Readonly<Record<string, number>>;

const PROMISE_SECONDS = 60;

const countOf = (counts: EditTimeCounts, bucket: string): number => counts[bucket] ?? 0;

const totalOf = (counts: EditTimeCounts): number =>
  EDIT_TIME_BOUNDS.reduce((sum, bound) => sum + countOf(counts, `le${bound}`), countOf(counts, 'more'));

/**
 * The percentile by nearest rank, as the upper bound in seconds of the bucket it lies in; null beyond the last bound,
 * and when there were no edits. `share`: 0.99 for the 99th.
 */
export function editTimePercentile(counts: EditTimeCounts, share: number): number | null {
  const rank = Math.max(1, Math.ceil(share * totalOf(counts)));
  let seen = 0;
  for (const bound of EDIT_TIME_BOUNDS) {
    seen += countOf(counts, `le${bound}`);
    if (seen >= rank) return bound;
  }
  return null;
}

/** A month as the API shows it. */
export function editTimesOfMonth(month: string, counts: EditTimeCounts): EditTimesView['months'][number] {
  const edits = totalOf(counts);
  const within = EDIT_TIME_BOUNDS.filter((bound) => bound <= PROMISE_SECONDS).reduce(
    (sum, bound) => sum + countOf(counts, `le${bound}`),
    0,
  );
  return {
    month,
    edits,
    p50: editTimePercentile(counts, 0.5),
    p95: editTimePercentile(counts, 0.95),
    p99: editTimePercentile(counts, 0.99),
    withinPromise: edits === 0 ? 1 : within / edits,
  };
}

/** `YYYY-MM`, UTC. */
export const editTimeMonth = (at: Date): string => at.toISOString().slice(0, 7);
