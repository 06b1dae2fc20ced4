import { addDays, dayOf } from './days.ts';
import { capitalized } from './text.ts';

/**
 * Figures, dates, times and lists as people in the US read them, for the site, the exports and the API's sentences: no
 * other module formats any (`test/lint/formats.test.ts`). Times are those of the program's time zone; every function
 * takes its clock, none reads it. Safe in a browser.
 */

const LOCALE = 'en-US';
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Making a format costs far more than using it. */
function kept<O extends object, F>(make: (options: O) => F): (options: O) => F {
  const known = new Map<string, F>();
  return (options) => {
    const key = JSON.stringify(options);
    const found = known.get(key) ?? make(options);
    known.set(key, found);
    return found;
  };
}
const numberFormat = kept((options: Intl.NumberFormatOptions) => new Intl.NumberFormat(LOCALE, options));
const dateFormat = kept((options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(LOCALE, options));
const conjunction = new Intl.ListFormat(LOCALE, { type: 'conjunction' });

/** `31,590`. */
export const count = (value: number): string => numberFormat({}).format(value);

/** `4.5`, `4`: at most one digit after the point. */
export const decimal = (value: number): string => numberFormat({ maximumFractionDigits: 1 }).format(value);

/** `42%` of 0.42; with a digit after the point where asked for. */
export const percent = (share: number, digits: 0 | 1 = 0): string =>
  numberFormat({ style: 'percent', maximumFractionDigits: digits }).format(share);

export const plural = (value: number, one: string, many = `${one}s`): string => (value === 1 ? one : many);

/** `1 team`, `3 teams`. */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${plural(value, one, many)}`;

const NUMBERS = [
  'no',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];

/** `seven` up to twelve, digits from there on. */
export const inWords = (value: number): string => NUMBERS[value] ?? count(value);

/** `Both members`, `All 7 members`; not for none or one. */
export const allOf = (value: number, many: string): string =>
  value === 2 ? `Both ${many}` : `All ${count(value)} ${many}`;

/** `Anouk`, `Anouk and Noah`, `Anouk, Noah, and Hana`. */
export const listed = (names: readonly string[]): string => conjunction.format(names);

/** Like `listed`, with at most so many names: `Anouk, Noah, and 3 more`. `all`: how many there are, named or not. */
export const listNames = (names: readonly string[], most: number, all = names.length): string => {
  const told = names.slice(0, most);
  return listed(all > told.length ? [...told, `${count(all - told.length)} more`] : told);
};

const DIVISION_NAMES: Readonly<Record<string, string>> = {
  middle_school: 'Middle School',
  high_school: 'High School',
  college: 'College',
};

/** The name of a division; one we do not know yet is shown as it came. */
export const divisionName = (division: string): string => DIVISION_NAMES[division] ?? division;

/** A plain day has no time zone: it is taken as UTC on both sides. */
const startOf = (day: string): Date => new Date(`${day}T00:00:00Z`);
const yearOf = (day: string): string => day.slice(0, 4);

/** `YYYY-MM-DD` of a moment in `timeZone`. */
export const dayIn = (timeZone: string, at: Date): string => dayOf(at.toISOString(), timeZone);

/** `Nov 26` of a plain day `YYYY-MM-DD`, whatever the year: for axes and where the year is said beside it. */
export const dayTick = (day: string): string =>
  dateFormat({ timeZone: 'UTC', month: 'short', day: 'numeric' }).format(startOf(day));

/** `Nov 26` of a plain day; `Nov 26, 2025` where that is not the year of `today`, or there is no `today`. */
export const plainDay = (day: string, today?: string): string =>
  today !== undefined && yearOf(day) === yearOf(today)
    ? dayTick(day)
    : dateFormat({ timeZone: 'UTC', month: 'short', day: 'numeric', year: 'numeric' }).format(startOf(day));

/** `November` of `2026-11`. */
export const monthName = (month: string): string =>
  dateFormat({ timeZone: 'UTC', month: 'long' }).format(startOf(`${month}-01`));

/** `November 2026` of `2026-11`. */
export const monthAndYear = (month: string): string =>
  dateFormat({ timeZone: 'UTC', month: 'long', year: 'numeric' }).format(startOf(`${month}-01`));

/** `Nov 1–24`, `Oct 26 – Nov 24`; with the years where they are not both that of `today`. */
export function rangeLabel(from: string, to: string, today: string): string {
  if (from === to) return plainDay(from, today);
  if (yearOf(from) !== yearOf(to)) return `${plainDay(from)} – ${plainDay(to)}`;
  const sameMonth = from.slice(0, 7) === to.slice(0, 7);
  const days = sameMonth ? `${dayTick(from)}–${Number(to.slice(8))}` : `${dayTick(from)} – ${dayTick(to)}`;
  return yearOf(to) === yearOf(today) ? days : `${days}, ${yearOf(to)}`;
}

/** `3:36 PM`. The format's own narrow space is not in every font, and no spreadsheet reads it. */
export const clockTime = (iso: string, timeZone: string): string =>
  dateFormat({ timeZone, hour: 'numeric', minute: '2-digit' }).format(new Date(iso)).replaceAll(/\s/gu, ' ');

/** `Oct 27`, with the year when it is not the present one. */
export const shortDay = (iso: string, timeZone: string, now: Date): string =>
  plainDay(dayOf(iso, timeZone), dayIn(timeZone, now));

/** `today 3:30 PM`, `yesterday`, `Oct 27`: inside a sentence. */
export function nearDayInside(iso: string, timeZone: string, now: Date): string {
  const day = dayOf(iso, timeZone);
  const today = dayIn(timeZone, now);
  if (day === today) return `today ${clockTime(iso, timeZone)}`;
  return day === addDays(today, -1) ? 'yesterday' : plainDay(day, today);
}

/** `Today 3:30 PM`, `Yesterday`, `Oct 27`: alone, or at the beginning. */
export const nearDay = (iso: string, timeZone: string, now: Date): string =>
  capitalized(nearDayInside(iso, timeZone, now));

/** `3:36 PM` today, `Oct 27, 3:36 PM` on other days. */
export function moment(iso: string, timeZone: string, now: Date): string {
  const time = clockTime(iso, timeZone);
  return dayOf(iso, timeZone) === dayIn(timeZone, now) ? time : `${shortDay(iso, timeZone, now)}, ${time}`;
}

/** `2026-11-26 3:36 PM`: read by people, and taken for a time by spreadsheets. */
export const spreadsheetTime = (iso: string, timeZone: string): string =>
  `${dayOf(iso, timeZone)} ${clockTime(iso, timeZone)}`;

/** `Pacific Time`, `UTC`. */
export function zoneName(timeZone: string): string {
  if (timeZone === 'UTC') return timeZone;
  const name = dateFormat({ timeZone, timeZoneName: 'longGeneric' })
    .formatToParts(0)
    .find(({ type }) => type === 'timeZoneName');
  return name?.value ?? timeZone;
}

/** `Last solve (Pacific Time)`: heads a column of such times. */
export const columnInZone = (column: string, timeZone: string): string => `${column} (${zoneName(timeZone)})`;

/** `3:15 AM` of a time on a clock. */
export const timeOfDay = (hour: number, minute: number): string =>
  clockTime(new Date(Date.UTC(1970, 0, 1, hour, minute)).toISOString(), 'UTC');

/** `Mon, Dec 7`; with the year where that is not the year of `today`, or there is no `today`. */
export function weekdayAndDay(day: string, today?: string): string {
  const weekday = dateFormat({ timeZone: 'UTC', weekday: 'short' }).format(startOf(day));
  return `${weekday}, ${plainDay(day, today)}`;
}

/** `Today, 3:45 PM`, `Tomorrow, 3:15 AM`, `Mon, Dec 7, 6:00 AM`: a time to come, or one just gone. */
export function comingMoment(iso: string, timeZone: string, now: Date): string {
  const day = dayOf(iso, timeZone);
  const today = dayIn(timeZone, now);
  const name = day === today ? 'Today' : day === addDays(today, 1) ? 'Tomorrow' : weekdayAndDay(day, today);
  return `${name}, ${clockTime(iso, timeZone)}`;
}

/** `20:45 UTC`; `Nov 20, 02:12 UTC` where the day is another one than in `timeZone`. */
export function inUtc(iso: string, timeZone: string): string {
  const day = dayOf(iso, 'UTC');
  const time = dateFormat({ timeZone: 'UTC', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    new Date(iso),
  );
  return day === dayOf(iso, timeZone) ? `${time} UTC` : `${dayTick(day)}, ${time} UTC`;
}

type Unit = 'millisecond' | 'second' | 'minute' | 'hour' | 'day';

/** `14 sec`, `1 min`, `4 hr`, `2 days`; `14 seconds` in full. */
const amount = (value: number, unit: Unit, unitDisplay: 'short' | 'long' = 'short'): string =>
  numberFormat({ style: 'unit', unit, unitDisplay }).format(value);

/** The whole part of a time in its largest unit, seconds left out; null below a minute. */
function largest(ms: number): readonly [number, Unit] | null {
  if (ms < MINUTE) return null;
  if (ms < HOUR) return [Math.floor(ms / MINUTE), 'minute'];
  return ms < DAY ? [Math.floor(ms / HOUR), 'hour'] : [Math.floor(ms / DAY), 'day'];
}

/** `just now`, `6 min ago`, `3 hr ago`, `2 days ago`. A moment in the future counts as now. */
export function age(iso: string, now: Date): string {
  const found = largest(now.getTime() - Date.parse(iso));
  return found === null ? 'just now' : `${amount(...found)} ago`;
}

/** `a moment`, `6 minutes`, `9 hours`, `3 days`: a time in a sentence. */
export function roughly(ms: number): string {
  const found = largest(ms);
  return found === null ? 'a moment' : amount(...found, 'long');
}

/** `340 ms`, `14 sec`, `3 min 5 sec`, `2 hr 4 min`. */
export function duration(ms: number): string {
  if (ms < SECOND) return amount(Math.max(0, Math.round(ms)), 'millisecond');
  const seconds = Math.round(ms / SECOND);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const [whole, rest] =
    minutes === 0
      ? [amount(seconds, 'second'), null]
      : hours === 0
        ? [amount(minutes, 'minute'), seconds % 60 === 0 ? null : amount(seconds % 60, 'second')]
        : [amount(hours, 'hour'), minutes % 60 === 0 ? null : amount(minutes % 60, 'minute')];
  return rest === null ? whole : `${whole} ${rest}`;
}
