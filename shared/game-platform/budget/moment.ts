import { dayOf, hourOf } from '#shared/kernel/days.ts';
import type { Moment } from './lease-slots.ts';

const HOUR_MS = 3_600_000;

/** First instant of the day after, in ms since 1970; days have 23 to 25 hours. */
function endOfDay(now: number, day: string, timeZone: string): number {
  const isLater = (ms: number): boolean => dayOf(new Date(ms).toISOString(), timeZone) !== day;
  let today = now;
  let later = now + HOUR_MS;
  while (!isLater(later)) {
    today = later;
    later += HOUR_MS;
  }
  while (later - today > 1) {
    const middle = Math.floor((today + later) / 2);
    if (isLater(middle)) later = middle;
    else today = middle;
  }
  return later;
}

/**
 * Moments in the program's time zone. Its days are the budget's days: they end at night, when nobody waits for a
 * score, and are the days that everything else on the site is told in.
 */
export function createMoments(timeZone: string, random: () => number = Math.random): (now: Date) => Moment {
  let known: { readonly day: string; readonly ends: number } | undefined;
  return (at) => {
    const now = at.getTime();
    const day = dayOf(at.toISOString(), timeZone);
    known = known?.day === day ? known : { day, ends: endOfDay(now, day, timeZone) };
    return { now, day, hour: hourOf(at, timeZone), dayEnds: known.ends, random: random() };
  };
}
