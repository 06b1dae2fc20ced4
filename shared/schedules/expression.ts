import { OwnError } from '#shared/kernel/errors.ts';

/**
 * EventBridge Scheduler's three forms (User Guide, "Schedule types"): `rate(5 minutes)`, `cron(15 3 * * ? *)`,
 * `at(2026-12-01T09:00:00)`. Pure and safe in a browser; `firing-times.ts` says when they fire.
 */

export const CRON_FIELDS = [
  'minute',
  'hour',
  'day of the month',
  'month',
  'day of the week',
  'year',
] as const;
export type CronField = (typeof CRON_FIELDS)[number];

/** Which days fire; days of the week count from 1, Sunday. */
export type DayRule =
  | { readonly kind: 'dates'; readonly dates: readonly number[] }
  | { readonly kind: 'lastDate' }
  /** The working day nearest to a date, in the same month. */
  | { readonly kind: 'nearestWorkday'; readonly date: number }
  | { readonly kind: 'weekdays'; readonly weekdays: readonly number[] }
  | { readonly kind: 'nthWeekday'; readonly weekday: number; readonly nth: number }
  | { readonly kind: 'lastWeekday'; readonly weekday: number };

export interface CronTimes {
  /** Each list in order and without repetition. */
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: DayRule;
  readonly months: readonly number[];
  readonly years: readonly number[];
}

export const RATE_UNITS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
export type RateUnit = keyof typeof RATE_UNITS;

export type Recurrence =
  | { readonly kind: 'rate'; readonly value: number; readonly unit: RateUnit; readonly everyMs: number }
  | { readonly kind: 'cron'; readonly times: CronTimes }
  /** `local`: milliseconds since 1970 as if the zone were UTC. */
  | { readonly kind: 'at'; readonly local: number };

export interface Expression {
  /** As it is stored: one space between fields, names in capitals, units in the right number. */
  readonly text: string;
  readonly recurrence: Recurrence;
}

/** `message`: a sentence for a person, which names the field. */
export class ExpressionError extends OwnError {
  override readonly name = 'ExpressionError';
}

const refuse = (sentence: string): never => {
  throw new ExpressionError(sentence);
};

const LONGEST = 256;
export const FIRST_YEAR = 1970;
export const LAST_YEAR = 2199;

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
export const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] as const;

interface FieldRule {
  readonly field: CronField;
  readonly least: number;
  readonly most: number;
  /** Names of the values, from `least` on. */
  readonly names: readonly string[];
  readonly steps: boolean;
}

const MINUTE: FieldRule = { field: 'minute', least: 0, most: 59, names: [], steps: true };
const HOUR: FieldRule = { field: 'hour', least: 0, most: 23, names: [], steps: true };
const DATE: FieldRule = { field: 'day of the month', least: 1, most: 31, names: [], steps: true };
const MONTH: FieldRule = { field: 'month', least: 1, most: 12, names: MONTHS, steps: true };
const WEEKDAY: FieldRule = { field: 'day of the week', least: 1, most: 7, names: WEEKDAYS, steps: false };
const YEAR: FieldRule = { field: 'year', least: FIRST_YEAR, most: LAST_YEAR, names: [], steps: true };

/** @throws ExpressionError */
export function parseExpression(expression: string): Expression {
  const text = expression.trim();
  if (text.length > LONGEST) refuse(`Use at most ${LONGEST} characters.`);
  const match = /^(rate|cron|at)\s*\(([^()]*)\)$/i.exec(text);
  const inside = (match?.[2] ?? '').trim().replaceAll(/\s+/g, ' ');
  switch (match?.[1]?.toLowerCase()) {
    case 'rate':
      return parseRate(inside);
    case 'cron':
      return parseCron(inside.toUpperCase());
    case 'at':
      return parseAt(inside.toUpperCase());
    default:
      return refuse(
        'Write rate(5 minutes), cron(15 3 * * ? *) or at(2026-12-01T09:00:00), with the parentheses.',
      );
  }
}

const isRateUnit = (unit: string): unit is RateUnit => Object.hasOwn(RATE_UNITS, unit);

/** The expression of a rate, its unit in the number that its value asks for. */
export const rateText = (value: number, unit: RateUnit): string =>
  `rate(${value} ${unit}${value === 1 ? '' : 's'})`;

function parseRate(inside: string): Expression {
  const match = /^(\d+) (minute|hour|day)s?$/i.exec(inside);
  const unit = (match?.[2] ?? '').toLowerCase();
  if (!isRateUnit(unit))
    return refuse('Write a rate as a number and minutes, hours or days: rate(5 minutes).');
  const value = Number(match?.[1]);
  const everyMs = value * RATE_UNITS[unit];
  if (value < 1) refuse('A rate is at least 1 minute.');
  // Beyond the time that dates can hold.
  if (everyMs > 366 * 100 * RATE_UNITS.day) refuse('A rate is at most 100 years.');
  return { text: rateText(value, unit), recurrence: { kind: 'rate', value, unit, everyMs } };
}

