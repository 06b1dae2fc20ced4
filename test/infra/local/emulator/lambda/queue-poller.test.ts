import type { Message } from '@aws-sdk/client-sqs';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EventSource } from '#infra/local/emulator/deployment.ts';
import type { InvocationOutcome } from '#infra/local/emulator/lambda/function-instance.ts';
import { startPoller } from '#infra/local/emulator/lambda/queue-poller.ts';
import { messagesToDelete, type toRecord } from '#infra/local/emulator/lambda/sqs-event.ts';

const source: EventSource = {
  functionArn: 'arn:aws:lambda:us-east-1:111122223333:function:worker',
  queueArn: 'arn:aws:sqs:us-east-1:111122223333:work',
  enabled: true,
  batchSize: 10,
  batchingWindowSeconds: 0,
  reportBatchItemFailures: true,
  maximumConcurrency: 2,
};

const message = (id: string): Message => ({
  MessageId: id,
  ReceiptHandle: `handle-${id}`,
  Body: `{"id":"${id}"}`,
  Attributes: { ApproximateReceiveCount: '1' },
});
const ids = (messages: readonly Message[]) => messages.map(({ MessageId }) => MessageId);
const result = (value: unknown): InvocationOutcome => ({
  kind: 'result',
  payload: JSON.stringify(value) ?? 'null',
});

describe('what is deleted after an invocation', () => {
  const batch = [message('a'), message('b'), message('c')];
  it.each([
    ['nothing returned', 'null', ['a', 'b', 'c']],
    ['an empty list of failures', '{"batchItemFailures":[]}', ['a', 'b', 'c']],
    ['no list at all', '{}', ['a', 'b', 'c']],
    ['a null list', '{"batchItemFailures":null}', ['a', 'b', 'c']],
    ['one failure', '{"batchItemFailures":[{"itemIdentifier":"b"}]}', ['a', 'c']],
    [
      'all failed',
      '{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"b"},{"itemIdentifier":"c"}]}',
      [],
    ],
    ['an unknown identifier', '{"batchItemFailures":[{"itemIdentifier":"z"}]}', []],
    ['an empty identifier', '{"batchItemFailures":[{"itemIdentifier":""}]}', []],
    ['a null identifier', '{"batchItemFailures":[{"itemIdentifier":null}]}', []],
    ['a wrong key', '{"batchItemFailures":[{"id":"a"}]}', []],
    ['something else', '"done"', []],
  ])('with partial responses and %s', (_what, payload, deleted) => {
    expect(ids(messagesToDelete(batch, payload, true))).toEqual(deleted);
  });

  it('is everything without partial responses, whatever was returned', () => {
    expect(ids(messagesToDelete(batch, '{"batchItemFailures":[{"itemIdentifier":"b"}]}', false))).toEqual([
      'a',
      'b',
      'c',
    ]);
  });
});

interface BatchEvent {
  readonly Records: readonly ReturnType<typeof toRecord>[];
}

/** A queue in memory whose messages are received once. */
function poll(options: {
  batches: (readonly Message[] | Error)[];
  invoke: (event: BatchEvent) => Promise<InvocationOutcome>;
  source?: Partial<EventSource>;
  check?: () => Promise<void>;
  remove?: () => Promise<void>;
}) {
  const batches = [...options.batches];
  const deleted: (string | undefined)[] = [];
  const problems: string[] = [];
  const poller = startPoller({
    source: { ...source, ...options.source },
    functionName: 'worker',
    region: 'us-east-1',
    invoke: (event) => options.invoke(event as BatchEvent),
    onProblem: (problem) => problems.push(problem),
    retryMs: 1,
    queue: {
      check: options.check ?? (() => Promise.resolve()),
      async receive(_maximum, _wait, signal) {
        const next = batches.shift();
        if (next instanceof Error) throw next;
        if (next !== undefined) return next;
        await new Promise((resolve) => {
          signal.addEventListener('abort', resolve, { once: true });
        });
        return [];
      },
      async remove(messages) {
        await options.remove?.();
        deleted.push(...ids(messages));
      },
    },
  });
  onTestFinished(() => poller.stop());
  return { poller, deleted, problems };
}

