import type { Clock } from '#shared/kernel/clock.ts';
import {
  type Lane,
  suspensionOf,
  type Suspension,
  type PlatformBlock,
  type Processing,
} from './processing.ts';

/** That calls may be made is believed this long; that they may not is read each time. */
const CACHED_MS = 10_000;
/** How long a refused token stops all calls before one tries again. */
const BLOCK_MS = 60_000;

export interface ProcessingSwitch {
  /**
   * Null while platform calls may be made, as it was at most ten seconds ago; a pause is never remembered, since work
   * that is put off by one that is over waits for the dispatcher. `lane`: for what, by default the switch's own.
   */
  readonly suspension: (lane?: Lane) => Promise<Suspension | null>;
  /** Stops everybody's calls for a minute. */
  readonly block: (code: string) => Promise<void>;
}

export interface ProcessingSwitchDeps {
  readonly settings: {
    readonly processing: () => Promise<{
      readonly processing: Processing;
      readonly block: PlatformBlock | null;
    }>;
    readonly saveBlock: (block: PlatformBlock) => Promise<void>;
  };
  readonly now: Clock;
  /** What makes the calls of a lane wait, as it is now: answers for any moment after. @default nothing does */
  readonly readWaits?: () => Promise<(lane: Lane, now: Date) => Suspension | null>;
  /** @default roster */
  readonly lane?: Lane;
}

interface Known {
  readonly processing: Processing;
  readonly block: PlatformBlock | null;
  readonly waits: (lane: Lane, now: Date) => Suspension | null;
}

const nothing = (): null => null;

export function createProcessingSwitch(deps: ProcessingSwitchDeps): ProcessingSwitch {
  let known: Known | undefined;
  let knownUntil = 0;
  const suspensionIn = ({ processing, block, waits }: Known, lane: Lane, now: Date): Suspension | null =>
    suspensionOf(processing, block, now) ?? waits(lane, now);

  async function read(now: Date): Promise<Known> {
    const [switched, waits] = await Promise.all([deps.settings.processing(), deps.readWaits?.() ?? nothing]);
    known = { ...switched, waits };
    knownUntil = now.getTime() + CACHED_MS;
    return known;
  }

  return {
    async suspension(lane = deps.lane ?? 'roster') {
      const now = deps.now();
      if (known !== undefined && now.getTime() < knownUntil && suspensionIn(known, lane, now) === null)
        return null;
      return suspensionIn(await read(now), lane, now);
    },

    async block(code) {
      const now = deps.now();
      const running = known?.block ?? null;
      const since =
        running !== null && running.code === code && now.getTime() - Date.parse(running.until) < BLOCK_MS * 2
          ? running.since
          : now.toISOString();
      const block = { code, since, until: new Date(now.getTime() + BLOCK_MS).toISOString() };
      await deps.settings.saveBlock(block);
      if (known !== undefined) known = { ...known, block };
    },
  };
}