function parseAt(inside: string): Expression {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})$/.exec(inside);
  const local = match === null ? Number.NaN : Date.parse(`${inside}Z`);
  // A date such as February 30 would roll over into March.
  if (Number.isNaN(local) || !new Date(local).toISOString().startsWith(inside)) {
    return refuse('Write one time as a date and a time that exist: at(2026-12-01T09:00:00).');
  }
  return { text: `at(${inside})`, recurrence: { kind: 'at', local } };
}

function parseCron(inside: string): Expression {
  const fields = inside.split(' ');
  const [minute = '', hour = '', date = '', month = '', weekday = '', year = ''] = fields;
  if (fields.length !== CRON_FIELDS.length) {
    refuse(
      `A cron expression has 6 fields: minute, hour, day of the month, month, day of the week, year. This one has ${inside === '' ? 0 : fields.length}.`,
    );
  }
  const times = {
    minutes: valuesOf(minute, MINUTE),
    hours: valuesOf(hour, HOUR),
    days: daysOf(date, weekday),
    months: valuesOf(month, MONTH),
    years: valuesOf(year, YEAR),
  };
  return { text: `cron(${fields.join(' ')})`, recurrence: { kind: 'cron', times } };
}

function daysOf(date: string, weekday: string): DayRule {
  if (date === '?' && weekday === '?') {
    refuse('Day of the month and day of the week: only one of them can be ?. Write * or a day in the other.');
  }
  if (date !== '?' && weekday !== '?') {
    refuse('Day of the month and day of the week: one of them has to be ?.');
  }
  return weekday === '?' ? datesOf(date) : weekdaysOf(weekday);
}

function datesOf(text: string): DayRule {
  if (text === 'L') return { kind: 'lastDate' };
  const nearest = /^(\d{1,2})W$/.exec(text);
  if (nearest !== null) return { kind: 'nearestWorkday', date: valueOf(nearest[1] ?? '', DATE) };
  return { kind: 'dates', dates: valuesOf(text, DATE) };
}

function weekdaysOf(text: string): DayRule {
  if (text === 'L') return { kind: 'weekdays', weekdays: [WEEKDAY.most] };
  const last = /^(\w+)L$/.exec(text);
  if (last !== null) return { kind: 'lastWeekday', weekday: valueOf(last[1] ?? '', WEEKDAY) };
  const nth = /^(\w+)#(.*)$/.exec(text);
  if (nth === null) return { kind: 'weekdays', weekdays: valuesOf(text, WEEKDAY) };
  const number = /^[1-5]$/.test(nth[2] ?? '') ? Number(nth[2]) : 0;
  if (number === 0)
    refuse('Day of the week: after # comes one number from 1 to 5, such as 2#1 for the first Monday.');
  return { kind: 'nthWeekday', weekday: valueOf(nth[1] ?? '', WEEKDAY), nth: number };
}

const named = ({ field }: FieldRule): string => `${field.charAt(0).toUpperCase()}${field.slice(1)}`;

/** One value of a field, by number or by name. */
function valueOf(text: string, rule: FieldRule): number {
  const { least, most, names } = rule;
  const name = names.indexOf(text);
  const value = name === -1 ? (/^\d{1,4}$/.test(text) ? Number(text) : Number.NaN) : least + name;
  if (value >= least && value <= most) return value;
  const also = names.length === 0 ? '' : `, or ${names[0]} to ${names.at(-1)}`;
  return refuse(`${named(rule)}: “${text}” does not fit. Write ${least} to ${most}${also}.`);
}

const upTo = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);

/** `*`, `5`, `1-5`, `0/15`, and lists of them. */
function valuesOf(text: string, rule: FieldRule): readonly number[] {
  const values = new Set(text.split(',').flatMap((part) => valuesOfPart(part, rule)));
  return [...values].toSorted((a, b) => a - b);
}

function valuesOfPart(part: string, rule: FieldRule): number[] {
  const [range = '', stepText, ...more] = part.split('/');
  if (part === '' || more.length > 0) return refuse(`${named(rule)}: “${part}” is no value, range or step.`);
  if (stepText !== undefined && !rule.steps)
    return refuse(`${named(rule)}: steps with / are not possible here.`);
  const [first = '', last, ...rest] = range.split('-');
  if (rest.length > 0) return refuse(`${named(rule)}: “${range}” is no range. Write it as 1-5.`);
  const from = range === '*' ? rule.least : valueOf(first, rule);
  const open = range === '*' || (stepText !== undefined && last === undefined);
  const to = open ? rule.most : last === undefined ? from : valueOf(last, rule);
  if (to < from) return refuse(`${named(rule)}: the range ${range} has to go up.`);
  const step = stepText === undefined ? 1 : /^\d{1,4}$/.test(stepText) ? Number(stepText) : 0;
  if (step < 1 || step > rule.most) {
    return refuse(`${named(rule)}: the step after / has to be from 1 to ${rule.most}.`);
  }
  return upTo(from, to, step);
}
