import { clockOf } from '#shared/kernel/days.ts';
import { OwnError } from '#shared/kernel/errors.ts';
import {
  type CronTimes,
  type DayRule,
  FIRST_YEAR,
  LAST_YEAR,
  parseExpression,
  type Recurrence,
} from './expression.ts';

/**
 * When a schedule fires, by EventBridge Scheduler's rules (User Guide, "Schedule types"). A cron time is a time on the
 * clock of its zone: one that the clock skips in spring does not fire, one that it shows twice in fall fires the first
 * time only. A rate counts real time, whatever the clock does. The preview and the local stack's scheduler both use
 * this. Pure, safe in a browser; times are milliseconds since 1970.
 */

export interface Firing {
  readonly recurrence: Recurrence;
  /** IANA. */
  readonly timeZone: string;
  /** Where a rate begins to count, which is its first firing: "your schedule starts invoking the target immediately". */
  readonly countsFrom: number;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** No zone has moved its clock by more in our time, but for whole days at the date line. */
const LARGEST_SHIFT_MS = 3 * 3_600_000;

/** Names of zones only: `Intl` also takes `+05:00`, which EventBridge Scheduler does not. */
export function isTimeZone(timeZone: string): boolean {
  if (!/^[A-Za-z][\w+/-]{1,49}$/.test(timeZone)) return false;
  try {
    clockOf(0, timeZone);
    return true;
  } catch {
    return false;
  }
}

const offsetAt = (at: number, timeZone: string): number =>
  clockOf(at, timeZone) - Math.floor(at / 1000) * 1000;

/** The first instant at which the clock shows this; undefined when it skips it. */
function instantOf(local: number, timeZone: string): number | undefined {
  const before = offsetAt(local - DAY_MS, timeZone);
  const after = offsetAt(local + DAY_MS, timeZone);
  const fits = (offset: number): boolean => offsetAt(local - offset, timeZone) === offset;
  const offsets = [before, after].filter(fits);
  return offsets.length === 0 ? undefined : local - Math.max(...offsets);
}

/** 1, Sunday, to 7. */
const weekdayOf = (day: Date): number => day.getUTCDay() + 1;
const lastDateOf = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** The date of the working day nearest to a date of this month; undefined when the month has no such date. */
function nearestWorkday(date: number, year: number, month: number): number | undefined {
  const last = lastDateOf(year, month);
  if (date > last) return undefined;
  switch (weekdayOf(new Date(Date.UTC(year, month - 1, date)))) {
    case 7:
      return date === 1 ? 3 : date - 1;
    case 1:
      return date === last ? date - 2 : date + 1;
    default:
      return date;
  }
}

function isDay(days: DayRule, day: Date): boolean {
  const [year, month, date] = [day.getUTCFullYear(), day.getUTCMonth() + 1, day.getUTCDate()];
  switch (days.kind) {
    case 'dates':
      return days.dates.includes(date);
    case 'lastDate':
      return date === lastDateOf(year, month);
    case 'nearestWorkday':
      return date === nearestWorkday(days.date, year, month);
    case 'weekdays':
      return days.weekdays.includes(weekdayOf(day));
    case 'nthWeekday':
      return weekdayOf(day) === days.weekday && Math.ceil(date / 7) === days.nth;
    default:
      return weekdayOf(day) === days.weekday && date + 7 > lastDateOf(year, month);
  }
}

/** Midnights, as if the zone were UTC, of the days that fire: from a day on, in either direction. */
function* firingDays(times: CronTimes, from: number, direction: 1 | -1): Generator<number> {
  const months = new Set(times.months);
  const years = new Set(times.years);
  const day = new Date(from);
  day.setUTCHours(0, 0, 0, 0);
  while (day.getUTCFullYear() <= LAST_YEAR && day.getUTCFullYear() >= FIRST_YEAR) {
    const [year, month] = [day.getUTCFullYear(), day.getUTCMonth()];
    if (!years.has(year)) {
      day.setUTCFullYear(direction === 1 ? year + 1 : year, 0, direction === 1 ? 1 : 0);
    } else if (!months.has(month + 1)) {
      day.setUTCFullYear(year, direction === 1 ? month + 1 : month, direction === 1 ? 1 : 0);
    } else {
      if (isDay(times.days, day)) yield day.getTime();
      day.setUTCDate(day.getUTCDate() + direction);
    }
  }
}

/** The times of a day that fires, as if the zone were UTC. */
const timesOfDay = ({ hours, minutes }: CronTimes, midnight: number): number[] =>
  hours.flatMap((hour) => minutes.map((minute) => midnight + (hour * 60 + minute) * MINUTE_MS));

/** How far a local time may be from an instant's and still be on its other side: nothing, where no clock is moved. */
const slackAt = (at: number, timeZone: string): number =>
  offsetAt(at - 2 * LARGEST_SHIFT_MS, timeZone) === offsetAt(at + 2 * LARGEST_SHIFT_MS, timeZone)
    ? 0
    : LARGEST_SHIFT_MS;

function nextCron(times: CronTimes, timeZone: string, after: number): number | undefined {
  const earliest = clockOf(after, timeZone) - slackAt(after, timeZone);
  for (const midnight of firingDays(times, earliest, 1)) {
    for (const local of timesOfDay(times, midnight)) {
      if (local < earliest) continue;
      const at = instantOf(local, timeZone);
      if (at !== undefined && at > after) return at;
    }
  }
  return undefined;
}

function lastCron(times: CronTimes, timeZone: string, upTo: number, after: number): number | undefined {
  const latest = clockOf(upTo, timeZone) + slackAt(upTo, timeZone);
  const earliest = clockOf(after, timeZone) - LARGEST_SHIFT_MS;
  for (const midnight of firingDays(times, latest, -1)) {
    if (midnight + DAY_MS < earliest) return undefined;
    for (const local of timesOfDay(times, midnight).toReversed()) {
      if (local > latest) continue;
      const at = instantOf(local, timeZone);
      if (at !== undefined && at <= upTo) return at > after ? at : undefined;
    }
  }
  return undefined;
}

/** The first firing after `after`; undefined when there is none. */
export function nextFiring({ recurrence, timeZone, countsFrom }: Firing, after: number): number | undefined {
  switch (recurrence.kind) {
    case 'at': {
      const at = instantOf(recurrence.local, timeZone);
      return at !== undefined && at > after ? at : undefined;
    }
    case 'cron':
      return nextCron(recurrence.times, timeZone, after);
    default: {
      const { everyMs } = recurrence;
      if (after < countsFrom) return countsFrom;
      return countsFrom + (Math.floor((after - countsFrom) / everyMs) + 1) * everyMs;
    }
  }
}

/** The last firing up to `upTo`, if it comes after `after`. */
export function lastFiring(firing: Firing, upTo: number, after: number): number | undefined {
  const { recurrence, timeZone, countsFrom } = firing;
  if (recurrence.kind === 'cron') return lastCron(recurrence.times, timeZone, upTo, after);
  const first = nextFiring(firing, after);
  if (first === undefined || first > upTo || recurrence.kind === 'at') {
    return first !== undefined && first <= upTo ? first : undefined;
  }
  return countsFrom + Math.floor((upTo - countsFrom) / recurrence.everyMs) * recurrence.everyMs;
}

/**
 * The same from the text of an expression, for the local stack's scheduler.
 * @throws OwnError for what EventBridge Scheduler would refuse
 */
export function firingTimesOf(expression: string, timeZone: string) {
  const { recurrence } = parseExpression(expression);
  if (!isTimeZone(timeZone)) throw new OwnError('There is no such time zone.');
  return {
    once: recurrence.kind === 'at',
    next: (countsFrom: number, after: number) => nextFiring({ recurrence, timeZone, countsFrom }, after),
  };
}

/** At most so many firings after `after`, in order. */
export function nextFirings(firing: Firing, after: number, most: number): readonly number[] {
  const found: number[] = [];
  let last = after;
  while (found.length < most) {
    const next = nextFiring(firing, last);
    if (next === undefined) break;
    found.push(next);
    last = next;
  }
  return found;
}

export interface ClockChange {
  readonly at: number;
  /** `begins`: clocks go forward. */
  readonly kind: 'begins' | 'ends';
}

/** Shorter than any time between two changes of a zone that are told apart here. */
const CHANGES_APART_MS = 14 * DAY_MS;

/** The last change of a zone's clock after `from` and up to `to` that makes them differ; null when they do not. */
export function clockChange(timeZone: string, from: number, to: number): ClockChange | null {
  const after = offsetAt(to, timeZone);
  if (offsetAt(from, timeZone) === after) return null;
  let [before, since] = [from, to];
  // Back from the end to where the clock was still another one.
  for (let at = to; at > from; at = Math.max(from, at - CHANGES_APART_MS)) {
    since = at;
    before = Math.max(from, at - CHANGES_APART_MS);
    if (offsetAt(before, timeZone) !== after) break;
  }
  const was = offsetAt(before, timeZone);
  while (since - before > 1) {
    const middle = Math.floor((before + since) / 2);
    if (offsetAt(middle, timeZone) === after) since = middle;
    else before = middle;
  }
  return { at: since, kind: after > was ? 'begins' : 'ends' };
}
