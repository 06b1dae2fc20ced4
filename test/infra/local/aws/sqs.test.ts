import {
  CancelMessageMoveTaskCommand,
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
  type Message,
} from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ACCOUNT,
  clientConfig,
  queueArn,
  roleArn,
  startTestStack,
  type TestStack,
} from './deployment-fixture.ts';

let stack: TestStack;
let operator: SQSClient;
const url = (name: string): string => `${stack.aws.addresses.awsUrl}/${ACCOUNT}/${name}`;
const as = (name: string): SQSClient =>
  new SQSClient(clientConfig(stack.aws, stack.aws.credentialsFor(roleArn(`${name}-role`))));

async function receive(
  name: string,
  parts: { readonly wait?: number; readonly visibility?: number } = {},
): Promise<Message[]> {
  const answer = await operator.send(
    new ReceiveMessageCommand({
      QueueUrl: url(name),
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: parts.wait ?? 0,
      VisibilityTimeout: parts.visibility,
      MessageSystemAttributeNames: ['All'],
    }),
  );
  return answer.Messages ?? [];
}

const empty = (name: string) => operator.send(new PurgeQueueCommand({ QueueUrl: url(name) }));

const depth = (name: string) => stack.aws.queues().find((queue) => queue.name === name);

async function deadLetters(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await operator.send(new SendMessageCommand({ QueueUrl: url('work-dead'), MessageBody: `dead ${index}` }));
  }
}

beforeAll(async () => {
  stack = await startTestStack();
  operator = new SQSClient(clientConfig(stack.aws));
});
afterEach(async () => {
  await empty('work');
  await empty('work-dead');
});
afterAll(() => stack.remove());

describe('SQS through the gateway', () => {
  it('gives the address of a queue by its name', async () => {
    const answer = await operator.send(new GetQueueUrlCommand({ QueueName: 'work' }));
    expect(answer.QueueUrl).toBe(url('work'));
    await expect(operator.send(new GetQueueUrlCommand({ QueueName: 'none' }))).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
    });
  });

  it('has the attributes of the template', async () => {
    const answer = await operator.send(
      new GetQueueAttributesCommand({ QueueUrl: url('work'), AttributeNames: ['All'] }),
    );
    expect(answer.Attributes).toMatchObject({
      QueueArn: queueArn('work'),
      VisibilityTimeout: '30',
      MessageRetentionPeriod: '345600',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn('work-dead'), maxReceiveCount: 2 }),
    });
  });

  it('moves a message to the dead-letter queue once it was received as often as the template says', async () => {
    await as('worker').send(new SendMessageCommand({ QueueUrl: url('work'), MessageBody: 'poison' }));
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const [message] = await receive('work', { visibility: 0 });
      expect(message?.Attributes).toMatchObject({
        ApproximateReceiveCount: String(attempt),
        SenderId: ACCOUNT,
      });
    }
    expect(await receive('work')).toEqual([]);
    const [dead] = await receive('work-dead');
    expect(dead?.Body).toBe('poison');
  });

  it('hides a received message until its visibility timeout, and shows a delayed one when it is time', async () => {
    await operator.send(new SendMessageCommand({ QueueUrl: url('work'), MessageBody: 'now' }));
    await operator.send(
      new SendMessageCommand({ QueueUrl: url('work'), MessageBody: 'later', DelaySeconds: 1 }),
    );
    const [message] = await receive('work');
    expect(message?.Body).toBe('now');
    expect(depth('work')).toMatchObject({ visible: 0, inFlight: 1, delayed: 1 });
    await operator.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: url('work'),
        ReceiptHandle: message?.ReceiptHandle,
        VisibilityTimeout: 0,
      }),
    );
    const bodies = [...(await receive('work')), ...(await receive('work', { wait: 3 }))].map(
      ({ Body }) => Body,
    );
    expect(bodies).toEqual(['now', 'later']);
  });

  it('ends a long poll as soon as a message is there', async () => {
    const poll = receive('work', { wait: 10 });
    await sleep(50);
    await operator.send(new SendMessageCommand({ QueueUrl: url('work'), MessageBody: 'hello' }));
    expect(await poll).toHaveLength(1);
  });

  it('gives no message to a poller that has gone', async () => {
    const gone = new AbortController();
    const poll = operator.send(new ReceiveMessageCommand({ QueueUrl: url('work'), WaitTimeSeconds: 10 }), {
      abortSignal: gone.signal,
    });
    await sleep(50);
    gone.abort();
    await expect(poll).rejects.toMatchObject({ name: 'AbortError' });
    await sleep(50);
    await operator.send(new SendMessageCommand({ QueueUrl: url('work'), MessageBody: 'for the next' }));
    expect(depth('work')).toMatchObject({ visible: 1, inFlight: 0 });
  });

  it('refuses in the words of SQS, a batch as its single action', async () => {
    const batch = new SendMessageBatchCommand({
      QueueUrl: url('work'),
      Entries: [{ Id: '1', MessageBody: 'x' }],
    });
    await expect(as('worker').send(batch)).resolves.toMatchObject({ Failed: [] });
    await expect(as('reader').send(batch)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `User: arn:aws:sts::${ACCOUNT}:assumed-role/reader-role/coaching-reader is not authorized to perform: sqs:sendmessage on resource: ${queueArn('work')} because no identity-based policy allows the sqs:sendmessage action`,
    });
    await expect(as('keyless').send(batch)).rejects.toThrow(/kms:GenerateDataKey/);
  });

  it('says that a queue does not exist', async () => {
    await expect(receive('no-such-queue')).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  });

  it('redrives everything back where it came from, with new ids', async () => {
    await deadLetters(3);
    const ids = new Set((await receive('work-dead', { visibility: 0 })).map(({ MessageId }) => MessageId));
    const source = await operator.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: url('work-dead') }));
    expect(source.queueUrls).toEqual([url('work')]);
    await operator.send(new StartMessageMoveTaskCommand({ SourceArn: queueArn('work-dead') }));
    await expect.poll(() => depth('work')?.visible).toBe(3);
    const tasks = new ListMessageMoveTasksCommand({ SourceArn: queueArn('work-dead') });
    await expect
      .poll(async () => (await operator.send(tasks)).Results?.[0])
      .toMatchObject({
        Status: 'COMPLETED',
        ApproximateNumberOfMessagesMoved: 3,
        ApproximateNumberOfMessagesToMove: 3,
      });
    for (const message of await receive('work')) expect(ids).not.toContain(message.MessageId);
  });

  it('moves at the chosen rate, one task at a time, until cancelled', async () => {
    await deadLetters(5);
    const start = new StartMessageMoveTaskCommand({
      SourceArn: queueArn('work-dead'),
      MaxNumberOfMessagesPerSecond: 1,
    });
    const { TaskHandle } = await operator.send(start);
    await expect(operator.send(start)).rejects.toThrow(/already a task running/);
    await operator.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
    expect(depth('work-dead')?.visible).toBeGreaterThanOrEqual(4);
    await expect(operator.send(new CancelMessageMoveTaskCommand({ TaskHandle }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('refuses to redrive what is no dead-letter queue', async () => {
    const start = new StartMessageMoveTaskCommand({ SourceArn: queueArn('closed') });
    await expect(operator.send(start)).rejects.toThrow(/Dead Letter Queue/);
  });
});
