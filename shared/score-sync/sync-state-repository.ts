import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import {
  and,
  equals,
  exists,
  greaterThan,
  notEquals,
  notExists,
  or,
  query,
  set,
  update,
} from '#shared/table/expressions.ts';
import { keys, SYNC_BUCKETS } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import { batchGetAll, queryAll, updateIf, type Table } from '#shared/table/table.ts';
import { createNoOpReadRepository } from './no-op-read-repository.ts';
import { movedBy } from './no-op-read.ts';
import { createReadRecorder, type ReadRecorder } from './read-recorder.ts';
import { readingStateSchema, syncStateSchema, type ReadingState, type SyncState } from './score-records.ts';

/** Where an enumeration of everyone stands: a bucket, and the last sort key taken from it. */
export interface SyncPosition {
  readonly bucket: number;
  readonly after: string | null;
}

export interface SyncStatePage {
  readonly states: readonly SyncState[];
  /** Null when everyone has been given out. */
  readonly next: SyncPosition | null;
}

/** How far competitors have been read. States are given out with their no-op reads merged in (`no-op-read.ts`). */
export interface SyncStateRepository extends ReadRecorder {
  /** States by competitor id; competitors without one are left out. Eventually consistent: an old state only reads more. */
  byIds(competitorIds: readonly string[]): Promise<ReadonlyMap<string, SyncState>>;
  /** The same of rows that the caller has loaded with others. */
  fromRows(rows: readonly Readonly<Record<string, unknown>>[]): Promise<ReadonlyMap<string, SyncState>>;
  /** The next `limit` competitors in key order over all buckets. Start with `{ bucket: 0, after: null }`. */
  page(position: SyncPosition, limit: number): Promise<SyncStatePage>;
  /** Everyone, in pages as large as the table gives them, several buckets at a time; in no order. */
  everyone(): AsyncGenerator<readonly ReadingState[]>;
  /** Has the copy of the team follow; makes no state where there is none, and leaves alone what is right. */
  followTeam(competitorId: string, teamId: string | null): Promise<void>;
}

/** Less to carry and to parse than the whole row; it costs as many units. */
const READING_FIELDS = readingStateSchema.keyof().options;

/** Enough to hide the way to the table, few enough to keep their answers in memory. */
const BUCKETS_AT_ONCE = 4;

export function createSyncStateRepository(table: Table): SyncStateRepository {
  const noOpReads = createNoOpReadRepository(table);

  async function rowsOfBucket(bucket: number): Promise<ReadingState[]> {
    const states: ReadingState[] = [];
    const items = queryAll(
      table,
      query(equals('pk', keys.syncBucket(bucket)), undefined, { fields: READING_FIELDS }),
    );
    for await (const item of items) states.push(parseRow(readingStateSchema, 'sync_state', item));
    return states;
  }

  async function ofBucket(bucket: number): Promise<ReadingState[]> {
    const [states, reads] = await Promise.all([rowsOfBucket(bucket), noOpReads.ofBucket(bucket)]);
    return states.map((state) => {
      const read = state.quietSlot === undefined ? undefined : reads.get(state.quietSlot);
      return read === undefined ? state : Object.assign(state, movedBy(state, read));
    });
  }

  async function fromRows(rows: readonly Readonly<Record<string, unknown>>[]) {
    const states = rows.map((row) => parseRow(syncStateSchema, 'sync_state', row));
    return new Map((await noOpReads.mergedInto(states)).map((state) => [state.competitorId, state]));
  }

  return {
    ...createReadRecorder(table, noOpReads),

    byIds: async (competitorIds) => fromRows(await batchGetAll(table, competitorIds.map(keys.syncState))),

    fromRows,

    async page(position, limit) {
      const states: SyncState[] = [];
      let { bucket, after } = position;
      while (bucket < SYNC_BUCKETS && states.length < limit) {
        const wanted = limit - states.length;
        const answer = await table.client.send(
          new QueryCommand({
            TableName: table.name,
            ...query(
              equals('pk', keys.syncBucket(bucket)),
              after === null ? undefined : greaterThan('sk', after),
            ),
            Limit: wanted,
          }),
        );
        const page = (answer.Items ?? []).map((item) => parseRow(syncStateSchema, 'sync_state', item));
        states.push(...page);
        const last = page.at(-1);
        if (answer.LastEvaluatedKey === undefined) {
          bucket += 1;
          after = null;
        } else if (last !== undefined) {
          after = keys.syncState(last.competitorId).sk;
        }
      }
      return {
        states: await noOpReads.mergedInto(states),
        next: bucket < SYNC_BUCKETS ? { bucket, after } : null,
      };
    },

    async *everyone() {
      const buckets = Array.from({ length: SYNC_BUCKETS }, (_, bucket) => bucket);
      for (let first = 0; first < SYNC_BUCKETS; first += BUCKETS_AT_ONCE) {
        const some = buckets.slice(first, first + BUCKETS_AT_ONCE);
        yield (await Promise.all(some.map(ofBucket))).flat();
      }
    },

    async followTeam(competitorId, teamId) {
      await updateIf(table, {
        Key: keys.syncState(competitorId),
        ...update([set('teamId', teamId)], {
          when: and(exists('gamePlatformId'), or(notExists('teamId'), notEquals('teamId', teamId))),
        }),
      });
    },
  };
}
