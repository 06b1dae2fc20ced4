import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { keys } from '#shared/table/keys.ts';
import { transactWrite, TransactionRefusedError } from '#shared/table/table.ts';
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
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    },
  ]);

  await expect(refused).rejects.toMatchObject({ reasons: ['None', 'ConditionalCheckFailed'] });
  await expect(refused).rejects.toBeInstanceOf(TransactionRefusedError);
  expect(await itemsOf(table, keys.lease('new').pk)).toEqual([]);
});
