import { dayLimit } from '#shared/game-platform/budget/lease-slots.ts';
import type { SyncSettings } from '#shared/settings/sync-settings.ts';
import type { TierIntervals } from './activity-tiers.ts';
import { adaptivePolicy } from './adaptive-policy.ts';
import { rotationPolicy } from './batch-rotation.ts';
import type { ReadPolicy } from './read-policy.ts';
import { EVERYONE_EVERY_SECONDS, syncAllPolicy } from './sync-all-policy.ts';
import { tiersPolicy } from './tiers-policy.ts';

/** How a competitor is read: with everyone, when solves are likely, by tier, or in the rotation. */
export type Variant = 'all' | 'adaptive' | 'tiers' | 'rotation';

export type PolicySwitches = Pick<SyncSettings, 'batching' | 'adaptive' | 'prioritisation'>;

export const tierIntervalsOf = ({ tierMinutes: { high, medium, low } }: SyncSettings): TierIntervals => ({
  high: high * 60,
  medium: medium * 60,
  low: low * 60,
});

/** The policies as the settings have them. The adaptive one comes last, since it takes what the others leave. */
export function policiesOf(settings: SyncSettings): readonly ReadPolicy[] {
  const { batchSize, adaptive } = settings;
  return [
    syncAllPolicy(EVERYONE_EVERY_SECONDS),
    tiersPolicy(tierIntervalsOf(settings)),
    rotationPolicy(batchSize),
    adaptivePolicy({ dailyReads: adaptive.dailyReads, mostDailyReads: dayLimit(settings, 'reads') }),
  ];
}

/**
 * A number from 0 (included) to 1 (excluded) that belongs to a text: FNV-1a with a final mix, since ids that differ in
 * their last character only would lie side by side otherwise. Must never change: competitors would change variants.
 */
function stableUnit(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/**
 * Whether a competitor belongs to a share of all, the same ones for ever, so that freshness can be compared. Raising the
 * share only adds competitors, lowering it only removes them.
 * @param share 0: no one, 1: everyone
 * @throws RangeError for a share outside of 0 to 1
 */
export function isInShare(competitorId: string, share: number): boolean {
  if (!(share >= 0 && share <= 1)) {
    throw new RangeError(`The share must be from 0 to 1, not ${share}.`);
  }
  return stableUnit(`arm ${competitorId}`) < share;
}

const sharesOf = ({ adaptive, prioritisation }: PolicySwitches) => ({
  adaptive: adaptive.on ? adaptive.share : 0,
  tiers: prioritisation.on ? prioritisation.share : 0,
});

/** Both shares count by one number of the id, so that raising either takes no one away from the better policy. */
export function variantOf(competitorId: string, switches: PolicySwitches): Variant {
  if (!switches.batching) return 'all';
  const shares = sharesOf(switches);
  if (isInShare(competitorId, shares.adaptive)) return 'adaptive';
  return isInShare(competitorId, shares.tiers) ? 'tiers' : 'rotation';
}

/** The share of competitors that each variant has, from 0 to 1. */
export function variantShares(switches: PolicySwitches): Readonly<Record<Variant, number>> {
  if (!switches.batching) return { all: 1, adaptive: 0, tiers: 0, rotation: 0 };
  const { adaptive, tiers } = sharesOf(switches);
  const both = Math.max(adaptive, tiers);
  return { all: 0, adaptive, tiers: both - adaptive, rotation: 1 - both };
}
