import * as z from 'zod';

/**
 * When the program's people solve: a weight for each hour of the week in the program's time zone, observed from the
 * times of their solves and forgotten exponentially, so that a new timetable is followed within weeks.
 */

const HOUR = 3600;
const DAY = 24 * HOUR;
export const WEEK = 7 * DAY;
export const WEEK_HOURS = 168;

/** After this long a solve counts half. */
const HALF_LIFE = 6 * WEEK;
/** How many sessions' worth an hour borrows from the same hour of like days, and such an hour from all hours. */
const BORROWED = 6;

const figure = z.number().nonnegative();

export const weeklyRhythmSchema = z.object({
  /** Unix seconds; counts are worth what they were worth then. */
  asOf: figure,
  /** Solves by hour of the week, Monday 00:00 first. */
  hours: z.array(figure).length(WEEK_HOURS),
});
export type WeeklyRhythm = z.infer<typeof weeklyRhythmSchema>;

export const firstRhythm = (now: number): WeeklyRhythm => ({
  asOf: now,
  hours: Array.from({ length: WEEK_HOURS }, () => 0),
});

/** What is left of a count after some seconds. */
export const fade = (seconds: number, halfLife: number): number =>
  seconds <= 0 ? 1 : 2 ** (-seconds / halfLife);

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** The hour of the week, 0 to 167, of a Unix time in a time zone; remembers what it worked out, quarter by quarter. */
export function weekHourIn(timeZone: string): (unix: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: 'numeric',
    hourCycle: 'h23',
  });
  const known = new Map<number, number>();
  return (unix) => {
    const quarter = Math.floor(unix / 900);
    const found = known.get(quarter);
    if (found !== undefined) return found;
    const parts = format.formatToParts(quarter * 900_000);
    const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '';
    const hour = 24 * Math.max(0, DAYS.indexOf(part('weekday'))) + Number(part('hour'));
    if (known.size > 10_000) known.clear();
    known.set(quarter, hour);
    return hour;
  };
}

/** The rhythm after some solves (Unix seconds, ODL only: a Flash CTF says nothing about an ordinary week). */
export function observeRhythm(
  rhythm: WeeklyRhythm,
  now: number,
  solvedAt: readonly number[],
  weekHour: (unix: number) => number,
): WeeklyRhythm {
  const asOf = Math.max(rhythm.asOf, now);
  const kept = fade(asOf - rhythm.asOf, HALF_LIFE);
  const hours = rhythm.hours.map((count) => count * kept);
  for (const at of solvedAt) {
    const hour = weekHour(at);
    hours[hour] = (hours[hour] ?? 0) + fade(asOf - at, HALF_LIFE);
  }
  return { asOf, hours };
}

/** What a count is taken for when `expected` was to be expected, with a gamma prior of shape {@link BORROWED}. */
const shrunk = (count: number, expected: number): number =>
  (expected * (count + BORROWED)) / (expected + BORROWED);

/**
 * The share of a week's solves that falls into each hour; 1 in all. With few solves an hour borrows from the same
 * hour of the other weekdays (or of the weekend), and that one from all hours alike.
 * @param perSession solves in a session: they come together, so that they count as one
 */
export function hourShares(rhythm: WeeklyRhythm, perSession: number): readonly number[] {
  const counts = rhythm.hours.map((count) => count / Math.max(1, perSession));
  const everywhere = (counts.reduce((sum, count) => sum + count, 0) + 1) / WEEK_HOURS;
  const shares = counts.map((count, hour) => {
    const [first, days] = hour < 120 ? [0, 5] : [120, 2];
    let alike = 0;
    for (let day = 0; day < days; day += 1) alike += counts[first + 24 * day + (hour % 24)] ?? 0;
    return shrunk(count, shrunk(alike, days * everywhere) / days);
  });
  const sum = shares.reduce((all, share) => all + share, 0);
  return shares.map((share) => share / sum);
}

/** Steps of the window, in seconds, and how far it reaches back: beyond any gap that the service level allows. */
const STEP = 300;
const STEPS = 288;

/** A week's solves, one in all, as they lie around a moment: what the decisions of one round look up. */
export interface RhythmWindow {
  readonly now: number;
  /** Density per second now, and on average over the next hour. */
  readonly density: number;
  readonly ahead: number;
  /** Share within the last `seconds`; grows evenly beyond a day. */
  within(seconds: number): number;
  /** Density per second `seconds` ago. */
  densityAt(seconds: number): number;
}

export function rhythmWindow(
  shares: readonly number[],
  now: number,
  weekHour: (unix: number) => number,
): RhythmWindow {
  const perSecond = (unix: number): number => (shares[weekHour(unix)] ?? 0) / HOUR;
  const cumulative = new Float64Array(STEPS + 1);
  const densities = new Float64Array(STEPS + 1);
  densities[0] = perSecond(now);
  for (let step = 1; step <= STEPS; step += 1) {
    densities[step] = perSecond(now - step * STEP);
    cumulative[step] = (cumulative[step - 1] ?? 0) + STEP * perSecond(now - (step - 0.5) * STEP);
  }
  const longest = STEPS * STEP;
  const all = cumulative[STEPS] ?? 0;
  let ahead = 0;
  for (let step = 0; step < 12; step += 1) ahead += perSecond(now + (step + 0.5) * STEP) / 12;
  return {
    now,
    density: densities[0] ?? 0,
    ahead,
    within(seconds) {
      if (!(seconds > 0)) return 0;
      if (seconds >= longest) return (all * seconds) / longest;
      const at = seconds / STEP;
      const step = Math.floor(at);
      const low = cumulative[step] ?? 0;
      return low + (at - step) * ((cumulative[step + 1] ?? low) - low);
    },
    densityAt(seconds) {
      return densities[Math.min(STEPS, Math.max(0, Math.floor(seconds / STEP)))] ?? 0;
    },
  };
}