describe('an event source', () => {
  it('hands the batch over as Lambda does and deletes what succeeded', async () => {
    const events: BatchEvent[] = [];
    const { deleted } = poll({
      batches: [[message('a'), message('b')]],
      async invoke(event) {
        events.push(event);
        return result({ batchItemFailures: [{ itemIdentifier: 'a' }] });
      },
    });
    await expect.poll(() => deleted).toEqual(['b']);
    expect(events[0]!.Records[0]).toMatchObject({
      messageId: 'a',
      receiptHandle: 'handle-a',
      body: '{"id":"a"}',
      attributes: { ApproximateReceiveCount: '1' },
      eventSource: 'aws:sqs',
      eventSourceARN: source.queueArn,
      awsRegion: 'us-east-1',
    });
  });

  it('deletes nothing of a failed invocation', async () => {
    let calls = 0;
    const { deleted, poller } = poll({
      batches: [[message('a')], [message('b')]],
      async invoke() {
        calls += 1;
        return {
          kind: 'failed',
          timedOut: true,
          fault: { errorType: 'Sandbox.Timedout', errorMessage: '', trace: '' },
        };
      },
    });
    await expect.poll(() => calls).toBe(2);
    await poller.stop();
    expect(deleted).toEqual([]);
  });

  it('never runs more at once than its maximum', async () => {
    let running = 0;
    let most = 0;
    const { deleted } = poll({
      batches: ['a', 'b', 'c', 'd', 'e'].map((id) => [message(id)]),
      async invoke() {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => {
          setTimeout(resolve, 10);
        });
        running -= 1;
        return result(null);
      },
    });
    await expect.poll(() => deleted.length).toBe(5);
    expect(most).toBe(2);
  });

  it('gathers up to the batch size within the window', async () => {
    const sizes: number[] = [];
    poll({
      batches: [[message('a')], [message('b'), message('c')]],
      source: { batchSize: 3, batchingWindowSeconds: 5 },
      async invoke({ Records }) {
        sizes.push(Records.length);
        return result(null);
      },
    });
    await expect.poll(() => sizes).toEqual([3]);
  });

  it('names function, action and queue once when a permission is missing, and goes on when it is there', async () => {
    const denied = new Error(
      'User: arn:aws:sts::1:assumed-role/worker is not authorized to perform: sqs:ReceiveMessage',
    );
    const { problems, deleted } = poll({
      batches: [denied, denied, denied, [message('a')]],
      invoke: () => Promise.resolve(result(null)),
    });
    await expect.poll(() => deleted).toEqual(['a']);
    expect(problems).toEqual([`worker cannot receive messages of ${source.queueArn}: ${denied.message}`]);
  });

  it('takes no messages while it may not even read the queue’s attributes', async () => {
    const batches = [[message('a')]];
    const { problems, poller, deleted } = poll({
      batches,
      check: () => Promise.reject(new Error('not authorized to perform: sqs:GetQueueAttributes')),
      invoke: () => Promise.resolve(result(null)),
    });
    await expect.poll(() => problems.length).toBe(1);
    await poller.stop();
    expect(problems[0]).toContain('sqs:GetQueueAttributes');
    expect(deleted).toEqual([]);
  });

  it('tells when it may not delete', async () => {
    const { problems } = poll({
      batches: [[message('a')]],
      invoke: () => Promise.resolve(result(null)),
      remove: () => Promise.reject(new Error('not authorized to perform: sqs:DeleteMessage')),
    });
    await expect
      .poll(() => problems)
      .toEqual([
        `worker cannot delete messages of ${source.queueArn}: not authorized to perform: sqs:DeleteMessage`,
      ]);
  });

  it('waits for what runs when it is stopped', async () => {
    let release: (() => void) | undefined;
    const { poller, deleted } = poll({
      batches: [[message('a')]],
      async invoke() {
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        return result(null);
      },
    });
    await expect.poll(() => release).toBeDefined();
    const stopped = poller.stop();
    release!();
    await stopped;
    expect(deleted).toEqual(['a']);
  });
});
