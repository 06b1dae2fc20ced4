import { dayLimit } from '#shared/game-platform/budget/lease-slots.ts';
import type { SyncEffect } from '#shared/settings/contract.ts';
import type { SyncSettings } from '#shared/settings/sync-settings.ts';
import { budgetOf } from '../policy/adaptive-policy.ts';
import { variantShares } from '../policy/variants.ts';
import type { Advice, AdviceCode } from './sync-advice.ts';

/** What an advice comes to with the present settings, and when one that was dismissed comes back. Pure. */

/** One setting, and what it would be. */
export interface AdvisedChange {
  /** Such as `sync.batchSize`. */
  readonly path: string;
  readonly from: number | boolean | null;
  readonly to: number | boolean;
}

interface Tunable {
  readonly settings: SyncSettings;
  /** Whose scores are read. */
  readonly competitors: number;
  /** The smallest batch with which the rotation keeps the hours promised. */
  readonly leastBatch: number;
  /** What the settings come to on an ordinary day; null before the first round. */
  readonly effect: SyncEffect | null;
}

/** Two figures that a person would choose. */
function round2(value: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, value))) - 1);
  return Math.max(1, Math.round(value / step) * step);
}

const LARGEST_BATCH = 5_000;
const GROW = 1.4;
const MOST_CALLS_PER_SECOND = 1_000;
const MOST_CALLS_A_DAY = 10_000_000;

/** Fewer at once of whatever is read: smaller batches, or fewer reads side by side. */
function calmer({ settings }: Tunable): AdvisedChange | null {
  const { batchSize, concurrency } = settings;
  if (variantShares(settings).rotation > 0 && batchSize > 1)
    return { path: 'sync.batchSize', from: batchSize, to: Math.ceil(batchSize / 2) };
  return concurrency > 1
    ? { path: 'sync.concurrency', from: concurrency, to: Math.ceil(concurrency / 2) }
    : null;
}

function moreCalls({ settings: { dailyCallBudget } }: Tunable): AdvisedChange | null {
  const to = Math.min(MOST_CALLS_A_DAY, round2(dailyCallBudget * 1.25));
  return to > dailyCallBudget ? { path: 'sync.dailyCallBudget', from: dailyCallBudget, to } : null;
}

/**
 * More people in each batch where the batch is too small for the hours promised; more calls where these stop the reads.
 * Where neither does, reads were late for a reason that no setting mends.
 */
function moreBatches(tunable: Tunable): AdvisedChange | null {
  const { settings, leastBatch, effect } = tunable;
  const { batchSize, callsPerSecond } = settings;
  if (variantShares(settings).rotation > 0 && batchSize < leastBatch)
    return {
      path: 'sync.batchSize',
      from: batchSize,
      to: Math.min(LARGEST_BATCH, round2(leastBatch * GROW)),
    };
  if (effect === null || effect.callsADay >= effect.callsAsked) return null;
  if (effect.stopsAfterSeconds !== null) return moreCalls(tunable);
  const to = Math.min(MOST_CALLS_PER_SECOND, Math.ceil(callsPerSecond * GROW));
  return to > callsPerSecond ? { path: 'sync.callsPerSecond', from: callsPerSecond, to } : null;
}

/** Of the adaptive policy, when no number is set: reads a day for each competitor. */
const FEWER = 0.8;

/** A batch only matters to who is in the rotation; where no one is, the policy that reads most can read less for nothing. */
function fewerEmpty({ settings, competitors }: Tunable): AdvisedChange | null {
  const { batchSize, adaptive } = settings;
  const shares = variantShares(settings);
  if (shares.all > 0) return { path: 'sync.batching', from: false, to: true };
  if (shares.rotation > 0) {
    const to = Math.min(LARGEST_BATCH, round2(batchSize * GROW));
    return batchSize < Math.ceil(shares.rotation * competitors) && to > batchSize
      ? { path: 'sync.batchSize', from: batchSize, to }
      : null;
  }
  if (shares.tiers > 0)
    return adaptive.on
      ? { path: 'sync.adaptive.share', from: adaptive.share, to: 1 }
      : { path: 'sync.adaptive.on', from: false, to: true };
  if (competitors === 0) return null;
  const mostDailyReads = dayLimit(settings, 'reads');
  const { usualCalls } = budgetOf({ dailyReads: adaptive.dailyReads, mostDailyReads }, competitors, 0);
  return { path: 'sync.adaptive.dailyReads', from: adaptive.dailyReads, to: round2(usualCalls * FEWER) };
}

/** What an advice would change with the present settings; null: nothing that would help. */
export function advisedChange(code: AdviceCode, tunable: Tunable): AdvisedChange | null {
  switch (code) {
    case 'errors':
      return calmer(tunable);
    case 'late':
      return moreBatches(tunable);
    case 'budget':
      return moreCalls(tunable);
    case 'empty':
      return fewerEmpty(tunable);
    default:
      return code satisfies never;
  }
}

const POINTS = 20;

/** How bad it is, in steps of five percent, or in doublings of late reads. */
const stepOf = ({ code, basis }: Pick<Advice, 'code' | 'basis'>): number =>
  code === 'late' ? Math.floor(Math.log2(Math.max(1, basis.found))) : Math.floor(basis.share * POINTS);

/** What a dismissal is about. */
export interface Grounds {
  readonly step: number;
  /** The setting it would change and what that was, so that another value brings the advice back. */
  readonly about: string;
}

export const groundsOf = (advice: Pick<Advice, 'code' | 'basis'>, change: AdvisedChange | null): Grounds => ({
  step: stepOf(advice),
  about: change === null ? 'none' : `${change.path}=${String(change.from)}`,
});

/** Whether a dismissal still holds: the same setting as it was, and no worse than then. */
export const stillDismissed = (now: Grounds, dismissed: Grounds): boolean =>
  now.about === dismissed.about && now.step <= dismissed.step;
