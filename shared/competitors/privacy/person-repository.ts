import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { equals, query } from '#shared/table/expressions.ts';
import { indexKeys, INDEXES, keys, PARTITION_KEY, SORT_KEY, TTL_ATTRIBUTE } from '#shared/table/keys.ts';
import { queryAll, type Table } from '#shared/table/table.ts';

/** A row as it lies in the table. */
export type StoredRow = Readonly<Record<string, unknown>>;

const KEY_ATTRIBUTES = new Set([
  PARTITION_KEY,
  SORT_KEY,
  TTL_ATTRIBUTE,
  'type',
  ...Object.values(INDEXES).flatMap(({ partitionKey, sortKey }) => [partitionKey, sortKey]),
]);

/** A row without what only the table needs. */
export const withoutKeys = (row: StoredRow): StoredRow =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !KEY_ATTRIBUTES.has(name)));

/** ISO 8601 UTC; null: never. */
export interface LastReads {
  readonly lastReadAt: string | null;
  readonly lastFlashReadAt: string | null;
}

export interface PersonRepository {
  /** All rows of one person's partition, to the last page; consistent. */
  readonly ownRows: (competitorId: string) => AsyncGenerator<StoredRow>;
  /** The rows about one person that lie elsewhere under a key of their own: what is read next, what is due. */
  readonly singleRows: (competitorId: string) => Promise<StoredRow[]>;
  /** When the scores were read last, wherever that is kept; undefined: they are not read. */
  readonly lastReads: (competitorId: string) => Promise<LastReads | undefined>;
  readonly activityAbout: (competitorId: string) => AsyncGenerator<StoredRow>;
  readonly auditAbout: (competitorId: string) => AsyncGenerator<StoredRow>;
}

export function createPersonRepository(
  table: Table,
  lastReads: PersonRepository['lastReads'],
): PersonRepository {
  const index = (partition: string) => queryAll(table, query(equals('gsi1pk', partition)));
  return {
    ownRows: (competitorId) =>
      queryAll(table, {
        ...query(equals('pk', keys.competitorPartition(competitorId))),
        ConsistentRead: true,
      }),
    async singleRows(competitorId) {
      const rows = await Promise.all(
        [keys.syncState(competitorId), keys.totalsDue(competitorId)].map(async (Key) => {
          const answer = await table.client.send(
            new GetCommand({ TableName: table.name, Key, ConsistentRead: true }),
          );
          return answer.Item;
        }),
      );
      return rows.filter((row) => row !== undefined);
    },
    lastReads,
    activityAbout: (competitorId) => index(indexKeys.activityAbout(competitorId, '', '').gsi1pk),
    auditAbout: (competitorId) => index(indexKeys.auditAbout(competitorId, '', '').gsi1pk),
  };
}
