import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { condition, notExists } from '#shared/table/expressions.ts';
import { keys } from '#shared/table/keys.ts';
import {
  lostRace,
  transactIfStill,
  transactWrite,
  TransactionContendedError,
  TransactionRefusedError,
  type Table,
} from '#shared/table/table.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';

const newTable = useTestTables();

test('a transaction whose condition fails writes nothing and names the item that failed', async () => {
  const table = await newTable();
  const there = keys.lease('there');
  await table.client.send(new PutCommand({ TableName: table.name, Item: { ...there, type: 'lease' } }));

  const refused = transactWrite(table, [
    { Put: { TableName: table.name, Item: { ...keys.lease('new'), type: 'lease' } } },
    {
      Put: {
        TableName: table.name,
        Item: { ...there, type: 'lease' },
        ...condition(notExists('pk')),
      },
    },
  ]);

  await expect(refused).rejects.toMatchObject({ reasons: ['None', 'ConditionalCheckFailed'] });
  await expect(refused).rejects.toBeInstanceOf(TransactionRefusedError);
  expect(await itemsOf(table, keys.lease('new').pk)).toEqual([]);
});

/** A table that cancels each transaction for these reasons, and counts how often it was asked. */
function cancellingTable(reasons: readonly string[]) {
  let calls = 0;
  const send = () => {
    calls += 1;
    return Promise.reject(
      new TransactionCanceledException({
        message: 'cancelled',
        $metadata: {},
        CancellationReasons: reasons.map((Code) => ({ Code })),
      }),
    );
  };
  const table = { name: 'table', client: { send } } as unknown as Table;
  return { table, calls: () => calls };
}

const errorOf = (reasons: readonly string[]): Promise<unknown> =>
  transactWrite(cancellingTable(reasons).table, [], () => 0).catch((error: unknown) => error);

describe('A canceled transaction', () => {
  test('that met others too often is contended, not refused', async () => {
    const { table, calls } = cancellingTable(['None', 'TransactionConflict']);

    const contended = transactWrite(table, [], () => 0);

    await expect(contended).rejects.toMatchObject({ reasons: ['None', 'TransactionConflict'] });
    await expect(contended).rejects.toBeInstanceOf(TransactionContendedError);
    expect(calls()).toBe(6);
  });

  test('that was throttled until the end is contended, not refused', async () => {
    expect(await errorOf(['ThrottlingError', 'None'])).toBeInstanceOf(TransactionContendedError);
  });

  test('that is invalid is tried once and told as it came', async () => {
    const { table, calls } = cancellingTable(['ValidationError']);
    await expect(transactWrite(table, [], () => 0)).rejects.toBeInstanceOf(TransactionCanceledException);
    expect(calls()).toBe(1);
  });

  test('is “no longer so” only after a failed condition', async () => {
    const refused = cancellingTable(['TransactionConflict', 'ConditionalCheckFailed']);
    expect(await transactIfStill(refused.table, [])).toBe(false);
    expect(refused.calls()).toBe(1);
  });

  test.each([
    [['None', 'ConditionalCheckFailed'], true],
    [['TransactionConflict', 'ConditionalCheckFailed'], true],
    [['None', 'TransactionConflict'], true],
    [['TransactionConflict', 'ThrottlingError'], false],
    [['ProvisionedThroughputExceeded'], false],
    [['ValidationError'], false],
  ])('for %j lost a race: %s', async (reasons, lost) => {
    expect(lostRace(await errorOf(reasons))).toBe(lost);
  });
});
