/** How students sit down to solve, in seconds: sessions last 20 min + Exp(45 min), with a solve every Exp(10 min). */

export const SOLVE_EVERY = 600;
/** Solves per second during a session. */
export const SOLVE_RATE = 1 / SOLVE_EVERY;
export const MEAN_SESSION = 3_900;
/** What a session found under way still has before it, on average: E[X²] / 2 E[X]. */
export const REMAINING = 2_880;
/** A longer pause than this begins another session. */
export const SESSION_GAP = 2_700;
/** Before the first data: solves in a session. */
export const SOLVES_PER_SESSION = 6.5;

/**
 * Chance that a session is still under way when nothing has been solved for `idle` seconds after a solve: either it
 * goes on without a solve, or it has ended meanwhile.
 */
export function stillSolving(idle: number, isSession = 1): number {
  if (!(idle >= 0)) return 0;
  const ending = 1 / REMAINING;
  const goesOn = Math.exp(-(SOLVE_RATE + ending) * idle);
  const ended = (ending / (SOLVE_RATE + ending)) * (1 - goesOn);
  return (isSession * goesOn) / (isSession * (goesOn + ended) + 1 - isSession);
}

/** Chance that a competitor came when a read `after` seconds later showed nothing; by Bayes' rule. */
function cameAnyway(chance: number, after: number): number {
  if (!(after > 0)) return chance;
  const silent = chance * Math.exp(-SOLVE_RATE * after);
  return silent / (1 - chance + silent);
}

/** Expected solves, and solves per second at the end. */
export interface Expected {
  readonly solves: number;
  readonly rate: number;
}

/** Members come to a meeting within ten minutes. */
const LATEST = 600;
export const MEAN_LATE = LATEST / 2;
/** A session lasts this long, and an exponential time more. */
const AT_LEAST = 1_200;
const MORE = 2_700;

/** Expected time in a session within `seconds` of its begin. */
export function timeInSession(seconds: number): number {
  if (seconds <= AT_LEAST) return Math.max(0, seconds);
  return AT_LEAST + MORE * (1 - Math.exp(-(seconds - AT_LEAST) / MORE));
}

/** Chance that a session goes on `seconds` after its begin. */
export const stillThere = (seconds: number): number => Math.min(1, Math.exp(-(seconds - AT_LEAST) / MORE));

/** Density per second of a member's first sign, `seconds` after a meeting began: an access, or a solve some time after. */
export function meetingStart(seconds: number): number {
  if (seconds < 0) return 0;
  const left = Math.exp(-seconds * SOLVE_RATE);
  const solve = seconds <= LATEST ? 1 - left : Math.exp(-(seconds - LATEST) * SOLVE_RATE) - left;
  return (0.5 * (seconds <= LATEST ? 1 : 0) + 0.5 * solve) / LATEST;
}

/** Share of sessions without any solve. */
const NEVER = 0.025;

/** Chance that a member who came shows nothing `seconds` after a meeting began. @param isShown share that shows an access at once */
export function silentAfter(seconds: number, isShown: number): number {
  const unsolved = Math.max(NEVER, Math.exp(-SOLVE_RATE * Math.max(0, seconds - MEAN_LATE)));
  const absent = Math.max(0, 1 - seconds / LATEST);
  return isShown * Math.max(absent, NEVER) + (1 - isShown) * unsolved;
}

/** The same for an event: who takes part solves until its end. */
export function joinedEvent(
  chance: number,
  event: { readonly start: number; readonly end: number },
  lastReadAt: number,
  now: number,
): Expected {
  // People begin within a quarter of an hour.
  const present = cameAnyway(chance, lastReadAt - event.start - 450) * SOLVE_RATE;
  const seconds = Math.min(now, event.end) - Math.max(lastReadAt, event.start);
  return {
    solves: Math.max(0, present * seconds),
    rate: now >= event.start && now < event.end ? present : 0,
  };
}
