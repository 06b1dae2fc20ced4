import type { Context, SQSEvent } from 'aws-lambda';
import { expect, test } from 'vitest';
import { queueEntry, type HandleMessage } from '#shared/jobs/queue-entry.ts';
import { flushMetrics, type Instruments } from '#shared/kernel/instruments.ts';
import type { Log } from '#shared/kernel/log.ts';
import type { Metrics } from '#shared/kernel/metrics.ts';
import { NO_TRACING } from '#shared/kernel/tracing.ts';
import { recordingLog } from '../kernel/recording-log.ts';

const context = { getRemainingTimeInMillis: () => 5_000 } as Context;

const createSqsEvent = (bodies: readonly string[]): SQSEvent => ({
  Records: bodies.map((body, index) => ({
    messageId: `message-${index}`,
    receiptHandle: 'handle',
    body,
    attributes: {
      ApproximateReceiveCount: String(index + 1),
      SentTimestamp: '0',
      SenderId: 'sender',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:111111111111:sync',
    awsRegion: 'us-east-1',
  })),
});

const instrumentsOf = (log: Log, metrics: Metrics): Instruments => ({
  log,
  metrics,
  tracing: NO_TRACING,
  middlewares: [flushMetrics(metrics)],
});

function start(handle: HandleMessage) {
  const { log, lines } = recordingLog();
  const flushes: string[] = [];
  const metrics: Metrics = { add: () => undefined, flush: () => void flushes.push('flush') };
  return { lines, flushes, handler: queueEntry(() => handle, instrumentsOf(log, metrics)) };
}

test('each message fails alone: the answer names exactly those that are to be kept', async () => {
  const seen: unknown[] = [];
  const { handler, flushes } = start((body, delivery) => {
    seen.push([body, delivery.receiveCount, delivery.remainingMs()]);
    if (body === 'throws') throw new Error('broken');
    return Promise.resolve(body === 'again' ? 'retry' : 'acknowledge');
  });
  const bodies = ['"fine"', '"throws"', 'no json {', '"again"', '"fine too"'];

  expect(await handler(createSqsEvent(bodies), context)).toEqual({
    batchItemFailures: [
      { itemIdentifier: 'message-1' },
      { itemIdentifier: 'message-2' },
      { itemIdentifier: 'message-3' },
    ],
  });
  expect(seen).toEqual([
    ['fine', 1, 5_000],
    ['throws', 2, 5_000],
    ['again', 4, 5_000],
    ['fine too', 5, 5_000],
  ]);
  expect(flushes).toEqual(['flush']);
});

test('a batch in which all fail names them all, and the next batch starts afresh', async () => {
  let fail = true;
  const { handler } = start(() => Promise.resolve(fail ? 'retry' : 'acknowledge'));
  expect((await handler(createSqsEvent(['1', '2']), context)).batchItemFailures).toHaveLength(2);
  fail = false;
  expect((await handler(createSqsEvent(['1', '2']), context)).batchItemFailures).toEqual([]);
});

test('the log names the message and never what was in it', async () => {
  const { handler, lines } = start(() => Promise.resolve('acknowledge'));
  await handler(createSqsEvent(['{"email": amara@example.org']), context);
  expect(lines).toMatchObject([{ level: 'error', fields: { messageId: 'message-0', receiveCount: 1 } }]);
  expect(JSON.stringify(lines)).not.toContain('amara');
});

test('a cold start that failed is tried again with the next batch', async () => {
  const { log } = recordingLog();
  let builds = 0;
  const handler = queueEntry(
    () => {
      builds += 1;
      if (builds === 1) throw new Error('no environment');
      return () => Promise.resolve('acknowledge');
    },
    instrumentsOf(log, { add: () => undefined, flush: () => undefined }),
  );
  await expect(handler(createSqsEvent(['1']), context)).rejects.toThrow('no environment');
  expect(await handler(createSqsEvent(['1']), context)).toEqual({ batchItemFailures: [] });
});

test('messages that are processed together wait for one another only at the end', async () => {
  const first = Promise.withResolvers<'acknowledge'>();
  const handle: HandleMessage = (body) => {
    if (body === 'second') first.resolve('acknowledge');
    return body === 'first' ? first.promise : Promise.resolve('retry');
  };
  const { log } = recordingLog();
  const metrics: Metrics = { add: () => undefined, flush: () => undefined };
  const handler = queueEntry(() => handle, instrumentsOf(log, metrics), { together: true });
  expect(await handler(createSqsEvent(['"first"', '"second"']), context)).toEqual({
    batchItemFailures: [{ itemIdentifier: 'message-1' }],
  });
});
