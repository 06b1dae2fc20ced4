import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import {
  add,
  and,
  atMost,
  attribute,
  beginsWith,
  between,
  condition,
  equals,
  exists,
  greaterThan,
  increment,
  isOneOf,
  lessThan,
  notEquals,
  notExists,
  or,
  query,
  remove,
  set,
  setAll,
  setIfAbsent,
  update,
  type Change,
  type Condition,
} from '#shared/table/expressions.ts';
import { queryAll, type Table } from '#shared/table/table.ts';
import { useTestTables } from '#test/support/dynamodb.ts';

const newTable = useTestTables();
const KEY = { pk: 'P', sk: 'S' };

const stored = async (table: Table): Promise<Record<string, unknown> | undefined> =>
  (await table.client.send(new GetCommand({ TableName: table.name, Key: KEY, ConsistentRead: true }))).Item;

const put = (table: Table, item: Record<string, unknown>, key = KEY) =>
  table.client.send(new PutCommand({ TableName: table.name, Item: { ...key, ...item } }));

const aOrB = or(equals('a', 1), equals('b', 1));

describe('A condition', () => {
  const ITEM = { n: 5, text: 'ODL-7', nothing: null, map: { a: { b: 5 } }, status: 'open', other: 5 };

  test.each<[string, Condition, string, string]>([
    ['equals', equals('n', 5), '#n = :v0', 'holds'],
    ['equals of null', equals('nothing', null), '#nothing = :v0', 'holds'],
    ['equals of what is missing', equals('gone', null), '#gone = :v0', 'refused'],
    ['equals of another attribute', equals('n', attribute(['map', 'a', 'b'])), '#n = #map.#a.#b', 'holds'],
    ['notEquals', notEquals('n', 5), '#n <> :v0', 'refused'],
    ['notEquals of what is missing', notEquals('gone', 5), '#gone <> :v0', 'holds'],
    ['lessThan', lessThan('n', 5), '#n < :v0', 'refused'],
    ['lessThan of more', lessThan('n', 6), '#n < :v0', 'holds'],
    ['atMost', atMost('n', 5), '#n <= :v0', 'holds'],
    ['greaterThan', greaterThan('n', 4), '#n > :v0', 'holds'],
    ['between', between('n', 5, 7), '#n BETWEEN :v0 AND :v1', 'holds'],
    ['between of one value', between('n', 5, 5), '#n BETWEEN :v0 AND :v0', 'holds'],
    ['beginsWith', beginsWith('text', 'ODL-'), 'begins_with(#text, :v0)', 'holds'],
    ['isOneOf', isOneOf('status', ['done', 'open']), '#status IN (:v0, :v1)', 'holds'],
    ['exists', exists('nothing'), 'attribute_exists(#nothing)', 'holds'],
    ['exists inside maps', exists(['map', 'a', 'c']), 'attribute_exists(#map.#a.#c)', 'refused'],
    ['notExists', notExists('gone'), 'attribute_not_exists(#gone)', 'holds'],
    ['and', and(exists('pk'), equals('n', 6)), 'attribute_exists(#pk) AND #n = :v0', 'refused'],
    ['or', or(notExists('pk'), equals('n', 5)), 'attribute_not_exists(#pk) OR #n = :v0', 'holds'],
    ['or inside and', and(equals('n', 6), aOrB), '#n = :v0 AND (#a = :v1 OR #b = :v1)', 'refused'],
    [
      'and inside or',
      or(and(equals('n', 5), exists('a')), equals('n', 5)),
      '(#n = :v0 AND attribute_exists(#a)) OR #n = :v0',
      'holds',
    ],
    ['and of one part', and(aOrB, undefined), '#a = :v0 OR #b = :v0', 'refused'],
    [
      'and of and with one part',
      and(and(equals('n', 5)), exists('pk')),
      '#n = :v0 AND attribute_exists(#pk)',
      'holds',
    ],
  ])('%s is what the table takes and decides by', async (_name, when, expression, verdict) => {
    const table = await newTable();
    await put(table, ITEM);
    const built = condition(when);
    expect(built.ConditionExpression).toBe(expression);
    const deleted = await table.client
      .send(new DeleteCommand({ TableName: table.name, Key: KEY, ...built }))
      .then(
        () => 'holds',
        (error: unknown) => (error instanceof ConditionalCheckFailedException ? 'refused' : error),
      );
    expect(deleted).toBe(verdict);
  });

  test('without values has none, as the table refuses those that are not used', () => {
    expect(condition(exists('pk'))).toEqual({
      ConditionExpression: 'attribute_exists(#pk)',
      ExpressionAttributeNames: { '#pk': 'pk' },
    });
  });

  test('of several parts shares names and equal values, and keeps values of different types apart', () => {
    expect(condition(and(equals('a', 1), equals('b', '1'), lessThan('a', 1), undefined))).toEqual({
      ConditionExpression: '#a = :v0 AND #b = :v1 AND #a < :v0',
      ExpressionAttributeNames: { '#a': 'a', '#b': 'b' },
      ExpressionAttributeValues: { ':v0': 1, ':v1': '1' },
    });
  });

  test('on names that look like paths, placeholders or nothing else meets each as it is called', async () => {
    const names = ['a.b', 'a#b', '_0', '#_0', '_1', ':v0', 'ÄÖ', '0', 'a'.repeat(101), 'size', 'and'];
    const table = await newTable();
    await put(table, Object.fromEntries(names.map((name, index) => [name, index])));
    const [first, ...others] = names.map((name, index) => equals(name, index));
    if (first === undefined) throw new Error('There are names.');
    const built = condition(and(first, ...others));
    expect(Object.values(built.ExpressionAttributeNames).toSorted()).toEqual(names.toSorted());
    await table.client.send(new DeleteCommand({ TableName: table.name, Key: KEY, ...built }));
    expect(await stored(table)).toBeUndefined();
  });
});

