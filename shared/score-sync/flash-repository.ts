import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { notErased } from '#shared/competitors/privacy/erasure-repository.ts';
import {
  atMost,
  beginsWith,
  condition,
  equals,
  lessThan,
  notExists,
  or,
  query,
} from '#shared/table/expressions.ts';
import { keys } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import { queryAll, transactWrite, TransactionRefusedError, type Table } from '#shared/table/table.ts';
import { flashEventItem, flashResultItem } from './score-items.ts';
import {
  competitorStatsSchema,
  flashEventSchema,
  flashResultSchema,
  isStanding,
  solveSchema,
  type FlashEvent,
  type FlashResult,
  type Solve,
} from './score-records.ts';

export interface FlashRepository {
  events(): Promise<FlashEvent[]>;
  /** Keeps a new event, or a new end of a known one; when it was first seen stays. */
  saveEvent(event: FlashEvent): Promise<void>;
  resultsOf(competitorId: string): Promise<FlashResult[]>;
  /** The solves of one event that stand, as stored. */
  solvesOf(competitorId: string, eventId: string): Promise<Solve[]>;
  /** Keeps the result unless a newer reading is stored. */
  saveResult(result: FlashResult): Promise<void>;
}

async function putIf(table: Table, input: Omit<ConstructorParameters<typeof PutCommand>[0], 'TableName'>) {
  try {
    await table.client.send(new PutCommand({ ...input, TableName: table.name }));
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

/** The totals, if there are any, are this coach's. */
const stillOf = (competitorId: string, coachId: string) => ({
  Key: keys.competitorStats(competitorId),
  ...condition(or(notExists('pk'), equals('coachId', coachId))),
});

async function coachOf(table: Table, competitorId: string): Promise<string | undefined> {
  const { Item: item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: keys.competitorStats(competitorId), ConsistentRead: true }),
  );
  return item === undefined ? undefined : parseRow(competitorStatsSchema, 'stats', item).coachId;
}

async function unlessRefused(write: Promise<void>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (!(error instanceof TransactionRefusedError)) throw error;
  }
}

export function createFlashRepository(table: Table): FlashRepository {
  return {
    async events() {
      const events: FlashEvent[] = [];
      const rows = queryAll(table, query(equals('pk', keys.flashEvents)));
      for await (const item of rows) events.push(parseRow(flashEventSchema, 'flash_event', item));
      return events;
    },

    async saveEvent(event) {
      await putIf(table, {
        Item: flashEventItem(event),
        ...condition(or(notExists('pk'), lessThan('endsAt', event.endsAt))),
      });
    },

    async resultsOf(competitorId) {
      const results: FlashResult[] = [];
      const { pk, sk } = keys.flashResult(competitorId, '');
      const rows = queryAll(table, query(equals('pk', pk), beginsWith('sk', sk)));
      for await (const item of rows) results.push(parseRow(flashResultSchema, 'flash_result', item));
      return results;
    },

    async solvesOf(competitorId, eventId) {
      const solves: Solve[] = [];
      const { pk, sk } = keys.solve(competitorId, 'ctf', eventId, 0);
      const rows = queryAll(table, query(equals('pk', pk), beginsWith('sk', sk.slice(0, -1))));
      for await (const item of rows) solves.push(parseRow(solveSchema, 'solve', item));
      return solves.filter(isStanding);
    },

    async saveResult(result) {
      const { competitorId, coachId } = result;
      const save = (owner: string) =>
        transactWrite(table, [
          { ConditionCheck: { TableName: table.name, ...stillOf(competitorId, owner) } },
          {
            Put: {
              TableName: table.name,
              Item: flashResultItem({ ...result, coachId: owner }),
              ...condition(or(notExists('pk'), atMost('readAt', result.readAt))),
            },
          },
          notErased(table, competitorId),
        ]);
      try {
        await save(coachId);
      } catch (error) {
        if (!(error instanceof TransactionRefusedError)) throw error;
        if (error.reasons[0] !== 'ConditionalCheckFailed') return;
        // Moved to another coach since the read began: the totals say to whom.
        const owner = await coachOf(table, competitorId);
        if (owner !== undefined) await unlessRefused(save(owner));
      }
    },
  };
}
