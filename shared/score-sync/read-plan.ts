import type { SyncState } from './score-records.ts';

/**
 * How far before the cursor solves are read again, in seconds. The platform may show a solve after a later one has
 * been read; two days cover a weekend's outage there. A no-change read costs nothing more for it (the answer's
 * fingerprint is known), and what comes later still is found by the totals sweep.
 */
export const OVERLAP_SECONDS = 48 * 60 * 60;

/** Solves later than this are asked for, in Unix seconds; undefined: all of them. */
export function readAfter(state: Pick<SyncState, 'cursorUnix'>, full: boolean): number | undefined {
  if (full || state.cursorUnix <= OVERLAP_SECONDS) return undefined;
  return state.cursorUnix - OVERLAP_SECONDS;
}

/**
 * The cursor after a read: the newest solve stored, never past the time of the read, since a solve dated into the
 * future would hide those that follow it; never backwards.
 */
export function cursorAfter(
  state: Pick<SyncState, 'cursorUnix'>,
  solvedAt: readonly string[],
  readStartedAt: Date,
): number {
  const now = Math.floor(readStartedAt.getTime() / 1000);
  const newest = solvedAt.reduce((max, at) => Math.max(max, Math.floor(Date.parse(at) / 1000)), 0);
  return Math.max(state.cursorUnix, Math.min(newest, now));
}
