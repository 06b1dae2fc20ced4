import { addDays, countDays, monthOf } from '#shared/kernel/days.ts';
import type { DashboardView } from './contract.ts';
import type { Figures } from './figures.ts';
import { monthsOf, type Period } from './period.ts';

/** Fewer days than this say nothing about a month. */
const FORECAST_AFTER_DAYS = 3;

/** 28 to 31. */
function lengthOf(month: string): number {
  const first = `${month}-01`;
  // Day 32 of every month is in the next one.
  return countDays(first, addDays(`${monthOf(addDays(first, 31))}-01`, -1));
}

/** Running totals of CTF solves by day of a month, as far as the day of the month `until`. */
function runningTotals(figures: Pick<Figures, 'days'>, month: string, until: number): number[] {
  let total = 0;
  return Array.from({ length: until }, (_, index) => {
    const day = addDays(`${month}-01`, index);
    return (total += figures.days[day]?.ctf ?? 0);
  });
}

interface CtfContext {
  readonly figures: Pick<Figures, 'days' | 'events'>;
  readonly period: Period;
  readonly today: string;
}

/**
 * *Pace*: running total of CTF solves by day of month, the month of the range's last day over the month before.
 * *Absolute*: points per Flash CTF that began in these months or in the range. Registered competitors alone.
 */
export function ctfChartOf({ figures, period, today }: CtfContext): DashboardView['ctfChart'] {
  const { last, month, previous } = monthsOf(period, today);
  const length = lengthOf(month);
  const reached = Number(last.slice(8));
  const totals = runningTotals(figures, month, reached);
  const previousTotals = runningTotals(figures, previous, lengthOf(previous));
  const solved = totals.at(-1) ?? 0;
  const running = last === today && reached < length;
  const first = period.from < `${previous}-01` ? period.from : `${previous}-01`;
  const events = Object.entries(figures.events)
    .filter(([, { day }]) => day >= first && day <= last)
    .map(([eventId, { name, day, players, solved: done, points }]) => ({
      eventId,
      name,
      day,
      players,
      solved: done,
      points,
    }));
  return {
    pace: {
      month,
      previousMonth: previous,
      monthDays: length,
      totals,
      previousTotals,
      solved,
      // A shorter month before has ended by that day.
      previousSameDay: previousTotals[Math.min(reached, previousTotals.length) - 1] ?? 0,
      previousSolved: previousTotals.at(-1) ?? 0,
      forecast:
        running && reached >= FORECAST_AFTER_DAYS && solved > 0
          ? Math.round((solved / reached) * length)
          : null,
    },
    from: first,
    to: last,
    events: events.toSorted((a, b) => Number(a.day > b.day) - Number(a.day < b.day)),
  };
}
