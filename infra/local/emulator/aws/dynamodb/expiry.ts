import type { TableResource } from '../../deployment.ts';
import { isRecord } from '../access/requirement.ts';
import type { CallDynamo } from './tables.ts';

const EVERY_MS = 30 * 60_000;

/** Deletes expired items now and then, as DynamoDB does within a few days: readers must not rely on it. */
export function startExpiry(tables: readonly TableResource[], call: CallDynamo): { stop(): void } {
  const timer = setInterval(() => {
    for (const table of tables) {
      // A sweep that fails is made up for by the next one.
      deleteExpired(table, Math.floor(Date.now() / 1000), call).catch(() => undefined);
    }
  }, EVERY_MS);
  timer.unref();
  return {
    stop: () => {
      clearInterval(timer);
    },
  };
}

/** Resolves with how many items it deleted. `now` in seconds. */
export async function deleteExpired(table: TableResource, now: number, call: CallDynamo): Promise<number> {
  const attribute = table.ttlAttribute;
  if (attribute === undefined) return 0;
  const expired = {
    ExpressionAttributeNames: { '#ttl': attribute },
    ExpressionAttributeValues: { ':now': { N: String(now) } },
  };
  let deleted = 0;
  let startKey: unknown;
  do {
    const page = await call('Scan', {
      TableName: table.name,
      FilterExpression: '#ttl < :now',
      ...expired,
      ...(startKey === undefined ? {} : { ExclusiveStartKey: startKey }),
    });
    const items = Array.isArray(page['Items']) ? page['Items'].filter(isRecord) : [];
    for (const item of items) {
      const key = Object.fromEntries(table.keySchema.map(({ name }) => [name, item[name]]));
      try {
        await call('DeleteItem', {
          TableName: table.name,
          Key: key,
          ConditionExpression: '#ttl < :now',
          ...expired,
        });
        deleted += 1;
      } catch {
        // Written again in between, so not expired any more; anything else shows in the next sweep as well.
      }
    }
    startKey = page['LastEvaluatedKey'];
  } while (startKey !== undefined);
  return deleted;
}
