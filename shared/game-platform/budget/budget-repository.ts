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
import {
  budgetDaySchema,
  budgetHourSchema,
  budgetStateSchema,
  type BudgetDay,
  type BudgetHour,
  type BudgetState,
} from './budget-state.ts';
import { OwnError } from '#shared/kernel/errors.ts';

export interface BudgetRepository {
  /** Consistent; undefined before the first call. */
  readonly state: () => Promise<BudgetState | undefined>;
  /**
   * Replaces the version before this one, and keeps the day that ended with it, or what there was before an hour began,
   * if one did. Null when it was written; otherwise the state that somebody else wrote meanwhile.
   */
  readonly replace: (
    next: BudgetState,
    ended: BudgetDay | null,
    hour?: BudgetHour | null,
  ) => Promise<BudgetState | null>;
  /** Days that ended, from the first to the last, both included, oldest first. */
  readonly days: (from: string, to: string) => Promise<readonly BudgetDay[]>;
  /** What a day's calls were before each hour that had some, for `callsByHour`. */
  readonly hours: (day: string) => Promise<readonly BudgetHour[]>;
}

const DAYS_KEPT = 400;
/** As long as anyone may look back by the hour. */
const HOURS_KEPT_DAYS = 100;
const SECONDS_PER_DAY = 86_400;
const OTHERS_WRITE = [
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
];

const expiry = (day: string, days: number): number =>
  Math.ceil(Date.parse(`${day}T00:00:00Z`) / 1_000) + days * SECONDS_PER_DAY;

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

    async replace(next, ended, hour = null) {
      const put = {
        TableName: table.name,
        Item: { ...keys.budget(), type: 'budget', ...next },
        ...replacesVersion(next.version - 1),
      };
      try {
        const kept = [
          ...(ended === null
            ? []
            : [
                {
                  ...keys.budgetDay(ended.day),
                  type: 'budget_day',
                  ...ended,
                  [TTL_ATTRIBUTE]: expiry(ended.day, DAYS_KEPT),
                },
              ]),
          ...(hour === null
            ? []
            : [
                {
                  ...keys.budgetHour(hour.day, hour.hour),
                  type: 'budget_hour',
                  ...hour,
                  [TTL_ATTRIBUTE]: expiry(hour.day, HOURS_KEPT_DAYS),
                },
              ]),
        ];
        if (kept.length === 0) await table.client.send(new PutCommand(put));
        else {
          const also = kept.map((Item) => ({ Put: { TableName: table.name, Item } }));
          await table.client.send(new TransactWriteCommand({ TransactItems: [{ Put: put }, ...also] }));
        }
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

    async hours(day) {
      const hours: BudgetHour[] = [];
      const { pk, sk } = keys.budgetHour(day, '00');
      const items = queryAll(
        table,
        query(equals('pk', pk), between('sk', sk, keys.budgetHour(day, '23').sk)),
      );
      for await (const item of items) hours.push(parseRow(budgetHourSchema, 'budget_hour', item));
      return hours;
    },
  };
}
