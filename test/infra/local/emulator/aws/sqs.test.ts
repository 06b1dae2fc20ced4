import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
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

  it('hands on the trace header of the request, and that of the message before it', async () => {
    const attribute = { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-0;own' } } as const;
    const traced = new SQSClient(clientConfig(stack.aws));
    traced.middlewareStack.add(
      (next) => (args) => {
        Object.assign((args.request as { headers: object }).headers, {
          'X-Amzn-Trace-Id': 'Root=1-0;request',
        });
        return next(args);
      },
      { step: 'build' },
    );
    await traced.send(
      new SendMessageBatchCommand({
        QueueUrl: url('work'),
        Entries: [
          { Id: 'a', MessageBody: 'a' },
          { Id: 'b', MessageBody: 'b', MessageSystemAttributes: attribute },
        ],
      }),
    );
    await operator.send(new SendMessageCommand({ QueueUrl: url('work'), MessageBody: 'c' }));
    const { Messages = [] } = await operator.send(
      new ReceiveMessageCommand({
        QueueUrl: url('work'),
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 0,
        MessageSystemAttributeNames: ['AWSTraceHeader'],
      }),
    );
    expect(Messages.map(({ Body, Attributes }) => [Body, Attributes?.AWSTraceHeader])).toEqual([
      ['a', 'Root=1-0;request'],
      ['b', 'Root=1-0;own'],
      ['c', undefined],
    ]);
    const [all] = await receive('work');
    expect(all?.Attributes).toMatchObject({ AWSTraceHeader: 'Root=1-0;request' });
  });
});
