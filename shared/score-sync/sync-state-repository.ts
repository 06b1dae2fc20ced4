import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { keys, SYNC_BUCKETS } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import { batchGetAll, queryAll, updateIf, type Table } from '#shared/table/table.ts';
import { createQuietReadRepository, withQuietReads } from './no-op-read-repository.ts';
import { movedBy } from './no-op-read.ts';
import { readingStateSchema, syncStateSchema, type ReadingState, type SyncState } from './score-records.ts';

/** Where an enumeration of everybody stands: a bucket, and the last sort key taken from it. */
export interface SyncPosition {
  readonly bucket: number;
  readonly after: string | null;
}

export interface SyncStatePage {
  readonly states: readonly SyncState[];
  /** Null when everybody has been given out. */
  readonly next: SyncPosition | null;
}

/** What a read changed; fields left out keep their values. */
export type SyncStateChange = Partial<
  Omit<SyncState, 'competitorId' | 'coachId' | 'gamePlatformId' | 'rowHabit' | 'unwritten'>
>;

/** States are given out with their quiet reads in them (`score-sync/no-op-read.ts`). */
export interface SyncStateRepository {
  /** States by competitor id; people without one are left out. Eventually consistent: an old state only reads more. */
  ofCompetitors(competitorIds: readonly string[]): Promise<ReadonlyMap<string, SyncState>>;
  /** The next `limit` people in key order over all buckets. Start with `{ bucket: 0, after: null }`. */
  page(position: SyncPosition, limit: number): Promise<SyncStatePage>;
  /** Everybody, in pages as large as the table gives them, several buckets at a time; in no order. */
  everybody(): AsyncGenerator<readonly ReadingState[]>;
  /**
   * One write, no index. False when the competitor has left, or is known to the platform by another id now. What `learn`
   * makes of the state goes with it; when another read has taught the state since, it is asked again with that one.
   */
  change(state: SyncState, change: SyncStateChange, learn?: Learn): Promise<boolean>;
  /** Has the copy of the team follow; makes no state where there is none, and leaves alone what is right. */
  followTeam(competitorId: string, teamId: string | null): Promise<void>;
}

/** What a read teaches, given the state that it is written to; undefined: nothing. */
export type Learn = (current: SyncState) => SyncStateChange | undefined;

/** Less to carry and to parse than the whole row; it costs as many units. */
const READING_FIELDS = readingStateSchema.keyof().options;

/** Enough to hide the way to the table, few enough to hold their answers in memory. */
const BUCKETS_AT_ONCE = 4;

/** Each further one means that another read of the same person was written in between. */
const LEARN_ATTEMPTS = 4;

const AS_TAUGHT = '(#habit = :before OR (attribute_not_exists(#habit) AND :before = :none))';
const NONE = 'none';

export function createSyncStateRepository(table: Table): SyncStateRepository {
  const quietReads = createQuietReadRepository(table);

  async function write(
    state: SyncState,
    change: SyncStateChange,
    asTaught?: typeof AS_TAUGHT,
  ): Promise<boolean> {
    const told = Object.entries(change).filter(([, value]) => value !== undefined);
    if (told.length === 0) return true;
    const entries = Object.entries({ ...state.unwritten, ...Object.fromEntries(told) });
    const names = asTaught === undefined ? entries : [...entries, ['habit'] as const];
    try {
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: keys.syncState(state.competitorId),
          ConditionExpression: ['gamePlatformId = :platformId', asTaught ?? []].flat().join(' AND '),
          UpdateExpression: `SET ${entries.map(([name]) => `#${name} = :${name}`).join(', ')}`,
          ExpressionAttributeNames: Object.fromEntries(names.map(([name]) => [`#${name}`, name])),
          ExpressionAttributeValues: {
            ':platformId': state.gamePlatformId,
            ...Object.fromEntries(entries.map(([name, value]) => [`:${name}`, value])),
            ...(asTaught === undefined
              ? {}
              : { ':before': state.rowHabit ?? state.habit ?? NONE, ':none': NONE }),
          },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  async function present(competitorId: string): Promise<SyncState | undefined> {
    const { Item: item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: keys.syncState(competitorId), ConsistentRead: true }),
    );
    if (item === undefined) return undefined;
    const [state] = await withQuietReads(table, [parseRow(syncStateSchema, 'sync_state', item)], {
      consistent: true,
    });
    return state;
  }

  async function rowsOfBucket(bucket: number): Promise<ReadingState[]> {
    const states: ReadingState[] = [];
    const items = queryAll(table, {
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': keys.syncBucket(bucket) },
      ProjectionExpression: READING_FIELDS.map((name) => `#${name}`).join(', '),
      ExpressionAttributeNames: Object.fromEntries(READING_FIELDS.map((name) => [`#${name}`, name])),
    });
    for await (const item of items) states.push(parseRow(readingStateSchema, 'sync_state', item));
    return states;
  }

  async function ofBucket(bucket: number): Promise<ReadingState[]> {
    const [states, reads] = await Promise.all([rowsOfBucket(bucket), quietReads.ofBucket(bucket)]);
    return states.map((state) => {
      const read = state.quietSlot === undefined ? undefined : reads.get(state.quietSlot);
      return read === undefined ? state : Object.assign(state, movedBy(state, read));
    });
  }

  return {
    async ofCompetitors(competitorIds) {
      const items = await batchGetAll(table, competitorIds.map(keys.syncState));
      const states = items.map((item) => parseRow(syncStateSchema, 'sync_state', item));
      const now = await withQuietReads(table, states);
      return new Map(now.map((state) => [state.competitorId, state]));
    },

    async page(position, limit) {
      const states: SyncState[] = [];
      let { bucket, after } = position;
      while (bucket < SYNC_BUCKETS && states.length < limit) {
        const wanted = limit - states.length;
        const answer = await table.client.send(
          new QueryCommand({
            TableName: table.name,
            KeyConditionExpression: after === null ? 'pk = :pk' : 'pk = :pk and sk > :after',
            ExpressionAttributeValues: {
              ':pk': keys.syncBucket(bucket),
              ...(after === null ? {} : { ':after': after }),
            },
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
        states: await withQuietReads(table, states),
        next: bucket < SYNC_BUCKETS ? { bucket, after } : null,
      };
    },

    async *everybody() {
      const buckets = Array.from({ length: SYNC_BUCKETS }, (_, bucket) => bucket);
      for (let first = 0; first < SYNC_BUCKETS; first += BUCKETS_AT_ONCE) {
        const some = buckets.slice(first, first + BUCKETS_AT_ONCE);
        yield (await Promise.all(some.map(ofBucket))).flat();
      }
    },

    async change(state, change, learn) {
      let current = state;
      let learned = learn?.(state);
      for (let attempt = 1; learned !== undefined && attempt <= LEARN_ATTEMPTS; attempt += 1) {
        if (await write(current, { ...change, ...learned }, AS_TAUGHT)) return true;
        const now = await present(state.competitorId);
        if (now?.gamePlatformId !== state.gamePlatformId) return false;
        current = now;
        learned = learn?.(current);
      }
      // What was read counts, whatever can be learned from it.
      return write(current, change);
    },

    async followTeam(competitorId, teamId) {
      await updateIf(table, {
        Key: keys.syncState(competitorId),
        ConditionExpression:
          'attribute_exists(gamePlatformId) AND (attribute_not_exists(teamId) OR teamId <> :team)',
        UpdateExpression: 'SET teamId = :team',
        ExpressionAttributeValues: { ':team': teamId },
      });
    },
  };
}
