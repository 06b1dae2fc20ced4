/** Calendar days, `YYYY-MM-DD`: which day and time an instant is in a time zone, and arithmetic on days. Safe in a browser. */

const MS_PER_DAY = 86_400_000;

const toUtc = (day: string): number => Date.parse(`${day}T00:00:00Z`);
const fromUtc = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

export const addDays = (day: string, count: number): string => fromUtc(toUtc(day) + count * MS_PER_DAY);

/** Days from the first to the last, both included; 0 when the last is before the first. */
export const countDays = (from: string, to: string): number =>
  Math.max(0, Math.round((toUtc(to) - toUtc(from)) / MS_PER_DAY) + 1);

/** Every day from the first to the last, both included. */
export const listDays = (from: string, to: string): string[] =>
  Array.from({ length: countDays(from, to) }, (_, index) => addDays(from, index));

export const monthOf = (day: string): string => day.slice(0, 7);

/** The month before, `YYYY-MM`. */
export const monthBefore = (month: string): string => monthOf(addDays(`${month}-01`, -1));

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs far more than using it, and there is one time zone per program. */
function formatOf(timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${timeZone} ${Object.keys(options).join(' ')}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    ...options,
  });
  formats.set(key, format);
  return format;
}

/**
 * The calendar day, `YYYY-MM-DD`, of an instant in the program's time zone, daylight saving included.
 * @param instant ISO 8601, or whole Unix seconds
 * @throws RangeError when the instant is no time, or the zone is unknown
 */
export function dayOf(instant: string | number, timeZone: string): string {
  const date = new Date(typeof instant === 'number' ? instant * 1000 : instant);
  const found = new Map(
    formatOf(timeZone, { year: 'numeric', month: '2-digit', day: '2-digit' })
      .formatToParts(date)
      .map((part) => [part.type, part.value]),
  );
  return [found.get('year')?.padStart(4, '0'), found.get('month'), found.get('day')].join('-');
}

/** The hour of an instant in a time zone, `00` to `23`. */
export const hourOf = (at: Date, timeZone: string): string =>
  formatOf(timeZone, { hour: '2-digit', hourCycle: 'h23' }).format(at);

/**
 * What the clock of a time zone shows at an instant, both in milliseconds since 1970, the answer as if the zone were UTC.
 * @throws RangeError when the zone is unknown
 */
export function clockOf(at: number, timeZone: string): number {
  const parts = new Map(
    formatOf(timeZone, {
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
}
