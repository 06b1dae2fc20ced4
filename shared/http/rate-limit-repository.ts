import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import {
  add,
  atMost,
  condition,
  exists,
  lessThan,
  notExists,
  or,
  setAll,
  update,
} from '#shared/table/expressions.ts';
import { keys, TTL_ATTRIBUTE } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';

export interface RateLimitRepository {
  /** Null when it may be done now; otherwise the seconds until it may. */
  readonly oncePer: (seconds: number, name: string, now: Date) => Promise<number | null>;
  /** The same for so many times in each window of so many seconds, counted from the epoch. */
  readonly atMost: (
    limit: { readonly times: number; readonly seconds: number },
    name: string,
    now: Date,
  ) => Promise<number | null>;
  /** Takes back one of either that was done at `now`. */
  readonly giveBack: (
    limit: { readonly times: number; readonly seconds: number },
    name: string,
    now: Date,
  ) => Promise<void>;
}

/** When the window of a time began, in seconds. */
const windowStart = (now: Date, seconds: number): number => {
  const at = Math.floor(now.getTime() / 1000);
  return at - (at % seconds);
};

export function createRateLimitRepository(table: Table): RateLimitRepository {
  return {
    async oncePer(seconds, name, now) {
      const until = now.getTime() + seconds * 1000;
      try {
        await table.client.send(
          new PutCommand({
            TableName: table.name,
            Item: {
              ...keys.rateLimit(name),
              type: 'rate_limit',
              until,
              [TTL_ATTRIBUTE]: Math.ceil(until / 1000),
            },
            ...condition(or(notExists('pk'), atMost('until', now.getTime()))),
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return null;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        const free = Number(error.Item?.['until']?.N ?? until);
        return Math.min(seconds, Math.max(1, Math.ceil((free - now.getTime()) / 1000)));
      }
    },

    async atMost({ times, seconds }, name, now) {
      const start = windowStart(now, seconds);
      try {
        await table.client.send(
          new UpdateCommand({
            TableName: table.name,
            Key: keys.rateLimit(`${name}#${start}`),
            ...update(
              [setAll({ type: 'rate_limit', [TTL_ATTRIBUTE]: start + 2 * seconds }), add('used', 1)],
              { when: or(notExists('pk'), lessThan('used', times)) },
            ),
          }),
        );
        return null;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return start + seconds - Math.floor(now.getTime() / 1000);
      }
    },

    async giveBack({ times, seconds }, name, now) {
      const once = times === 1;
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: keys.rateLimit(once ? name : `${name}#${windowStart(now, seconds)}`),
          ...update([once ? setAll({ until: 0 }) : add('used', -1)], { when: exists('pk') }),
        }),
      );
    },
  };
}
