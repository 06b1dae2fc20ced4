import { addDays, countDays, monthOf } from '#shared/kernel/days.ts';
import type { CompetitorDay } from '#shared/score-sync/score-records.ts';
import type { DashboardView } from './contract.ts';
import type { CoachFacts } from './facts.ts';
import { isRegistered, type DayOf } from './metrics.ts';
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
function runningTotals(days: readonly CompetitorDay[], month: string, until: number): number[] {
  const perDay = Array.from({ length: until }, () => 0);
  for (const { day, ctf } of days) {
    const index = Number(day.slice(8)) - 1;
    if (monthOf(day) === month && index < until) perDay[index] = (perDay[index] ?? 0) + ctf;
  }
  let total = 0;
  return perDay.map((count) => (total += count));
}

interface CtfContext {
  readonly facts: CoachFacts;
  readonly period: Period;
  readonly today: string;
  readonly dayOf: DayOf;
}

/**
 * *Pace*: running total of CTF solves by day of month, the month of the range's last day over the month before.
 * *Absolute*: points per Flash CTF that began in these months or in the range. Registered competitors alone.
 */
export function ctfChartOf({ facts, period, today, dayOf }: CtfContext): DashboardView['ctfChart'] {
  const registered = new Set(facts.competitors.filter(isRegistered).map(({ id }) => id));
  const days = facts.days.filter(({ competitorId }) => registered.has(competitorId));
  const { last, month, previous } = monthsOf(period, today);
  const length = lengthOf(month);
  const reached = Number(last.slice(8));
  const totals = runningTotals(days, month, reached);
  const previousTotals = runningTotals(days, previous, lengthOf(previous));
  const solved = totals.at(-1) ?? 0;
  const running = last === today && reached < length;
  const first = period.from < `${previous}-01` ? period.from : `${previous}-01`;

  const events = new Map<string, DashboardView['ctfChart']['events'][number]>();
  for (const result of facts.flashResults) {
    const day = dayOf(result.startsAt);
    if (!registered.has(result.competitorId) || day < first || day > last) continue;
    const {
      players,
      solved: before,
      points,
    } = events.get(result.eventId) ?? {
      players: 0,
      solved: 0,
      points: 0,
    };
    events.set(result.eventId, {
      eventId: result.eventId,
      name: result.eventName,
      day,
      players: players + Number(result.solved > 0),
      solved: before + result.solved,
      points: points + result.points,
    });
  }
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
    events: [...events.values()].toSorted((a, b) => Number(a.day > b.day) - Number(a.day < b.day)),
  };
}
