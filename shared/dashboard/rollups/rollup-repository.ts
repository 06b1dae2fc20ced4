import { isDeepStrictEqual } from 'node:util';
import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { chunks, mapAtOnce } from '#shared/kernel/at-once.ts';
import { between, equals, query } from '#shared/table/expressions.ts';
import { keys, TTL_ATTRIBUTE } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import { BATCH_PUT_ITEMS, batchGetAll, batchPut, queryAll, type Table } from '#shared/table/table.ts';
import { headSchema, rowNames, type RollupHead, type RollupRows } from './rollup.ts';

const TYPE = 'rollup';
const rollupRowSchema = z.object({ sk: z.string(), row: z.unknown() });
const periodSchema = z.object({ sk: z.string(), expiresAt: z.int() });

const BATCHES_AT_ONCE = 4;
/** Days that somebody looked at are kept up to date for a day after the last look. */
const PERIOD_KEPT_SECONDS = 24 * 3600;

/** Sums by scope: a coach's id, or the program. */
export interface RollupRepository {
  /** Every row of a scope. */
  readonly rowsOf: (scope: string) => Promise<RollupRows>;
  readonly row: (scope: string, name: string) => Promise<unknown>;
  /** Rows whose names lie between these two. */
  readonly rowsBetween: (scope: string, first: string, last: string) => Promise<readonly unknown[]>;
  readonly headOf: (scope: string) => Promise<RollupHead | undefined>;
  /** Heads of those scopes that have one. */
  readonly heads: (scopes: readonly string[]) => Promise<readonly RollupHead[]>;
  /** Writes what is not as it was, takes away what is gone, and the head last. */
  readonly save: (
    scope: string,
    change: { readonly before: RollupRows; readonly after: RollupRows; readonly head: RollupHead },
  ) => Promise<void>;
  /** Has the next run make a scope's sums anew, whatever its lines of activity say. */
  readonly forget: (scope: string) => Promise<void>;
  /** The periods that were asked for lately. */
  readonly periods: (now: Date) => Promise<readonly string[]>;
  readonly askFor: (period: string, now: Date) => Promise<void>;
}

const seconds = (now: Date): number => Math.floor(now.getTime() / 1000);

const itemOf = (scope: string, name: string, row: unknown) => ({
  ...keys.rollup(scope, name),
  type: TYPE,
  row,
});

export function createRollupRepository(table: Table): RollupRepository {
  async function row(scope: string, name: string): Promise<unknown> {
    const { Item: found } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: keys.rollup(scope, name) }),
    );
    return found === undefined ? undefined : parseRow(rollupRowSchema, TYPE, found).row;
  }

  return {
    async rowsOf(scope) {
      const rows = new Map<string, unknown>();
      const { pk } = keys.rollup(scope, '');
      for await (const found of queryAll(table, { ...query(equals('pk', pk)), ConsistentRead: true })) {
        const { sk, row: own } = parseRow(rollupRowSchema, TYPE, found);
        rows.set(sk, own);
      }
      return rows;
    },
    row,
    async rowsBetween(scope, first, last) {
      const rows: unknown[] = [];
      const { pk } = keys.rollup(scope, '');
      for await (const found of queryAll(table, query(equals('pk', pk), between('sk', first, last)))) {
        rows.push(parseRow(rollupRowSchema, TYPE, found).row);
      }
      return rows;
    },
    async headOf(scope) {
      const head = await row(scope, rowNames.head);
      return head === undefined ? undefined : headSchema.parse(head);
    },
    async heads(scopes) {
      const found = await batchGetAll(
        table,
        scopes.map((scope) => keys.rollup(scope, rowNames.head)),
      );
      return found.map((one) => headSchema.parse(parseRow(rollupRowSchema, TYPE, one).row));
    },
    async save(scope, { before, after, head }) {
      const changed = [...after].filter(([name, own]) => !isDeepStrictEqual(own, before.get(name)));
      await mapAtOnce(chunks(changed, BATCH_PUT_ITEMS), BATCHES_AT_ONCE, (batch) =>
        batchPut(
          table,
          batch.map(([name, own]) => itemOf(scope, name, own)),
        ),
      );
      const gone = [...before.keys()].filter((name) => name !== rowNames.head && !after.has(name));
      await mapAtOnce(gone, BATCHES_AT_ONCE, (name) =>
        table.client.send(new DeleteCommand({ TableName: table.name, Key: keys.rollup(scope, name) })),
      );
      await table.client.send(
        new PutCommand({ TableName: table.name, Item: itemOf(scope, rowNames.head, head) }),
      );
    },
    async forget(scope) {
      await table.client.send(
        new DeleteCommand({ TableName: table.name, Key: keys.rollup(scope, rowNames.head) }),
      );
    },
    async periods(now) {
      const periods: string[] = [];
      for await (const found of queryAll(table, query(equals('pk', keys.rollupPeriods)))) {
        const { sk, expiresAt } = parseRow(periodSchema, 'rollup_period', found);
        // The table may take a day to delete what has run out.
        if (expiresAt > seconds(now)) periods.push(sk);
      }
      return periods;
    },
    async askFor(period, now) {
      await table.client.send(
        new PutCommand({
          TableName: table.name,
          Item: {
            ...keys.rollupPeriod(period),
            type: 'rollup_period',
            [TTL_ATTRIBUTE]: seconds(now) + PERIOD_KEPT_SECONDS,
          },
        }),
      );
    },
  };
}
