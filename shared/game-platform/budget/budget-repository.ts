import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { between, equals, query } from '#shared/table/expressions.ts';
import { keys, TTL_ATTRIBUTE } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import { queryAll, replacesVersion, type Table } from '#shared/table/table.ts';
import { budgetDaySchema, budgetStateSchema, type BudgetDay, type BudgetState } from './budget-state.ts';
import { OwnError } from '#shared/kernel/errors.ts';

export interface BudgetRepository {
  /** Consistent; undefined before the first call. */
  readonly state: () => Promise<BudgetState | undefined>;
  /**
   * Replaces the version before this one, and keeps the day that ended with it, if one did. Null when it was written;
   * otherwise the state that somebody else wrote meanwhile.
   */
  readonly replace: (next: BudgetState, ended: BudgetDay | null) => Promise<BudgetState | null>;
  /** Days that ended, from the first to the last, both included, oldest first. */
  readonly days: (from: string, to: string) => Promise<readonly BudgetDay[]>;
}

const DAYS_KEPT = 400;
const SECONDS_PER_DAY = 86_400;
const OTHERS_WRITE = [
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
];

export function createBudgetRepository(table: Table): BudgetRepository {
  const state = async (): Promise<BudgetState | undefined> => {
    const { Item: item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: keys.budget(), ConsistentRead: true }),
    );
    return item === undefined ? undefined : parseRow(budgetStateSchema, 'budget', item);
  };

  /** The state after somebody else's write. */
  const other = async (): Promise<BudgetState> => {
    const current = await state();
    if (current === undefined) throw new OwnError('The row of the call budget has vanished.');
    return current;
  };

  return {
    state,

    async replace(next, ended) {
      const put = {
        TableName: table.name,
        Item: { ...keys.budget(), type: 'budget', ...next },
        ...replacesVersion(next.version - 1),
      };
      try {
        if (ended === null) {
          await table.client.send(new PutCommand(put));
          return null;
        }
        const expires = Math.ceil(Date.parse(`${ended.day}T00:00:00Z`) / 1_000) + DAYS_KEPT * SECONDS_PER_DAY;
        const day = { ...keys.budgetDay(ended.day), type: 'budget_day', ...ended, [TTL_ATTRIBUTE]: expires };
        await table.client.send(
          new TransactWriteCommand({
            TransactItems: [{ Put: put }, { Put: { TableName: table.name, Item: day } }],
          }),
        );
        return null;
      } catch (error) {
        // Another's write was first, or is just under way.
        if (OTHERS_WRITE.some((kind) => error instanceof kind)) return other();
        throw error;
      }
    },

    async days(from, to) {
      const days: BudgetDay[] = [];
      const items = queryAll(table, query(equals('pk', keys.budgetDay(from).pk), between('sk', from, to)));
      for await (const item of items) days.push(parseRow(budgetDaySchema, 'budget_day', item));
      return days;
    },
  };
}
