import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { chunks, mapAtOnce } from '#shared/kernel/at-once.ts';
import type { Table } from '#shared/table/table.ts';

/** The most that a transaction takes. The stand-in writes one of these faster than the same items in batches. */
export const ITEMS_PER_CALL = 100;
/** The stand-in writes one at a time; the next is made ready meanwhile, and who uses the stack waits for two at most. */
const CALLS_AT_ONCE = 2;

/**
 * Puts all items, whatever is there; of several with the same key the last. As many as {@link ITEMS_PER_CALL} are put
 * all or none.
 *
 * @throws the signal's reason between two calls
 */
export async function putAll(
  table: Table,
  items: readonly Record<string, unknown>[],
  signal?: AbortSignal,
): Promise<void> {
  const byKey = new Map(items.map((item) => [JSON.stringify([item['pk'], item['sk']]), item]));
  await mapAtOnce(chunks([...byKey.values()], ITEMS_PER_CALL), CALLS_AT_ONCE, async (some) => {
    signal?.throwIfAborted();
    const puts = some.map((Item) => ({ Put: { TableName: table.name, Item } }));
    await table.client.send(new TransactWriteCommand({ TransactItems: puts }));
  });
}
