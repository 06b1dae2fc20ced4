import type { SyncSettings } from '#shared/settings/sync-settings.ts';

/** Which policy reads a competitor: a share of them, the same ones for ever, so that freshness can be compared. */
export type Arm = 'tiers' | 'adaptive';

/**
 * A number from 0 (included) to 1 (excluded) that belongs to a text: FNV-1a with a final mix, since ids that differ in
 * their last character only would lie side by side otherwise. Must never change: people would change arms.
 */
export function stableUnit(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/**
 * Raising the share moves people to the adaptive arm only, lowering it back only.
 * @param adaptiveShare 0: nobody, 1: everybody
 * @throws RangeError for a share outside of 0 to 1
 */
export function armOf(competitorId: string, adaptiveShare: number): Arm {
  if (!(adaptiveShare >= 0 && adaptiveShare <= 1)) {
    throw new RangeError(`The share must be from 0 to 1, not ${adaptiveShare}.`);
  }
  return stableUnit(`arm ${competitorId}`) < adaptiveShare ? 'adaptive' : 'tiers';
}

/** How somebody is read: with everybody, when solves are likely, by their tier, or in the rotation. */
export type ReadingArm = 'all' | 'adaptive' | 'tiers' | 'rotation';

/** With batching off everybody is read this often. */
export const EVERYBODY_EVERY_SECONDS = 1_800;

export type ArmSwitches = Pick<SyncSettings, 'batching' | 'adaptive' | 'prioritisation'>;

/** Both shares are counted from one number of the id, so that raising either moves nobody away from the better policy. */
export function readingArm(
  competitorId: string,
  { batching, adaptive, prioritisation }: ArmSwitches,
): ReadingArm {
  if (!batching) return 'all';
  if (armOf(competitorId, adaptive.on ? adaptive.share : 0) === 'adaptive') return 'adaptive';
  return armOf(competitorId, prioritisation.on ? prioritisation.share : 0) === 'adaptive'
    ? 'tiers'
    : 'rotation';
}

/** The share of competitors that each arm has, from 0 to 1. */
export function policyShares({
  batching,
  adaptive,
  prioritisation,
}: ArmSwitches): Readonly<Record<ReadingArm, number>> {
  if (!batching) return { all: 1, adaptive: 0, tiers: 0, rotation: 0 };
  const first = adaptive.on ? adaptive.share : 0;
  const both = Math.max(first, prioritisation.on ? prioritisation.share : 0);
  return { all: 0, adaptive: first, tiers: both - first, rotation: 1 - both };
}
