import {
  DeleteCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEmptyTable, openDynoxide, type Dynoxide } from '#test/support/dynoxide.ts';
import { leanClient } from './lean-client.ts';
import { LateIndexes } from './late-indexes.ts';

let dynoxide: Dynoxide;
beforeAll(async () => {
  dynoxide = await openDynoxide();
});
afterAll(() => dynoxide.stop());

const item = (sk: string, of: string) => ({ pk: 'A', sk, gsi1pk: of, gsi1sk: sk });

/** A table with one item, whose indexes are late by a second and a half. */
async function lateTable() {
  const table = await createEmptyTable(dynoxide.client);
  const copy = await createEmptyTable(dynoxide.client);
  let now = 0;
  const late = new LateIndexes(
    leanClient(dynoxide.endpoint),
    { table: table.name, copy: copy.name },
    { now: () => now, random: () => 0.75 },
  );
  const TableName = table.name;
  await late.send(new PutCommand({ TableName, Item: item('1', 'first') }));
  await late.begin();
  const inIndex = async (of: string): Promise<unknown> => {
    const answer = await late.send(
      new QueryCommand({
        TableName,
        IndexName: 'gsi1',
        KeyConditionExpression: 'gsi1pk = :of',
        ExpressionAttributeValues: { ':of': of },
      }),
    );
    return Object(answer).Items.map(({ sk }: { sk: string }) => sk);
  };
  return { late, TableName, inIndex, pass: (ms: number) => (now += ms) };
}

test('an index has what there was when the indexes began to be late', async () => {
  const { inIndex, late } = await lateTable();
  expect(await inIndex('first')).toEqual(['1']);
  expect(late.hits).toEqual([]);
});

test('an index is told of a put, a change and a deletion late, the table itself at once', async () => {
  const { late, TableName, inIndex, pass } = await lateTable();
  const Key = { pk: 'A', sk: '1' };
  await late.send(new PutCommand({ TableName, Item: item('2', 'first') }));
  await late.send(
    new UpdateCommand({
      TableName,
      Key,
      UpdateExpression: 'SET gsi1pk = :of',
      ExpressionAttributeValues: { ':of': 'other' },
    }),
  );
  expect(await inIndex('first')).toEqual(['1']);
  expect(await inIndex('other')).toEqual([]);
  expect(late.hits).toEqual(['read late', 'read late']);
  const ofTable = new QueryCommand({
    TableName,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': 'A' },
  });
  expect(Object(await late.send(ofTable)).Count).toBe(2);

  pass(1_500);
  expect(await inIndex('first')).toEqual(['2']);
  expect(await inIndex('other')).toEqual(['1']);

  await late.send(new DeleteCommand({ TableName, Key }));
  expect(await inIndex('other')).toEqual(['1']);
  pass(1_500);
  expect(await inIndex('other')).toEqual([]);
});

test('an index has the last of several changes of one item, in a transaction too, and none of a refused one', async () => {
  const { late, TableName, inIndex, pass } = await lateTable();
  await late.send(
    new TransactWriteCommand({ TransactItems: [{ Put: { TableName, Item: item('1', 'x') } }] }),
  );
  await late.send(new PutCommand({ TableName, Item: item('1', 'y') }));
  const refused = new PutCommand({
    TableName,
    Item: item('1', 'z'),
    ConditionExpression: 'attribute_not_exists(pk)',
  });
  await expect(late.send(refused)).rejects.toThrow('The conditional request failed');
  pass(2_000);
  expect(await Promise.all(['first', 'x', 'y', 'z'].map(inIndex))).toEqual([[], [], ['1'], []]);
});
