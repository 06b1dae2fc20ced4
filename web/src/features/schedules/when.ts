import {
  type CronTimes,
  type DayRule,
  ExpressionError,
  parseExpression,
  rateText,
  RATE_UNITS,
  type RateUnit,
  type Recurrence,
  WEEKDAYS,
} from '#shared/schedules/expression.ts';
import { counted, listed, monthName, plainDay, timeOfDay } from '#shared/kernel/format.ts';
import { capitalized } from '#shared/kernel/text.ts';

/** An expression in words, and as the fields of a form that write it; pure. */

const recurrenceOf = (expression: string): Recurrence | null => {
  try {
    return parseExpression(expression).recurrence;
  } catch (error) {
    if (error instanceof ExpressionError) return null;
    throw error;
  }
};

/** What is wrong with an expression, in a sentence; null: nothing. */
export function expressionProblem(expression: string): string | null {
  try {
    parseExpression(expression);
    return null;
  } catch (error) {
    if (error instanceof ExpressionError) return error.message;
    throw error;
  }
}

const WEEKDAY_NAMES = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const weekdayName = (weekday: number): string => WEEKDAY_NAMES[weekday - 1] ?? '';
const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth'];
const WORKDAYS = '2,3,4,5,6';

/** `1st`, `15th`. */
function ordinal(date: number): string {
  const ending = date % 100 >= 11 && date % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][date % 10] ?? 'th');
  return `${date}${ending}`;
}

function daysInWords(days: DayRule): string {
  switch (days.kind) {
    case 'dates':
      return days.dates.length === 31
        ? 'every day'
        : `on the ${listed(days.dates.map(ordinal))} of the month`;
    case 'lastDate':
      return 'on the last day of the month';
    case 'nearestWorkday':
      return `on the working day nearest to the ${ordinal(days.date)}`;
    case 'weekdays': {
      if (days.weekdays.length === 7) return 'every day';
      if (days.weekdays.join(',') === WORKDAYS) return 'weekdays';
      return listed(days.weekdays.map((weekday) => `${weekdayName(weekday)}s`));
    }
    case 'nthWeekday':
      return `${ORDINALS[days.nth - 1] ?? ''} ${weekdayName(days.weekday)} of the month`;
    default:
      return `last ${weekdayName(days.weekday)} of the month`;
  }
}

/** Times in a list that still reads as a sentence. */
const MOST_TIMES = 4;

/** The step of numbers that are evenly apart over a whole hour or day; null: they are not. */
function stepOf(values: readonly number[], of: number): number | null {
  const [first = 0, second = of] = values;
  const step = second - first;
  const even =
    values.every((value, index) => value === first + index * step) && first + values.length * step >= of;
  return even && of % step === 0 ? step : null;
}

/** `every hour, on the hour`, `every 15 minutes`, `at 3:15 AM`; null: too many times to name. */
function timesInWords({ hours, minutes }: CronTimes): string | null {
  const [minute = 0] = minutes;
  if (hours.length === 24) {
    if (minutes.length === 60) return 'every minute';
    if (minutes.length === 1) {
      return minute === 0 ? 'every hour, on the hour' : `every hour, ${counted(minute, 'minute')} past`;
    }
    const step = stepOf(minutes, 60);
    return step === null ? null : `every ${step} minutes${minute === 0 ? '' : `, from ${minute} past`}`;
  }
  const times = hours.flatMap((hour) => minutes.map((at) => timeOfDay(hour, at)));
  if (times.length <= MOST_TIMES) return `at ${listed(times)}`;
  const step = minutes.length === 1 ? stepOf(hours, 24) : null;
  return step === null ? null : `every ${step} hours from ${timeOfDay(hours[0] ?? 0, minute)}`;
}

const MANY_YEARS = 100;

function cronInWords(times: CronTimes): string | null {
  const at = timesInWords(times);
  if (at === null) return null;
  const days = daysInWords(times.days);
  const often = at.startsWith('every');
  const when = often ? (days === 'every day' ? at : `${at}, ${days}`) : `${days} ${at}`;
  const months =
    times.months.length === 12
      ? ''
      : `, in ${listed(times.months.map((month) => monthName(`2000-${month < 10 ? '0' : ''}${month}`)))}`;
  const years =
    times.years.length > MANY_YEARS ? '' : `, in ${listed(times.years.slice(0, MOST_TIMES).map(String))}`;
  return capitalized(`${when}${months}${years}`);
}

const ARTICLE: Readonly<Record<RateUnit, string>> = {
  minute: 'Every minute',
  hour: 'Every hour',
  day: 'Every day, 24 hours apart',
};

