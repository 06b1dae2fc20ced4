import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Table } from '#shared/table/table.ts';

/**
 * What repositories would put, in their order, without putting it: a few large transactions take a fraction of the
 * time of many small calls.
 *
 * @throws {Error} when they do anything else than put items
 */
export async function collectPuts(
  write: (table: Table) => Promise<void>,
): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'local' }));
  client.middlewareStack.add(
    () =>
      ({ input }) => {
        const puts =
          'TransactItems' in input
            ? (input.TransactItems ?? []).map((one) => ('Put' in one ? one.Put?.Item : undefined))
            : ['Item' in input ? input.Item : undefined];
        for (const item of puts) {
          if (item === undefined) throw new Error('Only puts can be collected.');
          items.push(item);
        }
        return Promise.resolve({ output: { $metadata: {} }, response: undefined });
      },
    { step: 'initialize', priority: 'high', name: 'collectPuts' },
  );
  await write({ name: 'collected', client });
  return items;
}
