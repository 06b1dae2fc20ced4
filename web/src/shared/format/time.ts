import { addDays, dayOf } from '#shared/kernel/days.ts';
import { useEffect, useState } from 'react';

/** Times as people read them, in the program's time zone. Every function takes its clock, none reads it. */

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${timeZone} ${JSON.stringify(options)}`;
  let found = formatters.get(key);
  if (found === undefined) {
    found = new Intl.DateTimeFormat('en-GB', { timeZone, ...options });
    formatters.set(key, found);
  }
  return found;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `YYYY-MM-DD` of a moment in `timeZone`. */
export const dayIn = (timeZone: string, at: Date): string => dayOf(at.toISOString(), timeZone);

/** `15:36`. */
export const clockTime = (iso: string, timeZone: string): string =>
  formatter(timeZone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(iso));

/** `27 Oct`, with the year when it is not the present one. */
export function shortDay(iso: string, timeZone: string, now: Date): string {
  const at = new Date(iso);
  const sameYear = dayIn(timeZone, at).slice(0, 4) === dayIn(timeZone, now).slice(0, 4);
  return dayMonth(timeZone, at, !sameYear);
}

/** Day before month, three letters for every month ("Sep", where British English itself would say "Sept"). */
function dayMonth(timeZone: string, at: Date, withYear: boolean): string {
  const month = formatter(timeZone, { month: 'long' }).format(at).slice(0, 3);
  const day = formatter(timeZone, { day: 'numeric' }).format(at);
  return withYear
    ? `${day} ${month} ${formatter(timeZone, { year: 'numeric' }).format(at)}`
    : `${day} ${month}`;
}

/** `2 Sep 2026` of a plain day `YYYY-MM-DD`. */
export const plainDay = (day: string): string => dayMonth('UTC', new Date(`${day}T00:00:00Z`), true);

/** `Today 15:30`, `Yesterday`, `27 Oct`. */
export function nearDay(iso: string, timeZone: string, now: Date): string {
  const day = dayIn(timeZone, new Date(iso));
  const today = dayIn(timeZone, now);
  if (day === today) return `Today ${clockTime(iso, timeZone)}`;
  if (day === addDays(today, -1)) return 'Yesterday';
  return shortDay(iso, timeZone, now);
}

/** `15:36` today, `27 Oct 15:36` on other days. */
export function moment(iso: string, timeZone: string, now: Date): string {
  const time = clockTime(iso, timeZone);
  return dayIn(timeZone, new Date(iso)) === dayIn(timeZone, now)
    ? time
    : `${shortDay(iso, timeZone, now)} ${time}`;
}

/** `just now`, `6 min ago`, `3 h ago`, `2 days ago`. A moment in the future counts as now. */
export function age(iso: string, now: Date): string {
  const elapsed = Math.max(0, now.getTime() - Date.parse(iso));
  if (elapsed < MINUTE) return 'just now';
  if (elapsed < HOUR) return `${Math.floor(elapsed / MINUTE)} min ago`;
  if (elapsed < DAY) return `${Math.floor(elapsed / HOUR)} h ago`;
  const days = Math.floor(elapsed / DAY);
  return days === 1 ? '1 day ago' : `${days} days ago`;
}

/** `340 ms`, `14 s`, `3 min 5 s`, `2 h 4 min`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.max(0, Math.round(milliseconds))} ms`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** The present time, renewed every `everyMs` while the page is visible. */
export function useNow(everyMs = 30_000): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const tick = () => {
      if (document.visibilityState === 'visible') setNow(new Date());
    };
    const timer = setInterval(tick, everyMs);
    document.addEventListener('visibilitychange', tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', tick);
    };
  }, [everyMs]);
  return now;
}
