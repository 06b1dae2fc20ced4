import type { Clock } from '#shared/kernel/clock.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import type { Log } from '#shared/kernel/log.ts';

export interface RunAloneDeps {
  /** True when `owner` holds the lease until then. It ends by itself, so a dead owner blocks nobody for long. */
  readonly takeLease: (name: string, owner: string, until: Date) => Promise<boolean>;
  /** Gives the lease back, at once or from `quietUntil` on. */
  readonly endLease: (name: string, owner: string, quietUntil: Date | null) => Promise<void>;
  readonly now: Clock;
  readonly newId: NewId;
  readonly sleep: (ms: number) => Promise<void>;
  readonly log: Log;
}

/** A lease outlives its owner by this: the platform may still work on a call of a function that was ended. */
const LEASE_MARGIN_MS = 5_000;
/** As long as a call with an unknown end may still be worked on over there. */
const QUIET_MS = 10_000;
const POLL_MS = 250;
/** How long a second one waits for the first one's result. */
const LONGEST_WAIT_MS = 4_000;

/**
 * Runs `work` while nobody else runs any under that name. Who comes second waits a little and asks `done` whether the
 * first one's result is there; undefined when there was neither a turn nor a result. `work` may ask for the name to be
 * kept quiet afterwards, when something it began may still be going on.
 */
export function createRunAlone(
  deps: RunAloneDeps,
): <T>(
  name: string,
  remainingMs: () => number,
  done: () => Promise<T | undefined>,
  work: (startCooldown: () => void) => Promise<T>,
) => Promise<T | undefined> {
  return async (name, remainingMs, done, work) => {
    const owner = deps.newId('own');
    const giveUpAt = deps.now().getTime() + Math.min(LONGEST_WAIT_MS, remainingMs() / 2);
    for (;;) {
      const until = new Date(deps.now().getTime() + remainingMs() + LEASE_MARGIN_MS);
      if (await deps.takeLease(name, owner, until)) break;
      if (deps.now().getTime() >= giveUpAt) return undefined;
      await deps.sleep(POLL_MS);
      const result = await done();
      if (result !== undefined) return result;
    }
    let quietUntil: Date | null = null;
    try {
      return await work(() => {
        quietUntil = new Date(deps.now().getTime() + QUIET_MS);
      });
    } finally {
      await deps.endLease(name, owner, quietUntil).catch((error: unknown) => {
        deps.log.warn('lease could not be given back; it ends by itself', { lease: name }, error);
      });
    }
  };
}
