import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { keys, PARTITION_KEY, TTL_ATTRIBUTE } from '#shared/table/keys.ts';
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
}

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
            ConditionExpression: 'attribute_not_exists(#pk) or #until <= :now',
            ExpressionAttributeNames: { '#pk': PARTITION_KEY, '#until': 'until' },
            ExpressionAttributeValues: { ':now': now.getTime() },
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
      const nowSeconds = Math.floor(now.getTime() / 1000);
      const start = nowSeconds - (nowSeconds % seconds);
      try {
        await table.client.send(
          new UpdateCommand({
            TableName: table.name,
            Key: keys.rateLimit(`${name}#${start}`),
            UpdateExpression: 'SET #type = :type, #ttl = :ttl ADD used :one',
            ConditionExpression: 'attribute_not_exists(#pk) or used < :times',
            ExpressionAttributeNames: { '#pk': PARTITION_KEY, '#type': 'type', '#ttl': TTL_ATTRIBUTE },
            ExpressionAttributeValues: {
              ':type': 'rate_limit',
              ':ttl': start + 2 * seconds,
              ':one': 1,
              ':times': times,
            },
          }),
        );
        return null;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return start + seconds - nowSeconds;
      }
    },
  };
}