describe('An update', () => {
  const BEFORE = { status: 'old', counts: { there: 2, kept: 1 }, n: 1, gone: 'x', also: 'y' };

  test.each<[string, readonly (Change | readonly Change[] | undefined)[], string, Record<string, unknown>]>([
    ['set', [set('status', null)], 'SET #status = :v0', { status: null }],
    [
      'set inside a map',
      [set(['counts', 'kept'], 9)],
      'SET #counts.#kept = :v0',
      { counts: { there: 2, kept: 9 } },
    ],
    [
      'setAll',
      [setAll({ status: 'a', n: undefined, more: ['b'] })],
      'SET #status = :v0, #more = :v1',
      { status: 'a', more: ['b'] },
    ],
    [
      'setIfAbsent',
      [setIfAbsent('n', 7), setIfAbsent('m', 7)],
      'SET #n = if_not_exists(#n, :v0), #m = if_not_exists(#m, :v0)',
      { m: 7 },
    ],
    [
      'increment',
      [increment(['counts', 'there'], 3), increment(['counts', 'a.b'], -3)],
      'SET #counts.#there = if_not_exists(#counts.#there, :v0) + :v1, #counts.#_2 = if_not_exists(#counts.#_2, :v0) + :v2',
      { counts: { there: 5, kept: 1, 'a.b': -3 } },
    ],
    ['add', [add('n', 1), add('m', 1)], 'ADD #n :v0, #m :v0', { n: 2, m: 1 }],
    ['remove', [remove('gone', 'also')], 'REMOVE #gone, #also', { gone: undefined, also: undefined }],
    [
      'several kinds of change',
      [set('a', 1), remove('gone'), undefined, add('n', 1), setAll({ b: 2 }), remove('also')],
      'SET #a = :v0, #b = :v1 REMOVE #gone, #also ADD #n :v0',
      { a: 1, b: 2, n: 2, gone: undefined, also: undefined },
    ],
  ])('by %s is what the table takes and does', async (_name, changes, expression, after) => {
    const table = await newTable();
    await put(table, BEFORE);
    const built = update(changes);
    expect(built.UpdateExpression).toBe(expression);
    await table.client.send(new UpdateCommand({ TableName: table.name, Key: KEY, ...built }));
    const expected = Object.entries({ ...KEY, ...BEFORE, ...after }).filter(
      ([, value]) => value !== undefined,
    );
    expect(await stored(table)).toEqual(Object.fromEntries(expected));
  });

  test('shares names and values with its condition', () => {
    expect(update([set('version', 2)], { when: or(notExists('version'), equals('version', 1)) })).toEqual({
      UpdateExpression: 'SET #version = :v0',
      ConditionExpression: 'attribute_not_exists(#version) OR #version = :v1',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':v0': 2, ':v1': 1 },
    });
  });

  test('without a change is refused by the table', async () => {
    const table = await newTable();
    await expect(
      table.client.send(
        new UpdateCommand({ TableName: table.name, Key: KEY, ...update([undefined, setAll({})]) }),
      ),
    ).rejects.toThrow(/empty/);
  });
});

