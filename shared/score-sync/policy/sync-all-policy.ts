import { readable, urgencyOf, type ReadPolicy } from './read-policy.ts';

/** With batching off everyone is read this often. */
export const EVERYONE_EVERY_SECONDS = 1_800;
const DAY = 86_400;

/** Reads a day of so many people who are all read every `interval` seconds. */
export const everyoneDailyReads = (people: number, interval: number): number => (people * DAY) / interval;

/** Everyone, every `interval` seconds. */
export const syncAllPolicy = (interval: number): ReadPolicy => ({
  name: 'all',

  dailyReads: (candidates) => everyoneDailyReads(candidates.length, interval),

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
