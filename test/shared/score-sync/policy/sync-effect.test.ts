import { describe, expect, it } from 'vitest';
import { activityScore, tierOf, type Tier } from '#shared/score-sync/policy/activity-tiers.ts';
import { policiesOf } from '#shared/score-sync/policy/variants.ts';
import { syncEffect } from '#shared/score-sync/policy/sync-effect.ts';
import { syncSettingsSchema } from '#shared/settings/sync-settings.ts';
import { runPolicy } from '#test/bench/policy/run-policy.ts';
import { simulate } from '#test/bench/policy/simulate.ts';
import { makeWorld, type World } from '#test/bench/policy/world.ts';

const DAY = 86_400;
const off = { on: false };
const effect = (settings: object, tiers: Record<Tier, number>) =>
  syncEffect(syncSettingsSchema.parse(settings), tiers);
const TIERS = { high: 60, medium: 90, low: 150 };
const BY_TIER = { adaptive: off };

/** A few days of warm-up and a week, of students that are the same each time. */
function shortWorld(): World {
  const world = makeWorld(12, 120);
  const measuredFrom = world.measuredFrom;
  return { ...world, from: measuredFrom - 7 * DAY, to: measuredFrom + 7 * DAY };
}

/** How many each tier has at a time, on average of the days' beginnings. */
function tiersOf({ competitors, measuredFrom, to }: World): Record<Tier, number> {
  const counts = { high: 0, medium: 0, low: 0 };
  const days = (to - measuredFrom) / DAY;
  for (let now = measuredFrom; now < to; now += DAY) {
    for (const { solves } of competitors) {
      const seen = solves.filter(({ at }) => at <= now && now - at < 30 * DAY);
      const activity = {
        lastActivityAt: solves.findLast(({ at }) => at <= now)?.at ?? null,
        solvesIn30Days: seen.length,
        joinedFlashCtf: seen.some(({ event }) => event !== undefined),
      };
      counts[tierOf(activityScore(activity, now))] += 1 / days;
    }
  }
  return counts;
}

describe('what settings come to', () => {
  it.each([
    ['everyone every half hour', { batching: false }, 300 * 48, 1_800],
    ['tiers', BY_TIER, 60 * 48 + 90 * 12 + 150 * (1440 / 475), 475 * 60],
    ['the rotation', { adaptive: off, prioritisation: off }, 50 * 288, 6 * 300],
    ['the adaptive policy', {}, 300 * 18, 475 * 60],
    ['its reads as set', { adaptive: { dailyReads: 2_000 } }, 2_000, 475 * 60],
    ['fewer than the hours promised need', { adaptive: { dailyReads: 10 } }, (300 * 1440) / 475, 475 * 60],
    ['a tier between two rounds', { ...BY_TIER, tierMinutes: { high: 7 } }, 60 * 144 + 1080 + 454.7, 28_500],
  ])('is by the policies’ own functions, for %s', (_what, settings, calls, longest) => {
    const { callsADay, callsAsked, longestWaitSeconds, stopsAfterSeconds } = effect(settings, TIERS);
    expect(callsADay).toBeCloseTo(calls, -1);
    expect(callsAsked).toBe(callsADay);
    expect(longestWaitSeconds).toBe(longest);
    expect(stopsAfterSeconds).toBeNull();
  });

  it('stops in the afternoon when the budget is spent by then, and everyone waits for the next day', () => {
    const { callsAsked, callsADay, stopsAfterSeconds, longestWaitSeconds } = effect(
      { ...BY_TIER, dailyCallBudget: 3_000 },
      TIERS,
    );
    expect([callsAsked, callsADay]).toEqual([4_415, 2_700]);
    expect(stopsAfterSeconds).toBe(Math.round((DAY * 2_700) / 4_414.74));
    expect(longestWaitSeconds).toBeGreaterThan(475 * 60 + 9 * 3600);
  });

  it('lets the adaptive policy spread a small budget over the day', () => {
    const { callsADay, stopsAfterSeconds } = effect({ dailyCallBudget: 2_000 }, TIERS);
    expect(callsADay).toBe(1_800);
    expect(stopsAfterSeconds).toBeNull();
  });

  it('waits longer with too few calls a second', () => {
    const tiers = { high: 20_000, medium: 0, low: 0 };
    const { callsADay, callsAsked, longestWaitSeconds } = effect({ ...BY_TIER, callsPerSecond: 2 }, tiers);
    expect(callsAsked).toBe(960_000);
    expect(callsADay).toBe(432 * 288);
    expect(longestWaitSeconds).toBeGreaterThan(1_800 * 6);
  });

  it('is nothing without competitors', () => {
    expect(effect({}, { high: 0, medium: 0, low: 0 })).toMatchObject({
      callsADay: 0,
      longestWaitSeconds: null,
    });
  });

  it.each([
    ['the tier policy', 'tiers', BY_TIER],
    ['the adaptive policy', 'adaptive', {}],
    ['the adaptive policy with few reads', 'adaptive', { adaptive: { dailyReads: 1_000 } }],
  ])('is within a tenth of a simulated day, on average of a week, for %s', (_what, name, input) => {
    const world = shortWorld();
    const settings = syncSettingsSchema.parse(input);
    const policy = policiesOf(settings).find((one) => one.name === name);
    if (policy === undefined) throw new Error(`There is no policy ${name}.`);
    const slaSeconds = settings.slaHours * 3600;
    const { callsPerDay, longestGap } = simulate(world, runPolicy(world, policy, { slaSeconds }));
    const { callsADay, longestWaitSeconds } = syncEffect(settings, tiersOf(world));
    expect(Math.abs(callsADay / callsPerDay - 1)).toBeLessThan(0.1);
    // At most: with reads to spare the adaptive policy comes back long before the hours are over.
    expect(longestGap).toBeLessThanOrEqual(longestWaitSeconds ?? 0);
  });
});
