import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  activityScore,
  tierIntervalsSchema,
  tierOf,
  tierReadDue,
} from '#shared/score-sync/policy/activity-tiers.ts';
import { isInShare } from '#shared/score-sync/policy/variants.ts';
import { feasibility } from '#shared/score-sync/policy/feasibility.ts';

const DAY = 86_400;
const NOW = Date.UTC(2026, 2, 3) / 1000;

const person = (days: number | null, solvesIn30Days: number, joinedFlashCtf = false) => ({
  lastActivityAt: days === null ? null : NOW - days * DAY,
  solvesIn30Days,
  joinedFlashCtf,
});

describe('tiers', () => {
  it.each([
    ['solved today', person(0.2, 40), 'high'],
    ['solved five days ago', person(5, 8), 'medium'],
    ['solved three weeks ago', person(21, 3), 'low'],
    ['was in a Flash CTF two weeks ago', person(14, 6, true), 'medium'],
    ['never solved', person(null, 0), 'low'],
  ] as const)('a competitor who %s is %s', (_, activity, tier) => {
    expect(tierOf(activityScore(activity, NOW))).toBe(tier);
  });

  it('10 active, 30 moderate, 60 inactive: over a day the active are read 16 times as often as the inactive', () => {
    const people = [
      ...Array.from({ length: 10 }, () => person(0.1, 60, true)),
      ...Array.from({ length: 30 }, () => person(5, 8)),
      ...Array.from({ length: 60 }, () => person(40, 0)),
    ].map((activity, index) => ({ activity, lastReadAt: NOW - (index % 6) * 300, reads: 0 }));
    // The third day, when everyone is in step.
    for (let now = NOW; now < NOW + 3 * DAY; now += 300) {
      for (const each of people) {
        // The active stay active: they solve all the time.
        const activity =
          each.activity.solvesIn30Days === 60 ? { ...each.activity, lastActivityAt: now } : each.activity;
        if (!tierReadDue(tierOf(activityScore(activity, NOW)), each.lastReadAt, now)) continue;
        each.lastReadAt = now;
        if (now >= NOW + 2 * DAY) each.reads += 1;
      }
    }
    const reads = (from: number, to: number) => new Set(people.slice(from, to).map((each) => each.reads));
    expect([reads(0, 10), reads(10, 40), reads(40, 100)]).toEqual([
      new Set([48]),
      new Set([12]),
      new Set([3]),
    ]);
  });

  it('never score more recent or busier people lower', () => {
    const days = fc.double({ min: 0, max: 400, noNaN: true });
    fc.assert(
      fc.property(days, days, fc.nat(200), fc.nat(200), fc.boolean(), (a, b, c, d, flash) => {
        const better = activityScore(person(Math.min(a, b), Math.max(c, d), true), NOW);
        const worse = activityScore(person(Math.max(a, b), Math.min(c, d), flash), NOW);
        expect(better).toBeGreaterThanOrEqual(worse);
        expect(better).toBeLessThanOrEqual(100);
        expect(worse).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('refuse intervals that would read the active less often', () => {
    expect(tierIntervalsSchema.safeParse({ high: 7200, medium: 1800, low: 28_800 }).success).toBe(false);
  });

  it('read those who were never read', () => {
    expect(tierReadDue('low', null, NOW)).toBe(true);
  });
});

describe('shares of the competitors', () => {
  it('have about the share asked for', () => {
    const ids = Array.from({ length: 4_000 }, (_, index) => `competitor-${index}`);
    const adaptive = ids.filter((id) => isInShare(id, 0.3)).length;
    expect(adaptive / ids.length).toBeGreaterThan(0.27);
    expect(adaptive / ids.length).toBeLessThan(0.33);
  });

  it('keep everyone who was in when the share grows; 0 is no one, 1 everyone', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.string(), share, share, (id, a, b) => {
        const isIn = [isInShare(id, Math.min(a, b)), isInShare(id, Math.max(a, b))];
        expect(isIn).not.toEqual([true, false]);
        expect([isInShare(id, 0), isInShare(id, 1)]).toEqual([false, true]);
      }),
    );
  });

  it('are refused for a share that is none', () => {
    expect(() => isInShare('x', 1.2)).toThrow(RangeError);
    expect(() => isInShare('x', Number.NaN)).toThrow(RangeError);
  });
});

describe('what is said before settings are saved', () => {
  const plan = {
    competitors: 300,
    slaSeconds: 28_800,
    dailyBudget: 5_600,
    roundSeconds: 300,
    callsPerSecond: 5,
  };

  it('nothing when budget, population and service level go together', () => {
    expect(feasibility(plan)).toMatchObject({ problems: [], leastDailyCalls: 910, batchSize: 4 });
  });

  it('that the budget is too small, with the calls it would take', () => {
    const { problems, slaShare } = feasibility({ ...plan, dailyBudget: 600 });
    expect(problems.map(({ code }) => code)).toEqual(['budget_below_sla']);
    expect(problems[0]?.sentence).toBe(
      'Reading 300 competitors every 8 hours takes 910 calls a day; the budget is 600.',
    );
    expect(slaShare).toBeGreaterThan(1);
  });

  it('that the rate or the rounds cannot do it', () => {
    expect(feasibility({ ...plan, callsPerSecond: 0.01 }).problems.map(({ code }) => code)).toEqual([
      'rate_below_sla',
    ]);
    expect(feasibility({ ...plan, slaSeconds: 300 }).problems.map(({ code }) => code)).toContain(
      'rounds_beyond_sla',
    );
  });

  it('a batch size with which a rotation takes no longer than the service level', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 100_000 }),
        fc.integer({ min: 1_800, max: 86_400 }),
        (competitors, sla) => {
          const { batchSize } = feasibility({ ...plan, competitors, slaSeconds: sla });
          expect(Math.ceil(competitors / batchSize) * 300).toBeLessThanOrEqual(sla);
        },
      ),
    );
  });

  it('nothing for numbers that are none', () => {
    expect(() => feasibility({ ...plan, competitors: -1 })).toThrow('competitors');
    expect(() => feasibility({ ...plan, roundSeconds: 0 })).toThrow(RangeError);
  });
});
