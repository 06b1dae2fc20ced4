import { addDays, countDays } from '#shared/kernel/days.ts';

/** Days in a row with a solve that make a streak. */
export const STREAK_DAYS = 3;

/** Days in a row, `YYYY-MM-DD`, with the first and the last. */
export interface DayRun {
  readonly from: string;
  readonly to: string;
  readonly days: number;
}

/** The runs of days in a row, oldest first. `days` are distinct, in any order. */
export function runsOf(days: Iterable<string>): DayRun[] {
  const runs: DayRun[] = [];
  for (const day of [...days].toSorted()) {
    const last = runs.at(-1);
    if (last !== undefined && addDays(last.to, 1) === day)
      runs[runs.length - 1] = { from: last.from, to: day, days: countDays(last.from, day) };
    else runs.push({ from: day, to: day, days: 1 });
  }
  return runs;
}
