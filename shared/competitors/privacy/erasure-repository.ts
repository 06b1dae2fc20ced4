import { DeleteCommand, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import {
  condition,
  equals,
  exists,
  greaterThan,
  notExists,
  query,
  set,
  update,
  type AttributeValue,
} from '#shared/table/expressions.ts';
import { indexKeys, keys, PARTITION_KEY, SORT_KEY } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import {
  queryAll,
  queryPage,
  retryOnConflict,
  TransactionRefusedError,
  type Table,
  type TransactItem,
} from '#shared/table/table.ts';
import type { PersonRepository, StoredRow } from './person-repository.ts';

/** What stays of an erased person: no more than tells that the id may not come back. */
export interface Tombstone {
  readonly competitorId: string;
  readonly coachId: string;
  /** The id the platform, which deletes nobody, still knows them by; null when they never had an account. */
  readonly gamePlatformId: string | null;
  /** ISO 8601 UTC. */
  readonly erasedAt: string;
  readonly jobId: string;
}

/** Refuses a transaction that would write about an erased person, or under the id the platform knows one by. */
export const notErased = (table: Table, id: string): TransactItem => ({
  ConditionCheck: {
    TableName: table.name,
    Key: keys.tombstone(id),
    ...condition(notExists('pk')),
  },
});

/**
 * A tombstone under the person's id here, and another under the one the platform knows them by where that differs, so
 * that nobody claims the account of an erased child by knowing either.
 */
export function tombstoneItems(tombstone: Tombstone): readonly Readonly<Record<string, unknown>>[] {
  const { competitorId, gamePlatformId, erasedAt } = tombstone;
  const item = { type: 'tombstone', ...tombstone };
  return [
    // All of them, for erasing again what a restored backup brings back.
    { ...keys.tombstone(competitorId), ...indexKeys.erased(erasedAt, competitorId), ...item },
    ...(gamePlatformId === null || gamePlatformId === competitorId
      ? []
      : [{ ...keys.tombstone(gamePlatformId), ...item }]),
  ];
}

/** Whether somebody erased had this id, here or on the platform. Consistent. */
export async function isErased(table: Table, id: string): Promise<boolean> {
  const { Item: item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: keys.tombstone(id), ConsistentRead: true }),
  );
  return item !== undefined;
}

/** Whether somebody was erased at this time (ISO 8601) or later. From the index, so a moment old. */
export async function erasedSince(table: Table, iso: string): Promise<boolean> {
  const { gsi1pk } = indexKeys.erased('', '');
  const [found] = await queryPage(table, query(equals('gsi1pk', gsi1pk), greaterThan('gsi1sk', iso)), {
    limit: 1,
    after: undefined,
  });
  return found !== undefined;
}

const tombstoneSchema = z.object({
  competitorId: z.string(),
  coachId: z.string(),
  gamePlatformId: z.string().nullable(),
  erasedAt: z.iso.datetime(),
  jobId: z.string(),
});

/** Everybody who was ever erased, oldest first; from the index, so a moment old. */
export async function* listTombstones(table: Table): AsyncGenerator<Tombstone> {
  const { gsi1pk } = indexKeys.erased('', '');
  for await (const item of queryAll(table, query(equals('gsi1pk', gsi1pk))))
    yield parseRow(tombstoneSchema, 'tombstone', item);
}

/** Names one of the kinds of row that an erasure deals with, and does it; answers how many rows there were. */
export type ErasureStep = readonly [
  kind: string,
  erase: (competitorId: string, mayGoOn: () => boolean) => Promise<number>,
];

/** Rows written at a time. */
const AT_ONCE = 16;

const keyOf = (row: StoredRow) => ({
  [PARTITION_KEY]: row[PARTITION_KEY],
  [SORT_KEY]: row[SORT_KEY],
});

async function all(
  found: AsyncIterable<StoredRow>,
  deal: (row: StoredRow) => Promise<unknown>,
  mayGoOn: () => boolean,
): Promise<number> {
  let count = 0;
  let batch: StoredRow[] = [];
  const flush = async () => {
    await Promise.all(batch.map(deal));
    count += batch.length;
    batch = [];
  };
  for await (const row of found) {
    batch.push(row);
    if (batch.length < AT_ONCE) continue;
    await flush();
    if (!mayGoOn()) return count;
  }
  await flush();
  return count;
}

async function* but(found: AsyncIterable<StoredRow>, keep: (row: StoredRow) => boolean) {
  for await (const row of found) if (!keep(row)) yield row;
}

/** The tombstone; and the entry, ids alone, by which the person is taken off their team over there. It goes after that. */
const staysForNow = (row: StoredRow): boolean =>
  row['type'] === 'tombstone' ||
  (row['type'] === 'roster_entry' && typeof row['erasedPlatformId'] === 'string');

export interface ErasureRepository {
  readonly tombstone: (competitorId: string) => Promise<{ readonly erasedAt: string } | undefined>;
  /** Each may run any number of times; each stops when told and goes on at the next call. */
  readonly steps: readonly ErasureStep[];
}

export function createErasureRepository(table: Table, rows: PersonRepository): ErasureRepository {
  const remove = (row: StoredRow): Promise<unknown> =>
    retryOnConflict(() => table.client.send(new DeleteCommand({ TableName: table.name, Key: keyOf(row) })));
  const replace = (row: StoredRow, name: string, value: AttributeValue): Promise<unknown> =>
    table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keyOf(row),
        ...update([set(name, value)], { when: exists('pk') }),
      }),
    );
  const about = (gsi1pk: string) => queryAll(table, query(equals('gsi1pk', gsi1pk)));

  async function* single(competitorId: string) {
    yield* await rows.singleRows(competitorId);
  }

  return {
    async tombstone(competitorId) {
      const { Item: item } = await table.client.send(
        new GetCommand({ TableName: table.name, Key: keys.tombstone(competitorId), ConsistentRead: true }),
      );
      return item === undefined ? undefined : { erasedAt: String(item['erasedAt']) };
    },
    steps: [
      ['records', (id, mayGoOn) => all(but(rows.ownRows(id), staysForNow), remove, mayGoOn)],
      ['reading', (id, mayGoOn) => all(single(id), remove, mayGoOn)],
      ['activity', (id, mayGoOn) => all(rows.activityAbout(id), remove, mayGoOn)],
      ['quarantine', (id, mayGoOn) => all(about(indexKeys.quarantineAbout(id, '').gsi1pk), remove, mayGoOn)],
      [
        // Who did what and when stays; what was said of the person goes.
        'audit',
        (id, mayGoOn) =>
          all(
            but(rows.auditAbout(id), (row) => Object.keys(Object(row['details'])).length === 0),
            (row) => replace(row, 'details', {}),
            mayGoOn,
          ),
      ],
    ],
  };
}

/** Whether a transaction whose last part is {@link notErased} was refused because the person is erased. */
export const erasedMeanwhile = (error: unknown): boolean =>
  error instanceof TransactionRefusedError && error.reasons.at(-1) === 'ConditionalCheckFailed';

/** Runs a transaction whose last part is {@link notErased}; does nothing when the person is erased. */
export async function unlessErased(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!erasedMeanwhile(error)) throw error;
  }
}
