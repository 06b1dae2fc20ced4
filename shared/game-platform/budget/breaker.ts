import { closedBreaker, type Breaker } from './budget-state.ts';

/** Failures in one window before it opens, if they are also half of what was answered. */
export const OPENS_AT_FAILURES = 10;
const OPENS_AT_SHARE = 0.5;
export const WINDOW_MS = 60_000;
/** First, and longest, time without calls. */
export const FIRST_OPEN_MS = 30_000;
export const LONGEST_OPEN_MS = 10 * 60_000;
/** Longer than any one call may take; after it the worker with the trial counts as dead. */
export const TRIAL_MS = 30_000;

/** What one process saw since its last report. */
export interface Seen {
  /** Answers that show the platform alive: successes, and refusals about one user as well. */
  readonly answered: number;
  /** Server errors, time-outs, broken connections. */
  readonly failed: number;
  /** What became of the trial call, if this worker made it. */
  readonly trial: 'answered' | 'failed' | null;
}

/** Doubles with each opening in a row, up to ten minutes, less up to a quarter by chance. */
const openMs = (openings: number, random: number): number =>
  Math.min(FIRST_OPEN_MS * 2 ** Math.min(openings - 1, 10), LONGEST_OPEN_MS) * (1 - random / 4);

const opened = (openings: number, now: number, random: number): Breaker => ({
  kind: 'open',
  since: now,
  until: Math.ceil(now + openMs(openings, random)),
  openings,
});

/**
 * The breaker after a process’s report. While it is open or a trial runs, only the trial's end counts: calls
 * that were under way before say nothing new. `random`: uniform in [0, 1).
 */
export function breakerAfter(breaker: Breaker, seen: Seen, now: number, random: number): Breaker {
  if (breaker.kind !== 'closed') {
    if (seen.trial === 'answered') return closedBreaker(now);
    if (seen.trial === 'failed' && breaker.kind === 'half_open') {
      return opened(breaker.openings + 1, now, random);
    }
    return breaker;
  }
  const fresh = now - breaker.since < WINDOW_MS ? breaker : { since: now, answered: 0, failed: 0 };
  const answered = fresh.answered + seen.answered;
  const failed = fresh.failed + seen.failed;
  const share = failed / Math.max(1, answered + failed);
  if (failed >= OPENS_AT_FAILURES && share >= OPENS_AT_SHARE) return opened(1, now, random);
  return { kind: 'closed', since: fresh.since, answered, failed };
}

/** Milliseconds since 1970 from which on a call may be asked for; null: now. */
export function blockedUntil(breaker: Breaker, now: number): number | null {
  return breaker.kind !== 'closed' && breaker.until > now ? breaker.until : null;
}

/** The breaker with its one trial given out. */
export const withTrial = (breaker: Breaker & { kind: 'open' | 'half_open' }, now: number): Breaker => ({
  kind: 'half_open',
  since: breaker.since,
  until: now + TRIAL_MS,
  openings: breaker.openings,
});
