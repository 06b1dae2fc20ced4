import { CALL_PURPOSES } from '#shared/game-platform/budget/purposes.ts';
import { PRICES } from '#test/support/aws-prices.ts';
import { percentile } from '../percentiles.ts';
import { stackPicture } from '../picture.ts';
import { textTable } from '../table.ts';
import type { Units } from './meter.ts';
import type { DayRun } from './run-day.ts';

/** What a simulated day shows; pure. */

/** Everyone every half hour, scores and Flash CTFs. */
const ROUNDS_OF_SYNC_ALL = 48;

const MINUTE = 60;
const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

export function dollars(units: Units, queueRequests: number): number {
  const { reads, writes } = units;
  return reads * PRICES.readUnit + writes * PRICES.writeUnit + queueRequests * PRICES.queueRequest;
}

export function callsOfDay({ calls }: DayRun): number {
  return Object.values(calls).reduce((sum, number) => sum + number, 0);
}

export function callsTable(day: DayRun): string {
  const all = ROUNDS_OF_SYNC_ALL * day.competitors;
  const syncAll: Readonly<Record<string, number>> = { score_sync: all, flash: all };
  const purposes = CALL_PURPOSES.filter(
    (purpose) => day.calls[purpose] !== undefined || syncAll[purpose] !== undefined,
  );
  return textTable(
    ['calls a day', 'measured', 'everybody, every half hour'],
    [
      ...purposes.map((purpose) => [purpose, whole(day.calls[purpose] ?? 0), whole(syncAll[purpose] ?? 0)]),
      ['all', whole(callsOfDay(day)), whole(2 * all)],
    ],
  );
}

const waitCells = (waits: readonly number[]): string[] => [
  waits.length === 0 ? '-' : (waits.reduce((sum, wait) => sum + wait, 0) / waits.length / MINUTE).toFixed(1),
  (percentile(waits, 0.5) / MINUTE).toFixed(1),
  (percentile(waits, 0.95) / MINUTE).toFixed(0),
];

export function waitsTable(day: DayRun): string {
  const own = { name: 'the product', reads: day.calls.score_sync ?? 0, waits: day.waits };
  return textTable(
    ['how long new solves waited', 'score reads', 'solves', 'mean min', 'p50', 'p95'],
    [own, ...day.compared].map(({ name, reads, waits }) =>
      [name, whole(reads), whole(waits.length)].concat(waitCells(waits)),
    ),
  );
}

export function costsTable({ costs }: DayRun): string {
  const sum = costs.reduce(
    (all, { units, queueRequests, firings }) => ({
      schedule: 'all',
      firings: all.firings + firings,
      units: { reads: all.units.reads + units.reads, writes: all.units.writes + units.writes },
      queueRequests: all.queueRequests + queueRequests,
    }),
    { schedule: 'all', firings: 0, units: { reads: 0, writes: 0 }, queueRequests: 0 },
  );
  return textTable(
    ['schedule', 'firings', 'reads', 'writes', 'queue requests', '$ a day'],
    [...costs, sum].map(({ schedule, firings, units, queueRequests }) => [
      schedule,
      whole(firings),
      whole(units.reads),
      whole(units.writes),
      whole(queueRequests),
      dollars(units, queueRequests).toFixed(4),
    ]),
  );
}

const COLORS: Readonly<Record<string, string>> = {
  score_sync: '#3fd0c9',
  flash: '#b98cff',
  totals: '#d9a441',
  profile: '#7fd46b',
  interactive: '#ff7a6b',
};

export function hoursPicture(day: DayRun): string {
  const purposes = CALL_PURPOSES.filter((purpose) => (day.calls[purpose] ?? 0) > 0);
  return stackPicture(
    {
      title: `Calls to the platform in a day of ${day.competitors} competitors`,
      xAxis: 'hour of the day, Los Angeles',
      yAxis: 'calls',
    },
    day.hours.map((_, hour) => String(hour)),
    purposes.map((purpose) => ({
      name: purpose.replaceAll('_', ' '),
      color: COLORS[purpose] ?? '#8a97b1',
      values: day.hours.map((hour) => hour[purpose] ?? 0),
    })),
  );
}
