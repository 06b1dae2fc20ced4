import {
  activityScore,
  tierOf,
  tierReadDue,
  TIERS,
  type Tier,
  type TierIntervals,
} from './activity-tiers.ts';
import {
  readable,
  readDue,
  ROUND_SECONDS,
  urgencyOf,
  type ReadCandidate,
  type ReadPolicy,
} from './read-policy.ts';

const DAY = 86_400;

/** How many competitors each tier has. */
export type TierCounts = Readonly<Record<Tier, number>>;

const tierAt = ({ activity }: ReadCandidate, now: number): Tier => tierOf(activityScore(activity, now));

export const countTiers = (candidates: readonly ReadCandidate[], now: number): TierCounts => {
  const counts = { high: 0, medium: 0, low: 0 };
  for (const candidate of candidates) counts[tierAt(candidate, now)] += 1;
  return counts;
};

/** Seconds between two reads of a tier as they come about: whole rounds, the last one before the service level. */
export const tierGap = (interval: number, slaSeconds: number): number => {
  const asked = Math.min(interval, slaSeconds - ROUND_SECONDS);
  return Math.max(1, Math.ceil(asked / ROUND_SECONDS)) * ROUND_SECONDS;
};

/** Reads a day of so many people in each tier. */
export const tiersDailyReads = (counts: TierCounts, intervals: TierIntervals, slaSeconds: number): number =>
  TIERS.reduce((sum, tier) => sum + (counts[tier] * DAY) / tierGap(intervals[tier], slaSeconds), 0);

/** By tier, and never beyond the service level. */
export const tiersPolicy = (intervals: TierIntervals): ReadPolicy => ({
  name: 'tiers',

  dailyReads: (candidates, { now, slaSeconds }) =>
    tiersDailyReads(countTiers(candidates, now), intervals, slaSeconds),

  choose(candidates, context) {
    const { now, slaSeconds, slackSeconds } = context;
    const bound = { slaSeconds, roundSeconds: ROUND_SECONDS };
    const reads = readable(candidates, context).flatMap((candidate) => {
      const { id, lastReadAt, calls } = candidate;
      const tier = tierAt(candidate, now);
      const byTier = tierReadDue(tier, lastReadAt, now + slackSeconds, intervals);
      if (!byTier && !readDue({ readAt: lastReadAt ?? 0 }, now, bound)) return [];
      // A round before its time a competitor comes for both reasons, and the tier says more.
      const ofTier = byTier || tierReadDue(tier, lastReadAt, now + ROUND_SECONDS, intervals);
      const urgency = urgencyOf(candidate, intervals[tier], context);
      return [{ id, reason: ofTier ? `tier_${tier}` : 'sla_due', urgency, calls }];
    });
    return { reads };
  },
});
