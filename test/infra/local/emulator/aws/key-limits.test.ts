import { describe, expect, it } from 'vitest';
import { checkKeyLengths, keyTypes } from '#infra/local/emulator/aws/dynamodb/key-limits.ts';

const types = keyTypes({
  keySchema: [
    { name: 'pk', type: 'HASH' },
    { name: 'sk', type: 'RANGE' },
  ],
  indexes: [
    {
      name: 'gsi1',
      projection: 'ALL',
      keySchema: [
        { name: 'gsi1pk', type: 'HASH' },
        { name: 'gsi1sk', type: 'RANGE' },
      ],
    },
    {
      name: 'by-sort-key',
      projection: 'ALL',
      keySchema: [
        { name: 'sk', type: 'HASH' },
        { name: 'pk', type: 'RANGE' },
      ],
    },
  ],
});

const keyOf = (gsi1pk: string, gsi1sk: string) => ({
  pk: { S: 'A' },
  sk: { S: 'B' },
  gsi1pk: { S: gsi1pk },
  gsi1sk: { S: gsi1sk },
});
const query = (condition: string, value: string) => ({
  KeyConditionExpression: `gsi1pk = :p AND ${condition}`,
  ExpressionAttributeValues: { ':p': { S: 'P' }, ':v': { S: value }, ':w': { S: 'w' } },
});
const update = (expression: string, value: string) => ({
  Key: { pk: { S: 'A' }, sk: { S: 'B' } },
  UpdateExpression: expression,
  ExpressionAttributeNames: { '#key': 'gsi1sk' },
  ExpressionAttributeValues: { ':other': { N: '1' }, ':v': { S: value } },
});

/** Each way into the table, with a sort key of an index of this text. */
const WAYS: Readonly<Record<string, (text: string) => unknown>> = {
  'a put': (text) => ({ Item: keyOf('P', text) }),
  'an update': (text) => update('SET seen = :other, gsi1sk = :v', text),
  'an update by another name': (text) => update('SET #key = :v REMOVE gone', text),
  'an update that sets what is not there': (text) => update('SET #key = if_not_exists(#key, :v)', text),
  'a write of a batch': (text) => ({ RequestItems: { rows: [{ PutRequest: { Item: keyOf('P', text) } }] } }),
  'a put of a transaction': (text) => ({ TransactItems: [{ Put: { Item: keyOf('P', text) } }] }),
  'an update of a transaction': (text) => ({ TransactItems: [{ Update: update('SET #key = :v', text) }] }),
  'a read of a batch': (text) => ({
    RequestItems: { rows: { Keys: [{ pk: { S: 'A' }, sk: { S: text } }] } },
  }),
  'a read': (text) => ({ Key: { pk: { S: 'A' }, sk: { S: text } } }),
  'a deletion of a batch': (text) => ({
    RequestItems: { rows: [{ DeleteRequest: { Key: { pk: { S: 'A' }, sk: { S: text } } } }] },
  }),
  'the next page of an index': (text) => ({ ExclusiveStartKey: keyOf('P', text) }),
  'a query for one': (text) => query('gsi1sk = :v', text),
  'a query for a beginning': (text) => query('begins_with(gsi1sk, :v)', text),
  'a query for a range': (text) => query('gsi1sk BETWEEN :w AND :v', text),
  'a query from one on': (text) => query('gsi1sk >= :v', text),
};

describe('the length of a key', () => {
  it.each(Object.entries(WAYS))('of a sort key is 1,024 bytes at most, in %s', (_way, request) => {
    expect(() => checkKeyLengths(request('é'.repeat(512)), types)).not.toThrow();
    expect(() => checkKeyLengths(request(`${'é'.repeat(512)}x`), types)).toThrow(/rangekey .* 1024 bytes/);
  });

  it('of a partition key of an index is 2,048 bytes at most', () => {
    expect(() => checkKeyLengths({ Item: keyOf('x'.repeat(2_048), 'S') }, types)).not.toThrow();
    expect(() => checkKeyLengths({ Item: keyOf('x'.repeat(2_049), 'S') }, types)).toThrow(
      /hashkey .* 2048 bytes/,
    );
  });

  it('of an attribute that is both kinds of key is that of a sort key', () => {
    const Item = { pk: { S: 'x'.repeat(1_025) }, sk: { S: 'B' } };
    expect(() => checkKeyLengths({ Item }, types)).toThrow(/rangekey/);
  });

  it('holds for keys alone', () => {
    const Item = { ...keyOf('P', 'S'), name: { S: 'x'.repeat(5_000) } };
    expect(() => checkKeyLengths({ Item }, types)).not.toThrow();
  });
});
