import { Cron } from 'croner';

/** When a schedule fires; times in milliseconds since 1970. */
export type Recurrence =
  | { readonly kind: 'rate'; readonly everyMs: number }
  | { readonly kind: 'cron'; readonly cron: Cron }
  | { readonly kind: 'at'; readonly at: number };

const UNIT_MS: Readonly<Record<string, number>> = {
  minute: 60_000,
  minutes: 60_000,
  hour: 3_600_000,
  hours: 3_600_000,
  day: 86_400_000,
  days: 86_400_000,
};

/** Greatest value of the six fields: minutes, hours, day of month, month, day of week, year. */
const FIELD_MAX = [59, 23, 31, 12, 7, 2199];

/**
 * EventBridge Scheduler's three forms (User Guide, "Schedule types"): `rate(5 minutes)`, `cron(15 3 * * ? *)`,
 * `at(2026-12-01T09:00:00)`. Days of the week count from 1, Sunday.
 *
 * @throws {Error} for anything else
 */
export function parseExpression(expression: string, timeZone: string): Recurrence {
  const match = /^(rate|cron|at)\((.+)\)$/.exec(expression.trim());
  const inside = match?.[2] ?? '';
  switch (match?.[1]) {
    case 'rate':
      return { kind: 'rate', everyMs: rateMs(inside) };
    case 'cron':
      return { kind: 'cron', cron: parseCron(inside, timeZone) };
    case 'at':
      return { kind: 'at', at: parseAt(inside, timeZone) };
    default:
      throw new Error(`Invalid Schedule Expression ${expression}.`);
  }
}

function rateMs(inside: string): number {
  const match = /^(\d+) (minutes?|hours?|days?)$/.exec(inside);
  const everyMs = Number(match?.[1]) * (UNIT_MS[match?.[2] ?? ''] ?? Number.NaN);
  if (!Number.isSafeInteger(everyMs) || everyMs <= 0)
    throw new Error(`Invalid Schedule Expression rate(${inside}).`);
  return everyMs;
}

function parseCron(inside: string, timeZone: string): Cron {
  const fields = inside.trim().split(/\s+/);
  const [, , dayOfMonth, , dayOfWeek] = fields;
  // One of the two days must be left open.
  if (fields.length !== 6 || (dayOfMonth === '?') === (dayOfWeek === '?')) {
    throw new Error(`Invalid Schedule Expression cron(${inside}).`);
  }
  const translated = fields.map((field, index) => {
    if (field === '?') return '*';
    if (index === 4 && field === 'L') return '7';
    const openStep = /^(\d+)\/(\d+)$/.exec(field);
    return openStep === null ? field : `${openStep[1]}-${FIELD_MAX[index]}/${openStep[2]}`;
  });
  try {
    const cron = new Cron(`0 ${translated.join(' ')}`, {
      timezone: timeZone,
      alternativeWeekdays: true,
      mode: '7-part',
      paused: true,
    });
    cron.nextRun();
    return cron;
  } catch (error) {
    throw new Error(`Invalid Schedule Expression cron(${inside}).`, { cause: error });
  }
}

/** A local time without a zone in `timeZone`; an hour that the clock skips counts as the one after. */
function parseAt(inside: string, timeZone: string): number {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(inside)) {
    throw new Error(`Invalid Schedule Expression at(${inside}).`);
  }
  try {
    const once = new Cron(inside, { timezone: timeZone, paused: true });
    const at = once.nextRun(new Date(0));
    if (at === null) throw new Error('No such time.');
    return at.getTime();
  } catch (error) {
    throw new Error(`Invalid Schedule Expression at(${inside}).`, { cause: error });
  }
}

/**
 * The first firing after `after`; undefined when there is none. A rate counts from `createdAt`, which is its first
 * firing: without a start date "your schedule starts invoking the target immediately".
 */
export function nextFiring(recurrence: Recurrence, createdAt: number, after: number): number | undefined {
  if (recurrence.kind === 'at') return recurrence.at > after ? recurrence.at : undefined;
  if (recurrence.kind === 'cron') return recurrence.cron.nextRun(new Date(after))?.getTime();
  if (after < createdAt) return createdAt;
  const passed = Math.floor((after - createdAt) / recurrence.everyMs) + 1;
  return createdAt + passed * recurrence.everyMs;
}
