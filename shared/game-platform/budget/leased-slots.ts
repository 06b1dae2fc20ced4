import type { Lane } from '#shared/settings/processing.ts';
import { GRACE_MS, LARGEST_BLOCK, type Leased } from './lease-slots.ts';

/** Leave for one call from `at` on, in ms since 1970. */
export interface Slot {
  readonly at: number;
  /** The one call that shows whether the platform is back. */
  readonly trial: boolean;
}

/** The slots that this process has leased and not used yet. */
export interface LeasedSlots {
  /** How many to lease next, for so many who wait for one. */
  readonly wanted: (lane: Lane, waiting: number) => number;
  /** Behind those that are there. */
  readonly add: (lane: Lane, leased: Pick<Leased, 'slots' | 'trial'>) => void;
  /** The next one that can still be used, taken out. */
  readonly take: (lane: Lane) => Slot | undefined;
  readonly left: (lane: Lane) => number;
  readonly putBack: (lane: Lane, slot: Slot) => void;
  readonly isUsable: (slot: Slot) => boolean;
  /** Gives up all of a lane. */
  readonly drop: (lane: Lane) => void;
}

const SMALLEST_BLOCK = 4;

/**
 * Blocks of reads double while their slots are used in time and halve when time goes by unused, so that a fast worker
 * writes once in 25 calls and a slow one wastes few slots. Rosters lease a slot for each call that waits, since few follow.
 * `onUnused` is called with the number of slots given up.
 */
export function createLeasedSlots(nowMs: () => number, onUnused: (count: number) => void): LeasedSlots {
  const slots: Record<Lane, Slot[]> = { reads: [], roster: [] };
  let block = SMALLEST_BLOCK;
  const isUsable = ({ at, trial }: Slot): boolean => trial || at + GRACE_MS >= nowMs();
  return {
    wanted: (lane, waiting) => (lane === 'reads' ? block : Math.max(1, waiting)),
    add(lane, leased) {
      slots[lane].push(...leased.slots.map((at) => ({ at, trial: leased.trial })));
      if (lane === 'reads') block = Math.min(LARGEST_BLOCK, block * 2);
    },
    take(lane) {
      const usable = slots[lane].filter(isUsable);
      const late = slots[lane].length - usable.length;
      if (late > 0) {
        onUnused(late);
        if (lane === 'reads') block = Math.max(SMALLEST_BLOCK, Math.floor(block / 2));
      }
      slots[lane] = usable.slice(1);
      return usable[0];
    },
    left: (lane) => slots[lane].length,
    putBack: (lane, slot) => slots[lane].unshift(slot),
    isUsable,
    drop(lane) {
      if (slots[lane].length > 0) onUnused(slots[lane].length);
      slots[lane] = [];
    },
  };
}
