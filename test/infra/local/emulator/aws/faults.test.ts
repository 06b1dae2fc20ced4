import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FaultPlan } from '#infra/local/emulator/aws/gateway/fault-plan.ts';
import { ACCOUNT, clientConfig, roleArn, startTestStack, type TestStack } from './deployment-fixture.ts';

let stack: TestStack;
let operator: DynamoDBClient;
beforeAll(async () => {
  stack = await startTestStack();
  operator = new DynamoDBClient(clientConfig(stack.aws));
});
afterEach(() => stack.aws.clearFaults());
afterAll(() => stack.remove());

const put = (sk: string) =>
  new PutItemCommand({ TableName: 'coaching', Item: { pk: { S: 'FAULT' }, sk: { S: sk } } });
const get = async (sk: string) =>
  (
    await operator.send(
      new GetItemCommand({ TableName: 'coaching', Key: { pk: { S: 'FAULT' }, sk: { S: sk } } }),
    )
  ).Item;

describe('injected faults', () => {
  it('throttle, for as often as they are told', async () => {
    stack.aws.injectFault({ action: 'dynamodb:PutItem', probability: 1, kind: 'throttle', times: 1 });
    await expect(operator.send(put('throttled'))).rejects.toMatchObject({
      name: 'ProvisionedThroughputExceededException',
    });
    expect(await get('throttled')).toBeUndefined();
    await operator.send(put('throttled'));
  });

  it('are over for a client that tries again', async () => {
    stack.aws.injectFault({ action: 'dynamodb:PutItem', probability: 1, kind: 'serverError', times: 2 });
    const patient = new DynamoDBClient({ ...clientConfig(stack.aws), maxAttempts: 4 });
    await patient.send(put('patient'));
    expect(await get('patient')).toBeDefined();
    const faults = stack.aws.calls().filter(({ fault }) => fault === 'serverError');
    expect(faults).toHaveLength(2);
    expect(faults[0]).toMatchObject({ status: 500, allowed: true, action: 'dynamodb:PutItem' });
  });

  it('cancel a transaction with a conflict, and leave reads alone', async () => {
    stack.aws.injectFault({ action: '*', probability: 1, kind: 'transactionConflict' });
    const { Item } = put('x').input;
    const failure = await operator
      .send(
        new TransactWriteItemsCommand({
          TransactItems: [
            { Put: { TableName: 'coaching', Item } },
            { Put: { TableName: 'coaching', Item: { ...Item, sk: { S: 'y' } } } },
          ],
        }),
      )
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TransactionCanceledException);
    const { CancellationReasons } = failure as TransactionCanceledException;
    expect(CancellationReasons?.map(({ Code }) => Code)).toEqual(['TransactionConflict', 'None']);
    await expect(operator.send(put('x'))).rejects.toMatchObject({ name: 'TransactionConflictException' });
    expect(await get('x')).toBeUndefined();
  });

  it('lose the answer of a write that was made', async () => {
    stack.aws.injectFault({ action: 'dynamodb:PutItem', probability: 1, kind: 'lostAnswer', times: 1 });
    await expect(operator.send(put('lost'))).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await get('lost')).toBeDefined();
    expect(stack.aws.calls()).toContainEqual(expect.objectContaining({ fault: 'lostAnswer', status: 0 }));
  });

  it('make a call slow, and then it is done', async () => {
    stack.aws.injectFault({
      action: 'dynamodb:PutItem',
      probability: 1,
      kind: 'slow',
      delayMs: 150,
      times: 1,
    });
    const order: string[] = [];
    const slow = operator.send(put('slow')).then(() => order.push('slow'));
    await new Promise((resolve) => setImmediate(resolve));
    await expect.poll(() => get('anything')).toBeUndefined();
    order.push('another');
    await slow;
    expect(order).toEqual(['another', 'slow']);
    expect(await get('slow')).toBeDefined();
    expect(stack.aws.calls()).toContainEqual(expect.objectContaining({ fault: 'slow', status: 200 }));
  });

  it('hit the named function only', async () => {
    stack.aws.injectFault({
      action: 'sqs:SendMessage',
      functionName: 'coaching-worker',
      probability: 1,
      kind: 'throttle',
    });
    const send = new SendMessageCommand({
      QueueUrl: `${stack.aws.addresses.awsUrl}/${ACCOUNT}/work`,
      MessageBody: 'x',
    });
    const worker = new SQSClient(clientConfig(stack.aws, stack.aws.credentialsFor(roleArn('worker-role'))));
    await expect(worker.send(send)).rejects.toMatchObject({ name: 'RequestThrottled' });
    await expect(new SQSClient(clientConfig(stack.aws)).send(send)).resolves.toBeDefined();
  });

  it('strike with their chance', () => {
    let chance = 0;
    const plan = new FaultPlan(() => chance);
    plan.inject({ action: '*', probability: 0.5, kind: 'serverError' });
    expect(plan.strike('sqs:SendMessage', 'a', false).kind).toBe('serverError');
    chance = 0.5;
    expect(plan.strike('sqs:SendMessage', 'a', false).kind).toBeUndefined();
  });
});
