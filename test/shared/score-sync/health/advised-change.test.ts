import { describe, expect, test } from 'vitest';
import { advisedChange, groundsOf, stillDismissed } from '#shared/score-sync/health/advised-change.ts';
import type { AdviceCode } from '#shared/score-sync/health/sync-advice.ts';
import { syncEffect } from '#shared/score-sync/policy/sync-effect.ts';
import { DEFAULT_SYNC_SETTINGS, type SyncSettings } from '#shared/settings/sync-settings.ts';

const { adaptive, prioritisation } = DEFAULT_SYNC_SETTINGS;
const off = { on: false, share: 1 };
/** Everyone in the rotation. */
const ROTATION = { adaptive: { ...adaptive, ...off }, prioritisation: off };
const TIERS = { adaptive: { ...adaptive, ...off }, prioritisation };

const changeOf = (code: AdviceCode, over: Partial<SyncSettings> = {}, facts = {}) => {
  const settings = { ...DEFAULT_SYNC_SETTINGS, ...over };
  const tiers = { high: 30, medium: 90, low: 180 };
  return advisedChange(code, {
    settings,
    competitors: 300,
    leastBatch: 4,
    effect: syncEffect(settings, tiers),
    ...facts,
  });
};

describe('what an advice would change', () => {
  test.each([
    [
      'a larger batch for the rotation when most reads are empty',
      'empty',
      ROTATION,
      ['sync.batchSize', 50, 70],
    ],
    ['no larger batch than there are people', 'empty', { ...ROTATION, batchSize: 300 }, null],
    ['the adaptive policy for everyone where tiers read', 'empty', TIERS, ['sync.adaptive.on', false, true]],
    [
      'a larger share of the adaptive policy where it has a part',
      'empty',
      { adaptive: { ...adaptive, share: 0.5 } },
      ['sync.adaptive.share', 0.5, 1],
    ],
    ['fewer adaptive reads where all are', 'empty', {}, ['sync.adaptive.dailyReads', null, 4300]],
    [
      'batches where everyone is read each time',
      'empty',
      { batching: false },
      ['sync.batching', false, true],
    ],
    [
      'half the batch when errors spike',
      'errors',
      { ...ROTATION, batchSize: 25 },
      ['sync.batchSize', 25, 13],
    ],
    ['fewer reads at once where no one is in the rotation', 'errors', {}, ['sync.concurrency', 4, 2]],
    ['nothing that could be calmer', 'errors', { concurrency: 1 }, null],
    [
      'more calls a day when they run out',
      'budget',
      { dailyCallBudget: 6_000 },
      ['sync.dailyCallBudget', 6_000, 7_500],
    ],
    ['nothing against late reads that no setting explains', 'late', {}, null],
    [
      'more calls a day where they end before the day does',
      'late',
      { ...TIERS, dailyCallBudget: 1_000 },
      ['sync.dailyCallBudget', 1_000, 1_300],
    ],
  ] as const)('is %s', (_, code, over, wanted) => {
    const change = changeOf(code, over);
    expect(change && [change.path, change.from, change.to]).toEqual(wanted);
  });

  test('is a batch that keeps the hours promised, where the batch is too small', () => {
    expect(changeOf('late', ROTATION, { leastBatch: 100 })).toMatchObject({
      path: 'sync.batchSize',
      to: 140,
    });
  });
});

const basis = { reads: 1_000, share: 0.83, found: 830, before: null };
const lateGrounds = (found: number) => groundsOf({ code: 'late', basis: { ...basis, found } }, null);

describe('a dismissal', () => {
  const change = { path: 'sync.batchSize', from: 50, to: 70 } as const;
  const then = groundsOf({ code: 'empty', basis }, change);

  test.each([
    ['holds while nothing changes', basis, change, true],
    ['holds when it gets better', { ...basis, share: 0.81 }, change, true],
    ['ends when it gets worse', { ...basis, share: 0.86 }, change, false],
    ['ends when the setting has another value', basis, { ...change, from: 40 }, false],
    ['ends when nothing would help any more', basis, null, false],
  ] as const)('%s', (_, now, changed, holds) => {
    expect(stillDismissed(groundsOf({ code: 'empty', basis: now }, changed), then)).toBe(holds);
  });

  test('of late reads holds until there are twice as many', () => {
    expect(stillDismissed(lateGrounds(7), lateGrounds(4))).toBe(true);
    expect(stillDismissed(lateGrounds(8), lateGrounds(4))).toBe(false);
  });
});
