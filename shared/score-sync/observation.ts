import { habitAfterRead, type Habit, type SeenSolve } from './policy/reading-habit.ts';
import {
  isStanding,
  type ReadOutcome,
  type ReadWhat,
  type Solve,
  type SyncState,
  type SyncStateChange,
} from './score-records.ts';
import { solveKey } from './solve-mapping.ts';
import { habitOf, packHabit, unixOf, withSolves } from './sync-memory.ts';

/** One list that a read got an answer to. */
export interface SeenList {
  readonly source: Solve['source'];
  /** When it was asked for. */
  readonly readAt: Date;
  /** Solves of the answer as they are stored now. */
  readonly solves: readonly Solve[];
  /** Those of them that this very read stored. */
  readonly added: readonly Solve[];
  /** The last access that the platform told with it, Unix seconds; null or left out: none. */
  readonly accessAt?: number | null | undefined;
}

/** A read of one competitor that came to its end, with scores or with the platform's refusal. */
export interface CompletedRead {
  readonly jobId: string;
  /** Why it was made: the reason of the job's part. */
  readonly reason: string;
  readonly read: ReadWhat;
  readonly outcome: ReadOutcome;
  /** What the platform answered with; nothing when it refused. */
  readonly lists: readonly SeenList[];
  /** What the answers move of the state, besides what is observed. */
  readonly change: SyncStateChange;
  readonly endedAt: Date;
}

/** What a read showed for the first time. */
export interface Observation {
  /** Before the read. */
  readonly habit: Habit;
  /** Unix seconds. */
  readonly readAt: number;
  /** Whether ODL was among it: only that is an observation of the competitor's week. */
  readonly ofWeek: boolean;
  readonly news: readonly Solve[];
  /** An access later than all that was known before, Unix seconds; 0: none. */
  readonly accessAt: number;
  /** What the sync state keeps of it. */
  readonly change: Pick<SyncState, 'habit' | 'activity'>;
}

export const seenSolve = (solve: Solve): SeenSolve => ({
  at: unixOf(solve.solvedAt),
  source: solve.source === 'odl' ? 'odl' : 'flash_ctf',
});

/** Solves that no read has observed yet: stored by this one, or since the last one that came to its end. */
function newsOf(list: SeenList, observedUntil: number): Solve[] {
  const news = new Map<string, Solve>();
  for (const solve of list.solves) {
    if (unixOf(solve.storedAt) > observedUntil) news.set(solveKey(solve), solve);
  }
  for (const solve of list.added) news.set(solveKey(solve), solve);
  return [...news.values()].filter(isStanding);
}

/**
 * What a read observes, given the state that it is about to change; undefined when there is nothing to record.
 *
 * A solve is new when it was stored after the last read that wrote a state, whichever job stored it: a read that died
 * between storing and the state is made up for by the next one, and two jobs that overlap record a solve once. (ODL goes
 * by the habit's own time, which a totals read moves too; Flash CTFs by their last read.) A first read observes the whole
 * history; `observeRead` says how it takes that.
 */
export function observationOf(state: SyncState, lists: readonly SeenList[]): Observation | undefined {
  const habit = habitOf(state);
  const odl = lists.find(({ source }) => source === 'odl');
  const news = lists.flatMap((list) =>
    newsOf(list, list.source === 'odl' ? habit.readAt : unixOf(state.lastFlashReadAt)),
  );
  const asked = odl ?? lists.at(0);
  if (asked === undefined || (odl === undefined && news.length === 0)) return undefined;
  const readAt = asked.readAt.getTime() / 1000;
  const seen = news.map(seenSolve);
  const after = habitAfterRead(habit, readAt, seen, Math.max(0, odl?.accessAt ?? 0));
  return {
    habit,
    readAt,
    ofWeek: odl !== undefined,
    news,
    accessAt: after.accessAt === habit.accessAt ? 0 : after.accessAt,
    change: {
      // A read of Flash CTFs alone says nothing of the weeks before it.
      habit: packHabit(odl === undefined ? { ...habit, eventSolveAt: after.eventSolveAt } : after),
      activity: withSolves(state.activity, seen, readAt),
    },
  };
}
