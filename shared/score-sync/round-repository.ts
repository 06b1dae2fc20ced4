import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { keys } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import { putIf, replacesVersion, type Table } from '#shared/table/table.ts';
import { roundRecordSchema, type RoundRecord } from './rounds/round-record.ts';

/** Where the rounds of the score sync stand. */
export interface RoundRepository {
  /** Consistent; undefined before the first round. */
  readonly last: () => Promise<RoundRecord | undefined>;
  /** False when the stored version is no longer the one before this: another planner was first. */
  readonly save: (round: RoundRecord) => Promise<boolean>;
}

export function createRoundRepository(table: Table): RoundRepository {
  return {
    async last() {
      const { Item: item } = await table.client.send(
        new GetCommand({ TableName: table.name, Key: keys.syncPolicy('ROUND'), ConsistentRead: true }),
      );
      return item === undefined ? undefined : parseRow(roundRecordSchema, 'sync_round', item);
    },

    save: (round) =>
      putIf(table, {
        Item: { ...keys.syncPolicy('ROUND'), type: 'sync_round', ...round },
        ...replacesVersion(round.version - 1),
      }),
  };
}
