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

/** `YYYY-MM`, UTC. */
export const editTimeMonth = (at: Date): string => at.toISOString().slice(0, 7);
