import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ACCOUNT,
  clientConfig,
  KEY_ARN,
  roleArn,
  startTestStack,
  TABLE_ARN,
  type TestStack,
} from './deployment-fixture.ts';

let stack: TestStack;
const as = (name: string): DynamoDBClient =>
  new DynamoDBClient(clientConfig(stack.aws, stack.aws.credentialsFor(roleArn(`${name}-role`))));
const row = (sk: string) => ({
  pk: { S: 'COMP#1' },
  sk: { S: sk },
  gsi1pk: { S: 'COACH#1' },
  gsi1sk: { S: sk },
});

beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.remove());

describe('DynamoDB through the gateway', () => {
  it('writes and reads items, by table name and by ARN', async () => {
    const worker = as('worker');
    await worker.send(new PutItemCommand({ TableName: 'coaching', Item: row('A') }));
    const key = { pk: { S: 'COMP#1' }, sk: { S: 'A' } };
    const byName = await worker.send(new GetItemCommand({ TableName: 'coaching', Key: key }));
    const byArn = await worker.send(new GetItemCommand({ TableName: TABLE_ARN, Key: key }));
    expect(byName.Item).toEqual(row('A'));
    expect(byArn.Item).toEqual(row('A'));
  });

  it('takes the index, not the table, as the resource of a query of an index', async () => {
    const onIndex = new QueryCommand({
      TableName: 'coaching',
      IndexName: 'gsi1',
      KeyConditionExpression: 'gsi1pk = :c',
      ExpressionAttributeValues: { ':c': { S: 'COACH#1' } },
    });
    await expect(as('reader').send(onIndex)).resolves.toMatchObject({ Count: 1 });
    await expect(as('worker').send(onIndex)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `User: arn:aws:sts::${ACCOUNT}:assumed-role/worker-role/coaching-worker is not authorized to perform: dynamodb:Query on resource: ${TABLE_ARN}/index/gsi1 because no identity-based policy allows the dynamodb:Query action`,
    });
  });

  it.each([
    ['a sort key', { ...row('x'.repeat(1_025)), gsi1sk: { S: 'A' } }, 'rangekey', 1_024],
    ['a partition key', { ...row('A'), pk: { S: 'é'.repeat(1_025) } }, 'hashkey', 2_048],
    ["an index's sort key", { ...row('A'), gsi1sk: { S: 'é'.repeat(513) } }, 'rangekey', 1_024],
  ])('refuses %s that is too long in bytes, alone and in a transaction', async (_, Item, key, limit) => {
    const worker = as('worker');
    const put = { TableName: 'coaching', Item };
    const refusal = {
      name: 'ValidationException',
      message: `One or more parameter values were invalid: Size of ${key} has exceeded the maximum size limit of ${limit} bytes`,
    };
    await expect(worker.send(new PutItemCommand(put))).rejects.toMatchObject(refusal);
    const inTransaction = new TransactWriteItemsCommand({ TransactItems: [{ Put: put }] });
    await expect(worker.send(inTransaction)).rejects.toMatchObject(refusal);
  });

  it('refuses a query for a key that is too long', async () => {
    const query = new QueryCommand({
      TableName: 'coaching',
      IndexName: 'gsi1',
      KeyConditionExpression: '#pk = :c AND begins_with(#sk, :prefix)',
      ExpressionAttributeNames: { '#pk': 'gsi1pk', '#sk': 'gsi1sk' },
      ExpressionAttributeValues: { ':c': { S: 'COACH#1' }, ':prefix': { S: 'x'.repeat(1_025) } },
    });
    await expect(as('reader').send(query)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('checks each part of a transaction as the action that it is', async () => {
    const worker = as('worker');
    const put = { Put: { TableName: 'coaching', Item: row('B') } };
    const check = {
      ConditionCheck: {
        TableName: 'coaching',
        Key: { pk: { S: 'COMP#1' }, sk: { S: 'A' } },
        ConditionExpression: 'attribute_exists(pk)',
      },
    };
    await worker.send(new TransactWriteItemsCommand({ TransactItems: [put, check] }));
    const remove = { Delete: { TableName: 'coaching', Key: { pk: { S: 'COMP#1' }, sk: { S: 'A' } } } };
    await expect(
      worker.send(new TransactWriteItemsCommand({ TransactItems: [put, remove] })),
    ).rejects.toThrow(/not authorized to perform: dynamodb:DeleteItem/);
    expect(stack.aws.refusals()).toContainEqual(
      expect.objectContaining({
        caller: 'coaching-worker',
        action: 'dynamodb:DeleteItem',
        resource: TABLE_ARN,
      }),
    );
  });

  it('needs the key of an encrypted table as well', async () => {
    const get = new GetItemCommand({ TableName: 'coaching', Key: { pk: { S: 'COMP#1' }, sk: { S: 'A' } } });
    await expect(as('keyless').send(get)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`kms:Decrypt on resource: ${KEY_ARN}`),
    });
  });

  it('refuses a scan that nobody was given, and tells each refusal once', async () => {
    const told: string[] = [];
    const end = stack.aws.onRefusal(({ action }) => told.push(action));
    for (let index = 0; index < 3; index += 1) {
      await expect(as('reader').send(new ScanCommand({ TableName: 'coaching' }))).rejects.toThrow(
        /dynamodb:Scan/,
      );
    }
    end();
    expect(told).toEqual(['dynamodb:Scan']);
  });

  it('gives the reasons of a canceled transaction', async () => {
    const refused = {
      Put: { TableName: 'coaching', Item: row('A'), ConditionExpression: 'attribute_not_exists(pk)' },
    };
    const failure = await as('worker')
      .send(new TransactWriteItemsCommand({ TransactItems: [refused] }))
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TransactionCanceledException);
    expect((failure as TransactionCanceledException).CancellationReasons?.[0]?.Code).toBe(
      'ConditionalCheckFailed',
    );
  });

  it('knows nobody by an access key of its own making', async () => {
    const stranger = new DynamoDBClient(
      clientConfig(stack.aws, { accessKeyId: 'AKIASTRANGER', secretAccessKey: 'x' }),
    );
    await expect(stranger.send(new ScanCommand({ TableName: 'coaching' }))).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    });
  });
});
