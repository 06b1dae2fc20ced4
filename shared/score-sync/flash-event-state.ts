import type { FlashEvent, SyncState } from './score-records.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * Where a Flash CTF stands. `running` until it ends; `ended` while solves come late and results move; `settling` while
 * ranks may still change; then `closed`, for good.
 */
export type FlashPhase = 'upcoming' | 'running' | 'ended' | 'settling' | 'closed';

/** Solves come late and points move for some hours after the end; ranks were seen to move for two days. */
const LATE_WINDOW_MS = 6 * HOUR;
export const CLOSES_AFTER_MS = 48 * HOUR;

/** An event that is still open is read again after this long: often while people play, then ever less. */
const READ_EVERY_MS: Readonly<Record<FlashPhase, number>> = {
  upcoming: Infinity,
  running: 25 * MINUTE,
  ended: 2 * HOUR,
  settling: 12 * HOUR,
  closed: Infinity,
};

type Times = Pick<FlashEvent, 'startsAt' | 'endsAt'>;

export const closesAt = (event: Times): number => Date.parse(event.endsAt) + CLOSES_AFTER_MS;

export function flashPhase(event: Times, now: Date): FlashPhase {
  const at = now.getTime();
  const end = Date.parse(event.endsAt);
  if (at < Date.parse(event.startsAt)) return 'upcoming';
  if (at < end) return 'running';
  if (at < end + LATE_WINDOW_MS) return 'ended';
  return at < closesAt(event) ? 'settling' : 'closed';
}

/** The Flash CTF that is on at this moment; undefined when there is none. */
export const runningEvent = <E extends Times>(events: readonly E[], now: Date): E | undefined =>
  events.find((event) => flashPhase(event, now) === 'running');

/** Whether more of it is to be expected. */
export const isOpen = (event: Times, now: Date): boolean => {
  const phase = flashPhase(event, now);
  return phase !== 'closed' && phase !== 'upcoming';
};

/** Everyone is read once more after an event closed; this long afterwards that is looked after. */
const FINAL_ROUND_MS = 24 * HOUR;

/** Whether an event is a reason to look through everyone: it is open, or its final round may not be over. */
export const concernsEveryone = (events: readonly Times[], now: Date): boolean =>
  events.some((event) => isOpen(event, now) || unsettled(event, now));

const unsettled = (event: Times, now: Date): boolean => {
  const closed = closesAt(event);
  return now.getTime() >= closed && now.getTime() < closed + FINAL_ROUND_MS;
};

/**
 * Whether a competitor's Flash CTFs are due: never read; a withdrawal waits for its second read; an event is open and
 * the last read is some time ago, or before anyone was seen in it; or one closed since the last read, however long
 * ago that was.
 */
export function flashReadDue(
  events: readonly (Times & Pick<FlashEvent, 'firstSeenAt'>)[],
  state: Pick<SyncState, 'lastFlashReadAt' | 'flashAgain'>,
  now: Date,
): boolean {
  if (state.lastFlashReadAt === null || state.flashAgain === true) return true;
  const last = Date.parse(state.lastFlashReadAt);
  return events.some((event) => {
    const phase = flashPhase(event, now);
    if (phase === 'upcoming') return false;
    if (phase === 'closed') return last < closesAt(event);
    if (last < Date.parse(event.firstSeenAt)) return true;
    return now.getTime() - last >= READ_EVERY_MS[phase];
  });
}