/** `Every 5 minutes`, `Every day at 3:15 AM`, `Once, on Nov 23, 2026 at 5:00 AM`; what has no words is shown as it is. */
export function expressionInWords(expression: string): string {
  const recurrence = recurrenceOf(expression);
  switch (recurrence?.kind) {
    case 'rate':
      return recurrence.value === 1
        ? ARTICLE[recurrence.unit]
        : `Every ${counted(recurrence.value, recurrence.unit)}`;
    case 'at': {
      const local = new Date(recurrence.local);
      const day = plainDay(local.toISOString().slice(0, 10));
      return `Once, on ${day} at ${timeOfDay(local.getUTCHours(), local.getUTCMinutes())}`;
    }
    case 'cron':
      return cronInWords(recurrence.times) ?? 'At the times of its expression';
    default:
      return expression;
  }
}

/** A time on the clock of a zone decides, and so the zone has to be told; a rate counts alike everywhere. */
export const dependsOnZone = (expression: string): boolean => recurrenceOf(expression)?.kind !== 'rate';

export const KINDS = ['every', 'days', 'once', 'expression'] as const;

/** What a form's fields hold; those of the other kinds keep what they had. */
export interface When {
  readonly kind: (typeof KINDS)[number];
  readonly every: string;
  readonly unit: RateUnit;
  /** Day of the month and of the week, as in a cron expression. */
  readonly days: string;
  /** `HH:MM`. */
  readonly time: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
}

export const UNITS: readonly RateUnit[] = ['minute', 'hour', 'day'];
export const isUnit = (unit: string): unit is RateUnit => Object.hasOwn(RATE_UNITS, unit);

/** Days that the form offers by name. */
export const DAY_CHOICES: readonly { readonly value: string; readonly text: string }[] = [
  { value: '* ?', text: 'Every day' },
  { value: '? MON-FRI', text: 'Weekdays' },
  ...[1, 2, 3, 4, 5, 6, 0].map((index) => ({
    value: `? ${WEEKDAYS[index] ?? ''}`,
    text: `${WEEKDAY_NAMES[index] ?? ''}s`,
  })),
  { value: '? MON#1', text: 'First Monday of the month' },
  { value: '1 ?', text: 'First day of the month' },
  { value: 'L ?', text: 'Last day of the month' },
];

const FIRST: Omit<When, 'kind'> = { every: '1', unit: 'hour', days: '* ?', time: '06:00', date: '' };

const padded = (value: number): string => (value < 10 ? `0${value}` : String(value));

/** The days of a cron expression as the form offers them; undefined: it does not. */
const choiceOf = (times: CronTimes): string | undefined =>
  DAY_CHOICES.find(({ value }) => {
    const [date = '', weekday = ''] = value.split(' ');
    const offered = recurrenceOf(`cron(0 0 ${date} * ${weekday} *)`);
    return offered?.kind === 'cron' && JSON.stringify(offered.times.days) === JSON.stringify(times.days);
  })?.value;

/** The fields that write an expression; its own text where they cannot. */
export function whenOf(expression: string): When {
  const recurrence = recurrenceOf(expression);
  if (recurrence?.kind === 'rate') {
    return { ...FIRST, kind: 'every', every: String(recurrence.value), unit: recurrence.unit };
  }
  if (recurrence?.kind === 'at') {
    const local = new Date(recurrence.local).toISOString();
    return { ...FIRST, kind: 'once', date: local.slice(0, 10), time: local.slice(11, 16) };
  }
  const times = recurrence?.times;
  const days = times === undefined ? undefined : choiceOf(times);
  const [hour, minute] = [times?.hours, times?.minutes];
  const plain = hour?.length === 1 && minute?.length === 1 && times?.months.length === 12;
  if (days === undefined || !plain || (times?.years.length ?? 0) <= MANY_YEARS) {
    return { ...FIRST, kind: 'expression' };
  }
  return { ...FIRST, kind: 'days', days, time: `${padded(hour[0] ?? 0)}:${padded(minute[0] ?? 0)}` };
}

/** The expression that the fields write; `written`: that of a person's own. */
export function expressionOf(when: When, written: string): string {
  const [hour = '', minute = ''] = when.time.split(':').map((part) => String(Number(part)));
  const [date = '*', weekday = '?'] = when.days.split(' ');
  switch (when.kind) {
    case 'every': {
      const value = Number(when.every.trim());
      return Number.isSafeInteger(value) && value > 0
        ? rateText(value, when.unit)
        : `rate(${when.every.trim()} ${when.unit}s)`;
    }
    case 'days':
      return `cron(${minute} ${hour} ${date} * ${weekday} *)`;
    case 'once':
      return `at(${when.date}T${when.time}:00)`;
    default:
      return written;
  }
}

const PROBLEMS: Readonly<Record<When['kind'], string | null>> = {
  every: 'Enter a whole number from 1 up.',
  days: 'Enter a time, such as 6:00 AM.',
  once: 'Enter a day and a time to come.',
  expression: null,
};

/** What is wrong, in the words of the fields that are shown; null: nothing. */
export function whenProblem(when: When, expression: string): string | null {
  const problem = expressionProblem(expression);
  return problem === null ? null : (PROBLEMS[when.kind] ?? problem);
}
