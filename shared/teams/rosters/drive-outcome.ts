import { GamePlatformError } from '#shared/game-platform/game-platform-error.ts';
import { natureOf } from '#shared/onboarding/refusals.ts';
import type { SyncFailure } from './roster-entry.ts';
import { QUICK_TRIES } from './roster-failures.ts';
import { OwnError } from '#shared/kernel/errors.ts';

/** How far an attempt to bring the platform to what is wanted came. */
export type DriveOutcome =
  /** Done, nothing to do, waiting for an account, or nobody there any more. */
  | { readonly kind: 'settled' }
  /** `soon`: in a few seconds; else the dispatcher comes back to it. */
  | { readonly kind: 'failed'; readonly code: string; readonly soon: boolean }
  /** Nobody can do anything: an admin has to mend the access. */
  | { readonly kind: 'blocked'; readonly code: string }
  /** Somebody else is at it, or the time was over; go on in a moment. */
  | { readonly kind: 'again' };

/** Kept back from every call for the writes that follow it. */
export const WRITE_RESERVE_MS = 700;
/** With less time left no further call is begun. */
export const START_WITH_MS = 1_500;
/** A lease outlives its owner by this: the platform may still work on a call of a function that was ended. */
export const LEASE_MARGIN_MS = 5_000;
/** As long as a call with an unknown end may still be worked on over there. */
const QUIET_MS = 5_000;

export const cooldownAfter = (error: unknown, now: Date): Date | null =>
  error instanceof GamePlatformError && error.code === 'TIMED_OUT'
    ? new Date(now.getTime() + QUIET_MS)
    : null;

/**
 * What an error comes to. Ours is thrown on; a failure of the platform is given to `save`, with the number of failed
 * tries, unless it is about nobody in particular.
 */
export async function outcomeOfError(
  error: unknown,
  attemptsSoFar: number,
  save: (error: GamePlatformError, attempts: number) => Promise<unknown>,
): Promise<DriveOutcome> {
  if (!(error instanceof GamePlatformError)) throw error;
  const { code } = error;
  const nature = natureOf(code);
  if (nature === 'paused') return { kind: 'blocked', code };
  if (code === 'BUDGET_EXHAUSTED') return { kind: 'again' };
  const attempts = attemptsSoFar + 1;
  await save(error, attempts);
  return { kind: 'failed', code, soon: nature === 'later' && attempts <= QUICK_TRIES };
}

/** Thrown where the way on is barred by something other than the platform's answer to this very call. */
export class BlockedError extends OwnError {
  override readonly name = 'BlockedError';
  constructor(
    readonly outcome: DriveOutcome,
    /** Shown to the coach as this one's failure as well. */
    readonly failure: SyncFailure | null = null,
  ) {
    super(`Blocked: ${outcome.kind}`);
  }
}
