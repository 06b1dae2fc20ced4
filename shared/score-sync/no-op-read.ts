import type { CompletedRead, Observation } from './observation.ts';
import { habitAfterRead } from './policy/reading-habit.ts';
import type { ReadOutcome, SyncState } from './score-records.ts';
import { habitOf, packHabit } from './sync-memory.ts';

/**
 * Reads that found nothing. All they have to say is that they were made: by which job, when and why. So they are kept
 * apart from the sync states, for several competitors in one row and one write (`no-op-read-repository.ts`), and merged
 * into the state whenever it is loaded. A state itself is written when a read changes more than that.
 */

const NO_OP: ReadOutcome = 'skipped_no_new_data';

/** The last no-op read of each list. Times are those at which the platform was asked, in Unix milliseconds. */
export interface NoOpRead {
  readonly odl?: { readonly at: number; readonly jobId: string; readonly reason: string };
  /** With the last job that read Flash CTFs alone, if that was a no-op too. A read of both has one time. */
  readonly flash?: { readonly at: number; readonly jobId?: string };
}

const SAID_BY_THE_TIME = new Set(['lastReadAt', 'lastFlashReadAt', 'lastFailure']);

/**
 * Whether a read changes nothing but the time of the last one. The first read of a list, the first success after a
 * failure and whatever moves a cursor or a fingerprint are no no-op reads.
 */
export function isNoOpRead(
  state: SyncState,
  { outcome, change }: Pick<CompletedRead, 'outcome' | 'change'>,
  observation: Pick<Observation, 'news' | 'accessAt'> | undefined,
): boolean {
  if (outcome !== NO_OP || state.lastFailure !== null) return false;
  const { news = [], accessAt = 0 } = observation ?? {};
  if (news.length > 0 || accessAt > 0) return false;
  // A state of an older release has no habit that time could move on.
  if (observation !== undefined && state.habit === undefined) return false;
  if (change.lastReadAt !== undefined && state.lastReadAt === null) return false;
  if (change.lastFlashReadAt !== undefined && state.lastFlashReadAt === null) return false;
  const before = new Map<string, unknown>(Object.entries(state));
  return Object.entries(change).every(
    ([name, value]) => SAID_BY_THE_TIME.has(name) || before.get(name) === value,
  );
}

/** A no-op read as it is kept. */
export function noOpReadOf(
  { unwritten }: SyncState,
  { lists, read, jobId, reason }: CompletedRead,
): NoOpRead {
  const at = Math.min(...lists.map(({ readAt }) => readAt.getTime()));
  const flashJob = read === 'flash' ? jobId : unwritten?.lastFlashRun?.jobId;
  return {
    ...(read === 'flash' ? {} : { odl: { at, jobId, reason } }),
    ...(read === 'odl' ? {} : { flash: { at, ...(flashJob === undefined ? {} : { jobId: flashJob }) } }),
  };
}

const iso = (at: number): string => new Date(at).toISOString();
const timeOf = (at: string | null): number => (at === null ? Infinity : Date.parse(at));

/** What no-op reads move of a state. */
type Moved = Pick<SyncState, 'lastReadAt' | 'lastFlashReadAt' | 'habit' | 'rowHabit'>;

/**
 * The times and the habit of a state with its no-op reads; nothing when they are older than it. A habit fades with the
 * time that has passed, in one step or in many, so that the last no-op read stands for those before it.
 */
export function movedBy(
  state: Pick<SyncState, 'lastReadAt' | 'lastFlashReadAt' | 'habit' | 'cursorUnix'>,
  { odl, flash }: NoOpRead,
): Partial<Moved> {
  const readOdl = odl !== undefined && odl.at > timeOf(state.lastReadAt);
  const readFlash = flash !== undefined && flash.at > timeOf(state.lastFlashReadAt);
  const { habit } = state;
  // By its own time: a failed read may have written the other times since, and observes nothing.
  const fades = odl !== undefined && habit !== undefined && odl.at > (habit[0] ?? Infinity) * 1_000;
  return {
    ...(readOdl ? { lastReadAt: iso(odl.at) } : {}),
    ...(fades && state.lastReadAt !== null
      ? { habit: packHabit(habitAfterRead(habitOf(state), odl.at / 1_000, [])), rowHabit: habit }
      : {}),
    ...(readFlash ? { lastFlashReadAt: iso(flash.at) } : {}),
  };
}

/** A state as it would be if its no-op reads had been written into it. */
export function withNoOpRead(state: SyncState, pending: NoOpRead): SyncState {
  const moved = movedBy(state, pending);
  if (Object.keys(moved).length === 0) return state;
  const { habit, rowHabit, ...times } = moved;
  const written = state.why === undefined ? -Infinity : Date.parse(state.why.at);
  const odl = times.lastReadAt === undefined ? undefined : pending.odl;
  const flash = times.lastFlashReadAt === undefined ? undefined : pending.flash;
  // Whatever was written since is newer.
  const last = Math.max(odl?.at ?? -Infinity, flash?.jobId === undefined ? -Infinity : flash.at);
  const unwritten = {
    ...times,
    ...(odl !== undefined && odl.at > written ? { lastRun: { jobId: odl.jobId, outcome: NO_OP } } : {}),
    ...(flash?.jobId !== undefined && flash.at > written
      ? { lastFlashRun: { jobId: flash.jobId, outcome: NO_OP } }
      : {}),
  };
  return {
    ...state,
    ...unwritten,
    ...(last > written
      ? { why: { reason: last === odl?.at ? odl.reason : 'flash_ctf', at: iso(last) } }
      : {}),
    ...(habit === undefined || rowHabit === undefined ? {} : { habit, rowHabit }),
    unwritten,
  };
}
