import * as z from 'zod';
import { DEFAULT_SYNC_SETTINGS } from '#shared/settings/sync-settings.ts';

/** Tiers by activity: who solves often is read often. Times in Unix seconds. */

const DAY = 86_400;
export const TIERS = ['high', 'medium', 'low'] as const;
export type Tier = (typeof TIERS)[number];

/** Seconds between two reads; never longer for a more active tier. */
export const tierIntervalsSchema = z
  .object({ high: z.int().positive(), medium: z.int().positive(), low: z.int().positive() })
  .refine(({ high, medium, low }) => high <= medium && medium <= low, {
    error: 'A more active tier must not be read less often than a less active one.',
  });
export type TierIntervals = z.infer<typeof tierIntervalsSchema>;

const { tierMinutes } = DEFAULT_SYNC_SETTINGS;
const DEFAULT_TIER_INTERVALS: TierIntervals = {
  high: tierMinutes.high * 60,
  medium: tierMinutes.medium * 60,
  low: tierMinutes.low * 60,
};

export interface Activity {
  /** Null: never, as far as any read showed. */
  readonly lastActivityAt: number | null;
  readonly solvesIn30Days: number;
  /** Whether a Flash CTF of the last 30 days was joined. */
  readonly joinedFlashCtf: boolean;
}

/**
 * From 0 to 100: up to 70 points for being seen lately (all of them within a day, half of them after four days), up to
 * 20 for solves in 30 days (all of them from 30 on), 10 for a Flash CTF.
 */
export function activityScore(activity: Activity, now: number): number {
  const { lastActivityAt, solvesIn30Days, joinedFlashCtf } = activity;
  const days = lastActivityAt === null ? Infinity : Math.max(0, now - lastActivityAt) / DAY;
  const lately = days <= 1 ? 70 : 70 * 2 ** (-(days - 1) / 3);
  const solves = 20 * Math.min(1, Math.max(0, solvesIn30Days) / 30);
  return lately + solves + (joinedFlashCtf ? 10 : 0);
}

const HIGH_FROM = 65;
const MEDIUM_FROM = 10;

export function tierOf(score: number): Tier {
  if (score >= HIGH_FROM) return 'high';
  return score >= MEDIUM_FROM ? 'medium' : 'low';
}

/** Whether a read is due; a competitor never read is. */
export function tierReadDue(
  tier: Tier,
  lastReadAt: number | null,
  now: number,
  intervals: TierIntervals = DEFAULT_TIER_INTERVALS,
): boolean {
  return lastReadAt === null || !(now - lastReadAt < intervals[tier]);
}
