import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { condition, equals, greaterThan, notExists, or, query } from '#shared/table/expressions.ts';
import { keys } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import { batchGetAll, type Table } from '#shared/table/table.ts';
import { totalsDueSchema, type TotalsDue } from './score-records.ts';

export interface TotalsRepository {
  /** Flagged people in key order, at most `limit`; `next` is null at the end. */
  page(after: string | null, limit: number): Promise<{ due: readonly TotalsDue[]; next: string | null }>;
  ofCompetitors(competitorIds: readonly string[]): Promise<ReadonlyMap<string, TotalsDue>>;
  /** Clears the flag that was read. One set meanwhile is kept. */
  clear(due: TotalsDue): Promise<void>;
  /** The last competitor of the last sweep; null before the first. */
  position(): Promise<string | null>;
  savePosition(competitorId: string): Promise<void>;
}

const POSITION = keys.setting('totals-sweep-position');
const positionSchema = z.object({ competitorId: z.string() });

export function createTotalsRepository(table: Table): TotalsRepository {
  return {
    async page(after, limit) {
      const answer = await table.client.send(
        new QueryCommand({
          TableName: table.name,
          ...query(
            equals('pk', keys.totalsDuePartition),
            after === null ? undefined : greaterThan('sk', keys.totalsDue(after).sk),
          ),
          Limit: limit,
        }),
      );
      const due = (answer.Items ?? []).map((item) => parseRow(totalsDueSchema, 'totals_due', item));
      const last = due.at(-1);
      return {
        due,
        next: answer.LastEvaluatedKey === undefined || last === undefined ? null : last.competitorId,
      };
    },

    async ofCompetitors(competitorIds) {
      const items = await batchGetAll(table, competitorIds.map(keys.totalsDue), { consistent: true });
      return new Map(
        items.map((item) => {
          const due = parseRow(totalsDueSchema, 'totals_due', item);
          return [due.competitorId, due];
        }),
      );
    },

    async clear(due) {
      try {
        await table.client.send(
          new DeleteCommand({
            TableName: table.name,
            Key: keys.totalsDue(due.competitorId),
            ...condition(or(notExists('mark'), equals('mark', due.mark))),
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },

    async position() {
      const { Item: item } = await table.client.send(
        new GetCommand({ TableName: table.name, Key: POSITION }),
      );
      return item === undefined ? null : parseRow(positionSchema, 'setting', item).competitorId;
    },

    async savePosition(competitorId) {
      await table.client.send(
        new PutCommand({ TableName: table.name, Item: { ...POSITION, type: 'setting', competitorId } }),
      );
    },
  };
}
