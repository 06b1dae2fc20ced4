/** What today's calls will come to. Pure. */

/** Calls of each hour of a day, from midnight on. */
export type HourCalls = readonly number[];

export interface CallForecast {
  /** By midnight, with those made. */
  readonly calls: number;
  /** Still to come in each hour. */
  readonly byHour: HourCalls;
  /** Days that it is based on; 0: today's pace alone. */
  readonly earlierDays: number;
}

const HOURS = 24;
const sum = (calls: HourCalls): number => calls.reduce((total, some) => total + some, 0);
const at = (calls: HourCalls, hour: number): number => calls[hour] ?? 0;

/**
 * The same hours of the days before come again, in step with how today has gone so far; without days before, each hour
 * is like those of today. Never more than may be made.
 *
 * @param hour of the day, with its fraction
 * @param limit calls of a day
 * @returns null while nothing speaks for any number: no day before, and less than an hour of this one
 */
export function callForecast(
  today: HourCalls,
  earlier: readonly HourCalls[],
  hour: number,
  limit: number,
): CallForecast | null {
  const made = sum(today);
  if (earlier.length === 0 && hour < 1) return null;
  const usual = Array.from({ length: HOURS }, (_, each) =>
    earlier.length === 0
      ? made / hour
      : earlier.reduce((total, day) => total + at(day, each), 0) / earlier.length,
  );
  /** Of each hour, the share that is still to come. */
  const ahead = usual.map((calls, each) => calls * Math.min(1, Math.max(0, each + 1 - hour)));
  const passed = sum(usual) - sum(ahead);
  // A morning says little of a day, so that today weighs as much of it as has passed.
  const weight = hour / HOURS;
  const pace = earlier.length === 0 || passed === 0 ? 1 : 1 - weight + weight * (made / passed);
  const left = Math.max(0, limit - made);
  const wanted = sum(ahead) * pace;
  const within = wanted === 0 ? 0 : Math.min(1, left / wanted) * pace;
  const byHour = ahead.map((calls) => Math.round(calls * within));
  return { calls: made + sum(byHour), byHour, earlierDays: earlier.length };
}
