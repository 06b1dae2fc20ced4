import { describe, expect, it } from 'vitest';
import { syncFeasibility } from '#shared/score-sync/policy/sync-feasibility.ts';
import { touchesFeasibility } from '#shared/settings/contract.ts';
import { syncSettingsSchema } from '#shared/settings/sync-settings.ts';

const off = { on: false };
const problems = (settings: object, competitors: number) =>
  syncFeasibility(syncSettingsSchema.parse(settings), competitors).problems.map(({ path }) => path);

describe('whether settings can be kept', () => {
  it('is no question with the defaults: three hundred competitors, or a hundred thousand', () => {
    expect(problems({}, 300)).toEqual([]);
    expect(problems({}, 100_000)).toEqual([]);
    expect(problems({}, 0)).toEqual([]);
  });

  it.each([
    ['dailyCallBudget', { dailyCallBudget: 1_000 }, 300],
    ['callsPerSecond', { callsPerSecond: 2 }, 100_000],
    ['batching', { batching: false }, 100_000],
    ['batchSize', { adaptive: off, prioritisation: off, batchSize: 2 }, 300],
    ['adaptive.dailyReads', { adaptive: { dailyReads: 500 } }, 300],
  ])('says %s when that is what is short', (path, settings, competitors) => {
    expect(problems(settings, competitors)).toEqual([path]);
  });

  it('asks of each variant what its share needs', () => {
    const half = { adaptive: { share: 0.5, dailyReads: 500 }, prioritisation: { share: 0.75 }, batchSize: 1 };
    expect(problems(half, 300)).toEqual([]);
    expect(problems({ ...half, batchSize: 1 }, 900)).toEqual(['batchSize', 'adaptive.dailyReads']);
  });

  it('does not hang on what has nothing to do with it', () => {
    expect(touchesFeasibility({ concurrency: 2, sweepLimit: 10, tierMinutes: {} })).toBe(false);
    expect(touchesFeasibility({ slaHours: 4 })).toBe(true);
  });
});
