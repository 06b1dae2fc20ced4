import { count } from '#shared/kernel/format.ts';
import * as z from 'zod';

/** What a backfill will ask of the day's calls, before its first one; pure. */

export const backfillForecastSchema = z.object({
  /** Look-ups, one for each competitor. */
  calls: z.int(),
  /** What the day's budget leaves to reads. */
  leftToday: z.int(),
  /** Days it takes if nothing else is read; null: the budget leaves nothing to reads at all. */
  days: z.int().nullable(),
});
export type BackfillForecast = z.infer<typeof backfillForecastSchema>;

export interface CallsLeft {
  readonly today: number;
  readonly perDay: number;
}

export function forecastOf(calls: number, left: CallsLeft): BackfillForecast {
  const rest = Math.max(0, calls - left.today);
  const days = rest === 0 ? 1 : left.perDay > 0 ? 1 + Math.ceil(rest / left.perDay) : null;
  return { calls, leftToday: left.today, days };
}

/** Why a backfill is not begun; null: it fits into today, or its days were accepted. */
export function forecastRefusal(forecast: BackfillForecast, acceptDays: boolean): string | null {
  const { calls, leftToday, days } = forecast;
  if (acceptDays || calls <= leftToday) return null;
  const duration = days === null ? 'and no day leaves any' : `so it would take at least ${days} days`;
  return (
    `This would take ${count(calls)} look-ups, and today’s budget leaves ${count(leftToday)} to reads, ${duration}. ` +
    'Nothing was asked. Choose one coach, raise the daily budget, or start it with “acceptDays”.'
  );
}
