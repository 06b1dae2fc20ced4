import type { Clock } from '#shared/kernel/clock.ts';
import { type Lane, pauseOf, type Pause, type PlatformHold, type Processing } from './processing.ts';

/** That calls may be made is believed this long; that they may not is read each time. */
const CACHED_MS = 10_000;
/** How long a refused token stops all calls before one tries again. */
const HOLD_MS = 60_000;

export interface ProcessingSwitch {
  /**
   * Null while platform calls may be made, as it was at most ten seconds ago; a pause is never remembered, since work
   * that is put off by one that is over waits for the dispatcher. `lane`: for what, by default the switch's own.
   */
  readonly pause: (lane?: Lane) => Promise<Pause | null>;
  /** Stops everybody's calls for a minute. */
  readonly hold: (code: string) => Promise<void>;
}

export interface ProcessingSwitchDeps {
  readonly settings: {
    readonly processing: () => Promise<{
      readonly processing: Processing;
      readonly hold: PlatformHold | null;
    }>;
    readonly saveHold: (hold: PlatformHold) => Promise<void>;
  };
  readonly now: Clock;
  /** What makes the calls of a lane wait, as it is now: answers for any moment after. @default nothing does */
  readonly readWaits?: () => Promise<(lane: Lane, now: Date) => Pause | null>;
  /** @default roster */
  readonly lane?: Lane;
}

interface Known {
  readonly processing: Processing;
  readonly hold: PlatformHold | null;
  readonly waits: (lane: Lane, now: Date) => Pause | null;
}

const nothing = (): null => null;

export function createProcessingSwitch(deps: ProcessingSwitchDeps): ProcessingSwitch {
  let known: Known | undefined;
  let knownUntil = 0;
  const pauseIn = ({ processing, hold, waits }: Known, lane: Lane, now: Date): Pause | null =>
    pauseOf(processing, hold, now) ?? waits(lane, now);

  async function read(now: Date): Promise<Known> {
    const [switched, waits] = await Promise.all([deps.settings.processing(), deps.readWaits?.() ?? nothing]);
    known = { ...switched, waits };
    knownUntil = now.getTime() + CACHED_MS;
    return known;
  }

  return {
    async pause(lane = deps.lane ?? 'roster') {
      const now = deps.now();
      if (known !== undefined && now.getTime() < knownUntil && pauseIn(known, lane, now) === null)
        return null;
      return pauseIn(await read(now), lane, now);
    },

    async hold(code) {
      const now = deps.now();
      const running = known?.hold ?? null;
      const since =
        running !== null && running.code === code && now.getTime() - Date.parse(running.until) < HOLD_MS * 2
          ? running.since
          : now.toISOString();
      const hold = { code, since, until: new Date(now.getTime() + HOLD_MS).toISOString() };
      await deps.settings.saveHold(hold);
      if (known !== undefined) known = { ...known, hold };
    },
  };
}
