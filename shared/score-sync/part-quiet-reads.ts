import type { Clock } from '#shared/kernel/clock.ts';
import type { KeptQuietRead, QuietReadRepository } from './no-op-read-repository.ts';
import type { QuietRead } from './no-op-read.ts';
import type { SyncState } from './score-records.ts';

/** So many are asked about again when a worker dies before they are kept. */
const KEEP_AT = 25;

/** The quiet reads of a part, kept together. */
export interface PartQuietReads {
  /** The slot of somebody whose state is about to be written; undefined when it has one. */
  slotOf(competitorId: string): number | undefined;
  heard(state: SyncState, read: QuietRead): Promise<void>;
  keep(): Promise<void>;
}

/**
 * Begins a part: people who are to be read first get their slots. Whoever was read counts as read once `keep` is done,
 * which has to be before the part is closed.
 */
export async function partQuietReads(
  deps: { readonly quietReads: Pick<QuietReadRepository, 'slotsFor' | 'save'>; readonly now: Clock },
  states: Iterable<SyncState>,
): Promise<PartQuietReads> {
  const without = [...states].filter(({ quietSlot }) => quietSlot === undefined);
  const slots = await deps.quietReads.slotsFor(without.map(({ competitorId }) => competitorId));
  let waiting: KeptQuietRead[] = [];

  async function keep(): Promise<void> {
    const reads = waiting;
    waiting = [];
    await deps.quietReads.save(reads, deps.now());
  }

  return {
    slotOf: (competitorId) => slots.get(competitorId),
    async heard({ competitorId, quietSlot: slot }, read) {
      if (slot === undefined) return;
      waiting.push({ competitorId, slot, read });
      if (waiting.length >= KEEP_AT) await keep();
    },
    keep,
  };
}

/** Keeps what is left when the reads end, however they do. Rejects when that fails: the part is not to be closed. */
export async function keptTogether<T>(quietReads: PartQuietReads, reads: Promise<T>): Promise<T> {
  try {
    return await reads;
  } finally {
    await quietReads.keep();
  }
}
