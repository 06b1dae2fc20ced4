import { SYNC_BUCKETS } from '#shared/table/keys.ts';
import type { SyncState } from './score-records.ts';

/** People asked in each round. With 40 % of a program in an event, six miss it once in twenty rounds. */
export const SENTINELS = 6;
const ROUND_MS = 30 * 60 * 1000;
/** Who solved nothing for longer is a poor sentinel. */
const ACTIVE_SECONDS = 14 * 24 * 60 * 60;

/** The bucket of people where a round looks for sentinels first: each has its turn in eight hours. */
export const sentinelBucket = (now: Date): number => Math.floor(now.getTime() / ROUND_MS) % SYNC_BUCKETS;

type Candidate = Pick<SyncState, 'competitorId' | 'cursorUnix' | 'lastFlashReadAt' | 'lastFailure'>;

/**
 * Who is asked for new Flash CTFs: of those who solved something lately, the ones whose Flash CTFs were read longest
 * ago, so that the same people are not asked every time; then the most recently active of the others. Somebody who did
 * not play sees nothing, so several are asked; somebody whose last read failed would not answer.
 */
export function chooseSentinels(candidates: readonly Candidate[], now: Date, count = SENTINELS): string[] {
  const activeSince = now.getTime() / 1000 - ACTIVE_SECONDS;
  const isActive = (one: Candidate): boolean => one.cursorUnix >= activeSince;
  const readable = candidates.filter(({ lastFailure }) => lastFailure === null);
  const active = readable
    .filter(isActive)
    .toSorted(
      (a, b) =>
        (a.lastFlashReadAt ?? '').localeCompare(b.lastFlashReadAt ?? '') || b.cursorUnix - a.cursorUnix,
    );
  const others = readable.filter((one) => !isActive(one)).toSorted((a, b) => b.cursorUnix - a.cursorUnix);
  return [...active, ...others].slice(0, count).map(({ competitorId }) => competitorId);
}
