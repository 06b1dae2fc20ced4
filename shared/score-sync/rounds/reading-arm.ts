import type { SyncSettings } from '#shared/settings/sync-settings.ts';
import { armOf } from '../policy/arms.ts';

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
