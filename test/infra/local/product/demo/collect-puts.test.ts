import { DeleteCommand, PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { collectPuts } from '#infra/local/product/demo/collect-puts.ts';

describe('Puts that are collected', () => {
  it('are the items of single puts and of transactions, in their order, and reach no table', async () => {
    const items = await collectPuts(async ({ client, name }) => {
      await client.send(new PutCommand({ TableName: name, Item: { pk: 'a', list: new Set(['x']) } }));
      const puts = ['b', 'c'].map((pk) => ({ Put: { TableName: name, Item: { pk } } }));
      await client.send(new TransactWriteCommand({ TransactItems: puts }));
    });
    expect(items).toEqual([{ pk: 'a', list: new Set(['x']) }, { pk: 'b' }, { pk: 'c' }]);
  });

  it('are refused when something else is written among them', async () => {
    await expect(
      collectPuts(async ({ client, name }) => {
        await client.send(new DeleteCommand({ TableName: name, Key: { pk: 'a' } }));
      }),
    ).rejects.toThrow('Only puts can be collected.');
  });
});
