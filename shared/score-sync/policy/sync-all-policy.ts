import { readable, urgencyOf, type ReadPolicy } from './read-policy.ts';

/** With batching off everyone is read this often. */
export const EVERYONE_EVERY_SECONDS = 1_800;
const DAY = 86_400;

/** Everyone, every `interval` seconds. */
export const syncAllPolicy = (interval: number): ReadPolicy => ({
  name: 'all',

  dailyReads: (candidates) => (candidates.length * DAY) / interval,

  choose(candidates, context) {
    const { now, slackSeconds } = context;
    return {
      reads: readable(candidates, context)
        .filter(({ lastReadAt }) => lastReadAt === null || !(now - lastReadAt < interval - slackSeconds))
        .map((candidate) => ({
          id: candidate.id,
          reason: 'everyone',
          urgency: urgencyOf(candidate, interval, context),
          calls: candidate.calls,
        })),
    };
  },
});
