import type { GamePlatformErrorCode } from './game-platform-error.ts';

/** One failed attempt, as far as the decision to make another needs it. */
export interface FailedAttempt {
  readonly code: GamePlatformErrorCode;
  /** HTTP status; null when no answer came. */
  readonly status: number | null;
  /** True when the request cannot have reached the platform: no name, no route, no connection. */
  readonly neverSent: boolean;
  /** Milliseconds, from `Retry-After`. */
  readonly retryAfterMs?: number;
}

/** Attempts in all, the first included. */
export const MAX_ATTEMPTS = 3;
const BASE_MS = 250;
/** A longer wait is the caller's business: it has a queue, this client has a caller who waits. */
const LONGEST_WAIT_MS = 10_000;
/**
 * A call that timed out may still be running over there: neither its retry nor the next call for the same user
 * starts sooner than this.
 */
export const AFTER_TIMEOUT_MS = 1_000;

/**
 * Whether a further attempt is harmless.
 * - Reads: after anything that may pass by itself.
 * - Writes: only when nothing can have happened: never sent; refused with 429, which is said before any work; or 503
 *   with `Retry-After`, which servers send when they do not take requests. A write that timed out, broke off or met
 *   another 5xx may have worked; its caller looks first.
 */
export function mayRetry(failure: FailedAttempt, write: boolean): boolean {
  switch (failure.code) {
    case 'THROTTLED':
      return true;
    case 'UNAVAILABLE':
      return !write || failure.neverSent || (failure.status === 503 && failure.retryAfterMs !== undefined);
    case 'TIMED_OUT':
    case 'BAD_ANSWER':
      return !write;
    default:
      return false;
  }
}

/**
 * Milliseconds to wait before attempt number `attempt` + 1, or undefined: give up. Exponential with equal jitter (half
 * fixed, half random); `Retry-After` is a lower bound, with jitter on top so that not everybody comes back at once.
 * `random`: uniform in [0, 1).
 */
export function waitBefore(
  failure: FailedAttempt,
  attempt: number,
  write: boolean,
  random: () => number,
): number | undefined {
  if (attempt >= MAX_ATTEMPTS || !mayRetry(failure, write)) return undefined;
  const step = BASE_MS * 2 ** attempt;
  const backoff = step / 2 + (step / 2) * random();
  const floor = failure.code === 'TIMED_OUT' ? AFTER_TIMEOUT_MS : 0;
  const wait =
    failure.retryAfterMs === undefined
      ? Math.max(backoff, floor)
      : failure.retryAfterMs + (step / 2) * random();
  return wait > LONGEST_WAIT_MS ? undefined : Math.ceil(wait);
}
