import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { syncStateSchema, type SyncState } from '../score-sync/score-records.ts';
import { keys, SYNC_BUCKETS } from './keys.ts';
import { parseRow } from './row.ts';
import { batchGetAll, type Table } from './table.ts';

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
export type SyncStateChange = Partial<Omit<SyncState, 'competitorId' | 'coachId' | 'gamePlatformId'>>;

export interface SyncStateRepository {
  /** States by competitor id; people without one are left out. Eventually consistent: an old state only reads more. */
  ofCompetitors(competitorIds: readonly string[]): Promise<ReadonlyMap<string, SyncState>>;
  /** The next `limit` people in key order over all buckets. Start with `{ bucket: 0, after: null }`. */
  page(position: SyncPosition, limit: number): Promise<SyncStatePage>;
  /** One write, no index. False when the competitor has left, or is known to the platform by another id now. */
  change(state: SyncState, change: SyncStateChange): Promise<boolean>;
}

export function createSyncStateRepository(table: Table): SyncStateRepository {
  return {
    async ofCompetitors(competitorIds) {
      const items = await batchGetAll(table, competitorIds.map(keys.syncState));
      return new Map(
        items.map((item) => {
          const state = parseRow(syncStateSchema, 'sync_state', item);
          return [state.competitorId, state];
        }),
      );
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
      return { states, next: bucket < SYNC_BUCKETS ? { bucket, after } : null };
    },

    async change(state, change) {
      const entries = Object.entries(change).filter(([, value]) => value !== undefined);
      try {
        await table.client.send(
          new UpdateCommand({
            TableName: table.name,
            Key: keys.syncState(state.competitorId),
            ConditionExpression: 'gamePlatformId = :platformId',
            UpdateExpression: `SET ${entries.map(([name]) => `#${name} = :${name}`).join(', ')}`,
            ExpressionAttributeNames: Object.fromEntries(entries.map(([name]) => [`#${name}`, name])),
            ExpressionAttributeValues: {
              ':platformId': state.gamePlatformId,
              ...Object.fromEntries(entries.map(([name, value]) => [`:${name}`, value])),
            },
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
  };
}
