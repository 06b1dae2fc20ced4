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
/** From a competitor's first solve on, teammates who come too are there after about this long. */
const ARRIVAL = 300;

/**
 * Chance that a session is still under way when nothing has been solved for `idle` seconds after a solve: either it
 * goes on without a solve, or it has ended meanwhile.
 */
export function stillSolving(idle: number): number {
  if (!(idle >= 0)) return 0;
  const ending = 1 / REMAINING;
  const goesOn = Math.exp(-(SOLVE_RATE + ending) * idle);
  const ended = (ending / (SOLVE_RATE + ending)) * (1 - goesOn);
  return goesOn / (goesOn + ended);
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

const NOTHING: Expected = { solves: 0, rate: 0 };

/**
 * What to expect since the last read from a competitor who may have joined a teammate's session.
 * @param chance that the person came, before any read since the start
 * @param startedAt first solve of the teammates' session
 */
export function joinedTeam(chance: number, startedAt: number, lastReadAt: number, now: number): Expected {
  const from = startedAt + ARRIVAL;
  const since = Math.max(from, lastReadAt);
  if (!(now > since)) return NOTHING;
  const present = cameAnyway(chance, lastReadAt - from) * SOLVE_RATE * Math.exp(-(since - from) / REMAINING);
  const left = Math.exp(-(now - since) / REMAINING);
  return { solves: present * REMAINING * (1 - left), rate: present * left };
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
