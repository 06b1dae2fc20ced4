import * as z from 'zod';
import { REMAINING, SESSION_GAP, SOLVE_RATE, stillSolving } from './session-model.ts';

/**
 * What the platform's time of the last access is worth. Nobody says what it means: the begin of a session, the present
 * moment during one, or the day. So both things that would make it useful are learned from reads: how often a solve
 * follows a fresh access, and how often a session showed an access before its first solve.
 */

const figure = z.number().nonnegative();

/** Of all competitors together, fading. */
export const accessRecordSchema = z.object({
  /** Solves to be expected after fresh accesses if each were a session; and those that came. */
  promised: figure,
  followed: figure,
  /** Sessions under way at a read that showed no solve of theirs yet; those of them that it showed an access of. */
  begun: figure,
  shown: figure,
});
export type AccessRecord = z.infer<typeof accessRecordSchema>;

export const NO_ACCESSES: AccessRecord = { promised: 0, followed: 0, begun: 0, shown: 0 };

/** What a read has to say about the one before it. Times in Unix seconds. */
interface Following {
  /** Of the read before. */
  readonly readAt: number;
  readonly lastSolveAt: number;
  readonly accessAt: number;
}

const ENDING = 1 / REMAINING;

/** Chance of a solve within some seconds for someone in a session. */
const solvesWithin = (seconds: number): number =>
  (SOLVE_RATE / (SOLVE_RATE + ENDING)) * (1 - Math.exp(-(SOLVE_RATE + ENDING) * seconds));

/** A read so many seconds before a session's first solve may have met the session. */
const JUST_BEFORE = 300;

/** Whether a read showed an access that no solve had followed yet, and that a session could still go on from. */
const isFresh = ({ readAt, lastSolveAt, accessAt }: Following): boolean =>
  accessAt > lastSolveAt && readAt - accessAt < SESSION_GAP;

/**
 * What one more read adds.
 * @param solvedAt times of the ODL solves that it showed for the first time, Unix seconds, ascending
 * @param flashAt the same of Flash CTF solves
 */
export function accessesSeen(
  before: Following,
  readAt: number,
  solvedAt: readonly number[],
  flashAt: readonly number[],
): AccessRecord {
  if (before.readAt === 0) return NO_ACCESSES;
  const next = solvedAt.find((at) => at > before.readAt);
  const fresh = isFresh(before);
  const promised = fresh
    ? stillSolving(before.readAt - before.accessAt) * solvesWithin(readAt - before.readAt)
    : 0;
  const follows = (at: number) => at > before.readAt && at - before.accessAt < 2 * SESSION_GAP;
  const followed = fresh && (solvedAt.some(follows) || flashAt.some(follows)) ? 1 : 0;
  // The time from a session's begin to its first solve is memoryless, so that this is the chance that it had begun. Only
  // just before that solve: reads are dense in a session that was seen and rare in one that was not.
  const isFirst =
    next !== undefined && next - before.lastSolveAt > SESSION_GAP && next - before.readAt < JUST_BEFORE;
  const begun = isFirst ? Math.exp(-SOLVE_RATE * (next - before.readAt)) : 0;
  return { promised, followed, begun, shown: fresh ? begun : 0 };
}

/** Both shares begin here, as if so many had been seen. */
const ASSUMED = 0.5;
const ASSUMED_SEEN = 4;
/** Of less than this share nothing is made. */
const FLOOR = 0.25;

export interface AccessEvidence {
  /** Share of fresh accesses that are sessions; 0: not worth looking at. */
  readonly isSession: number;
  /** Share of sessions that show an access at once. */
  readonly isShown: number;
}

const shareOf = (count: number, of: number): number =>
  Math.min(1, (count + ASSUMED * ASSUMED_SEEN) / (of + ASSUMED_SEEN));

export function accessEvidence({ promised, followed, begun, shown }: AccessRecord): AccessEvidence {
  const isSession = shareOf(followed, promised);
  return isSession < FLOOR ? { isSession: 0, isShown: 0 } : { isSession, isShown: shareOf(shown, begun) };
}
