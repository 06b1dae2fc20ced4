import type { FlashEvent, SyncState } from './score-records.ts';

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

/** Results and ranks move after the end, and solves come late: an event is read this long after it ended. */
export const EVENT_GRACE_MS = 6 * 60 * 60 * 1000;
/** Without a known open event, everyone's Flash CTFs are read this often. */
export const FLASH_READ_EVERY_MS = 6 * 60 * 60 * 1000;

/**
 * Whether a competitor's Flash CTF progress is due: never read; an event is open; one closed since the last read; or
 * the competitor's turn in the six-hour round has come. Turns are spread by a hash, so that every run has a few
 * people who would show a new event.
 *
 * @param turn 0 ≤ turn < 1, stable per competitor
 */
export function flashReadDue(
  events: readonly Pick<FlashEvent, 'startsAt' | 'endsAt'>[],
  lastFlashReadAt: string | null,
  turn: number,
  now: Date,
): boolean {
  if (lastFlashReadAt === null) return true;
  const last = Date.parse(lastFlashReadAt);
  const at = now.getTime();
  const unsettled = events.some((event) => {
    const closes = Date.parse(event.endsAt) + EVENT_GRACE_MS;
    return at >= Date.parse(event.startsAt) && last < closes;
  });
  if (unsettled) return true;
  const round = (ms: number) => Math.floor(ms / FLASH_READ_EVERY_MS + turn);
  return round(at) > round(last);
}
