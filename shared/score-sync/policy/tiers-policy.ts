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

const tierAt = ({ activity }: ReadCandidate, now: number): Tier => tierOf(activityScore(activity, now));

/** By tier, and never beyond the service level. */
export const tiersPolicy = (intervals: TierIntervals): ReadPolicy => ({
  name: 'tiers',

  dailyReads(candidates, { now, slaSeconds }) {
    const counts = Map.groupBy(candidates, (candidate) => tierAt(candidate, now));
    return TIERS.reduce(
      (sum, tier) => sum + ((counts.get(tier)?.length ?? 0) * DAY) / Math.min(intervals[tier], slaSeconds),
      0,
    );
  },

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
