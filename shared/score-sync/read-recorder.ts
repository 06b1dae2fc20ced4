import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { and, equals, notExists, setAll, update, type Condition } from '#shared/table/expressions.ts';
import { keys } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import type { Table } from '#shared/table/table.ts';
import type { NoOpReadRepository, PendingNoOpRead } from './no-op-read-repository.ts';
import { isNoOpRead, noOpReadOf } from './no-op-read.ts';
import { observationOf, type CompletedRead, type Observation, type SeenList } from './observation.ts';
import { LONGEST_REASON, syncStateSchema, type SyncState, type SyncStateChange } from './score-records.ts';

export interface RecordedRead {
  /** False: the competitor has left, or is known to the platform by another id now. */
  readonly recorded: boolean;
  /** What the read showed for the first time; undefined: nothing, or it was not recorded. */
  readonly observation: Observation | undefined;
}

export type RecordRead = (state: SyncState, read: CompletedRead) => Promise<RecordedRead>;

/** Reads that are recorded together, and what else is to be written when they have ended, however they do. */
export interface ReadsTogether<T> {
  readonly reads: (recordRead: RecordRead) => Promise<T>;
  /** Never rejects. */
  readonly afterReads?: () => Promise<void>;
}

/** The writing half of the sync states. */
export interface ReadRecorder {
  /**
   * One write of the state, no index. When another read has been recorded since the state was loaded, what this one
   * observes is worked out again for the state as it is now.
   */
  recordRead: RecordRead;
  /**
   * The same for the reads of a part, of which those that changed nothing but their time are kept together, several
   * competitors in a write. They are all recorded once this resolves; it rejects when that fails.
   */
  recordTogether<T>(states: Iterable<SyncState>, work: ReadsTogether<T>): Promise<T>;
  /** Solves that came to light beside the reads of new ones: what they show is recorded now, as no later read will. */
  recordLateSolves(state: SyncState, list: SeenList): Promise<RecordedRead>;
}

/** Each further one means that another read of the same competitor was recorded in between. */
const OBSERVE_ATTEMPTS = 4;

/** So many are asked about again when a worker dies before they are saved. */
const SAVE_AT = 25;

type Observe = (current: SyncState) => Observation | undefined;

/** No other read has been recorded that showed something, since the state was loaded. */
function asObserved({ rowHabit, habit }: SyncState): Condition {
  const before = rowHabit ?? habit;
  return before === undefined ? notExists('habit') : equals('habit', before);
}

async function updateState(
  table: Table,
  state: SyncState,
  change: SyncStateChange,
  when?: Condition,
): Promise<boolean> {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  if (given.length === 0) return true;
  try {
    await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keys.syncState(state.competitorId),
        ...update([setAll({ ...state.unwritten, ...Object.fromEntries(given) })], {
          when: and(equals('gamePlatformId', state.gamePlatformId), when),
        }),
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

const withShortReason = (read: CompletedRead): CompletedRead => ({
  ...read,
  reason: read.reason.slice(0, LONGEST_REASON),
});

export function createReadRecorder(table: Table, noOpReads: NoOpReadRepository): ReadRecorder {
  async function present(competitorId: string): Promise<SyncState | undefined> {
    const { Item: item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: keys.syncState(competitorId), ConsistentRead: true }),
    );
    if (item === undefined) return undefined;
    const states = [parseRow(syncStateSchema, 'sync_state', item)];
    const [state] = await noOpReads.mergedInto(states, { consistent: true });
    return state;
  }

  /** @param first what `observe` makes of `state` */
  async function write(
    state: SyncState,
    change: SyncStateChange,
    first: Observation | undefined,
    observe: Observe,
  ): Promise<RecordedRead> {
    let current = state;
    let observation = first;
    for (let attempt = 1; observation !== undefined && attempt <= OBSERVE_ATTEMPTS; attempt += 1) {
      const observed = { ...change, ...observation.change };
      if (await updateState(table, current, observed, asObserved(current))) {
        return { recorded: true, observation };
      }
      const now = await present(state.competitorId);
      if (now?.gamePlatformId !== state.gamePlatformId) return { recorded: false, observation: undefined };
      current = now;
      observation = observe(current);
    }
    // What was read counts, whatever can be observed from it.
    const recorded = await updateState(table, current, change);
    return { recorded, observation: recorded ? observation : undefined };
  }

  /** @param newSlot the state's place among no-op reads, if it has none yet */
  function writeRead(
    state: SyncState,
    read: CompletedRead,
    observation: Observation | undefined,
    newSlot?: number,
  ): Promise<RecordedRead> {
    const { jobId, outcome, reason } = read;
    const run = { jobId, outcome };
    const change = {
      ...read.change,
      ...(read.read === 'flash' ? { lastFlashRun: run } : { lastRun: run }),
      why: { reason, at: read.endedAt.toISOString() },
      quietSlot: state.quietSlot ?? newSlot,
    };
    return write(state, change, observation, (current) => observationOf(current, read.lists));
  }

  return {
    recordRead: (state, read) => writeRead(state, withShortReason(read), observationOf(state, read.lists)),

    async recordTogether(states, { reads, afterReads }) {
      const without = [...states].filter(({ quietSlot }) => quietSlot === undefined);
      const slots = await noOpReads.slotsFor(without.map(({ competitorId }) => competitorId));
      let pending: PendingNoOpRead[] = [];

      async function save(): Promise<void> {
        const some = pending;
        pending = [];
        await noOpReads.save(some);
      }

      async function recordRead(state: SyncState, completed: CompletedRead): Promise<RecordedRead> {
        const { competitorId, quietSlot: slot } = state;
        const read = withShortReason(completed);
        const observation = observationOf(state, read.lists);
        if (slot === undefined || !isNoOpRead(state, read, observation)) {
          return writeRead(state, read, observation, slots.get(competitorId));
        }
        pending.push({ competitorId, slot, read: noOpReadOf(state, read) });
        if (pending.length >= SAVE_AT) await save();
        return { recorded: true, observation };
      }

      try {
        return await reads(recordRead);
      } finally {
        await Promise.all([save(), afterReads?.()]);
      }
    },

    recordLateSolves(state, list) {
      const observe: Observe = (current) => {
        const observation = observationOf(current, [list]);
        return observation === undefined || observation.news.length === 0 ? undefined : observation;
      };
      return write(state, {}, observe(state), observe);
    },
  };
}