const sortKeysFound = async (built: ReturnType<typeof query>) => {
  const table = await newTable();
  for (const sk of ['A#1', 'B#1', 'B#2', 'C#1']) {
    await put(
      table,
      { gsi1pk: 'G', gsi1sk: sk, gsi2pk: 'H', gsi2sk: sk, status: sk.slice(2) },
      { pk: 'P', sk },
    );
  }
  const found: unknown[] = [];
  for await (const { sk } of queryAll(table, built)) found.push(sk);
  return found;
};

describe('A query', () => {
  test.each([
    ['a partition', query(equals('pk', 'P')), ['A#1', 'B#1', 'B#2', 'C#1']],
    ['one key', query(equals('pk', 'P'), equals('sk', 'B#1')), ['B#1']],
    ['keys before one', query(equals('gsi1pk', 'G'), lessThan('gsi1sk', 'B#1')), ['A#1']],
    ['keys up to one', query(equals('gsi1pk', 'G'), atMost('gsi1sk', 'B#1')), ['A#1', 'B#1']],
    ['keys after one', query(equals('gsi2pk', 'H'), greaterThan('gsi2sk', 'B#1')), ['B#2', 'C#1']],
    ['keys between two', query(equals('pk', 'P'), between('sk', 'B#1', 'B#2')), ['B#1', 'B#2']],
    ['keys with a beginning', query(equals('gsi2pk', 'H'), beginsWith('gsi2sk', 'B#')), ['B#1', 'B#2']],
    ['a filter', query(equals('pk', 'P'), beginsWith('sk', 'B'), { filter: equals('status', '2') }), ['B#2']],
    ['a filter alone', query(equals('pk', 'P'), undefined, { filter: notExists('status') }), []],
  ])('of %s finds the rows of its index', async (_name, built, expected) => {
    expect(await sortKeysFound(built)).toEqual(expected);
  });

  test('with fields reads no others', async () => {
    const table = await newTable();
    await put(table, { status: 'open', name: 'Ada' });
    const built = query(equals('pk', 'P'), undefined, { fields: ['sk', 'status'] });
    const { Items } = await table.client.send(new QueryCommand({ TableName: table.name, ...built }));
    expect(Items).toEqual([{ sk: 'S', status: 'open' }]);
  });

  test('names its index, and none for the table itself', () => {
    expect(query(equals('gsi1pk', 'G'))).toEqual({
      IndexName: 'gsi1',
      KeyConditionExpression: '#gsi1pk = :v0',
      ExpressionAttributeNames: { '#gsi1pk': 'gsi1pk' },
      ExpressionAttributeValues: { ':v0': 'G' },
    });
    expect(query(equals('pk', 'P'))).not.toHaveProperty('IndexName');
  });
});

describe('The type checker refuses', () => {
  test('a query by anything but keys that belong together, and operators on them that a query takes', () => {
    // @ts-expect-error -- not a key
    query(equals('status', 'open'));
    // @ts-expect-error -- a partition is one
    query(beginsWith('pk', 'COACH#'));
    // @ts-expect-error -- the sort key of another index
    query(equals('gsi1pk', 'G'), equals('gsi2sk', 'S'));
    // @ts-expect-error -- no operator for keys
    query(equals('pk', 'P'), notEquals('sk', 'S'));
    // @ts-expect-error -- no comparison of one key
    expect(query(equals('pk', 'P'), or(equals('sk', 'S'), equals('sk', 'T')))).toBeDefined();
  });

  test('a change as a condition, a condition as a change, values that are undefined, and nothing as a condition', () => {
    // @ts-expect-error -- a change
    expect(() => condition(set('a', 1))).toThrow(TypeError);
    // @ts-expect-error -- a condition
    expect(() => update([equals('a', 1)])).toThrow(TypeError);
    // @ts-expect-error -- no value
    equals('a', undefined);
    // @ts-expect-error -- always true, if anything
    and();
    // @ts-expect-error -- never true, if anything
    isOneOf('a', []);
  });
});
