import { dayLimit } from '#shared/game-platform/budget/lease-slots.ts';
import type { SyncEffect } from '#shared/settings/contract.ts';
import type { SyncSettings } from '#shared/settings/sync-settings.ts';
import { callsOfRound } from '../rounds/sync-round.ts';
import { TIERS } from './activity-tiers.ts';
import { budgetOf } from './adaptive-policy.ts';
import { batchWithin, rotationDailyReads, totalBatches } from './batch-rotation.ts';
import { feasibility } from './feasibility.ts';
import { ROUND_SECONDS } from './read-policy.ts';
import { everyoneDailyReads, EVERYONE_EVERY_SECONDS } from './sync-all-policy.ts';
import { tierGap, tiersDailyReads, type TierCounts } from './tiers-policy.ts';
import { tierIntervalsOf, variantShares } from './variants.ts';

/**
 * What settings come to on an ordinary day, before they are saved: from how many competitors each tier has now, by the
 * functions that the policies themselves plan with.
 *
 * Left out: a Flash CTF, while which a read is two calls; what rosters, totals and single refreshes take of the same
 * budget; reads that fail and are repeated; and that competitors change their tier, which a busy week makes many do. A
 * day of the adaptive policy follows the week: a Tuesday has more calls than this, a Sunday fewer.
 */

const DAY = 86_400;

/** What one variant asks for when nothing stops it. */
interface Demand {
  readonly dailyReads: number;
  /** Longest time between two reads, in seconds. */
  readonly longest: number;
}

const NONE: Demand = { dailyReads: 0, longest: 0 };

function tiersDemand(settings: SyncSettings, counts: TierCounts): Demand {
  const intervals = tierIntervalsOf(settings);
  const slaSeconds = settings.slaHours * 3600;
  return {
    dailyReads: tiersDailyReads(counts, intervals, slaSeconds),
    longest: Math.max(
      0,
      ...TIERS.filter((tier) => counts[tier] > 0).map((tier) => tierGap(intervals[tier], slaSeconds)),
    ),
  };
}

function rotationDemand(settings: SyncSettings, people: number): Demand {
  const batch = batchWithin(settings.batchSize, callsOfRound(settings));
  return {
    dailyReads: rotationDailyReads(people, batch),
    longest: totalBatches(Math.ceil(people), batch) * ROUND_SECONDS,
  };
}

/** It takes what the others leave, but never less than the hours promised need. */
function adaptiveDemand(settings: SyncSettings, people: number, others: number): Demand {
  if (people === 0) return NONE;
  const slaSeconds = settings.slaHours * 3600;
  const limits = { dailyReads: settings.adaptive.dailyReads, mostDailyReads: dayLimit(settings, 'reads') };
  const { leastDailyCalls } = feasibility({
    competitors: people,
    slaSeconds,
    dailyBudget: limits.mostDailyReads,
    roundSeconds: ROUND_SECONDS,
    callsPerSecond: settings.callsPerSecond,
  });
  const { usualCalls } = budgetOf(limits, people, others);
  return {
    dailyReads: Math.min(Math.max(usualCalls, leastDailyCalls), (people * DAY) / ROUND_SECONDS),
    longest: Math.max(ROUND_SECONDS, slaSeconds - ROUND_SECONDS),
  };
}

export function syncEffect(settings: SyncSettings, tiers: TierCounts): SyncEffect {
  const competitors = TIERS.reduce((sum, tier) => sum + tiers[tier], 0);
  const shares = variantShares(settings);
  const counts = {
    high: tiers.high * shares.tiers,
    medium: tiers.medium * shares.tiers,
    low: tiers.low * shares.tiers,
  };
  const fixed = [
    shares.all > 0
      ? {
          dailyReads: everyoneDailyReads(competitors, EVERYONE_EVERY_SECONDS),
          longest: EVERYONE_EVERY_SECONDS,
        }
      : NONE,
    tiersDemand(settings, counts),
    rotationDemand(settings, shares.rotation * competitors),
  ];
  const others = fixed.reduce((sum, { dailyReads }) => sum + dailyReads, 0);
  const demands = [...fixed, adaptiveDemand(settings, shares.adaptive * competitors, others)];
  const asked = demands.reduce((sum, { dailyReads }) => sum + dailyReads, 0);
  const longest = Math.max(...demands.map((demand) => demand.longest));

  const readsLeft = dayLimit(settings, 'reads');
  const inRounds = (callsOfRound(settings) * DAY) / ROUND_SECONDS;
  const paced = Math.min(asked, inRounds);
  // The day's calls are spent at the same pace until none is left; then everyone waits for the next day.
  const stopsAfter = paced > readsLeft ? (DAY * readsLeft) / paced : null;
  // With too few calls a second all wait longer alike, until the hours promised are over: then who waits longest goes first.
  const slowest = Math.max(settings.slaHours * 3600, (competitors * DAY) / inRounds);
  const wait =
    asked > inRounds ? Math.max(longest, Math.min((longest * asked) / inRounds, slowest)) : longest;
  return {
    callsAsked: Math.round(asked),
    callsADay: Math.round(Math.min(paced, readsLeft)),
    callsLeftToReads: readsLeft,
    longestWaitSeconds:
      competitors === 0 ? null : Math.round(wait + (stopsAfter === null ? 0 : DAY - stopsAfter)),
    stopsAfterSeconds: stopsAfter === null ? null : Math.round(stopsAfter),
    totalsADay: 24 * Math.min(settings.sweepLimit, competitors),
  };
}
