import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { createLog, type Log } from '#shared/kernel/log.ts';
import { createMetrics, type Metrics } from '#shared/kernel/metrics.ts';
import { lazy } from '#shared/kernel/lazy.ts';
import type { Delivery, MessageFate } from './work-part.ts';

/** What a worker does with one message; `body` is whatever JSON it holds. Rejecting is the same as `retry`. */
export type HandleMessage = (body: unknown, delivery: Delivery, log: Log) => Promise<MessageFate>;

export interface QueueEntryOptions {
  readonly log?: Log;
  readonly metrics?: Metrics;
}

/** Keeps a message on its queue. SQS moves it to the dead-letter queue after the last of its receives. */
class MessageKeptError extends Error {
  override readonly name = 'MessageKeptError';
}

/**
 * What a queue's function exports as `handler`. Messages are processed one after another, and each fails alone: the
 * answer names exactly those to be kept. A message that is no JSON, or none that the worker knows, is kept until it
 * is a dead letter. `build` makes the dependencies on the first invocation and is tried again when it failed.
 */
export function queueEntry(
  build: (log: Log, metrics: Metrics) => HandleMessage | Promise<HandleMessage>,
  options: QueueEntryOptions = {},
): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> {
  const log = options.log ?? createLog();
  const metrics = options.metrics ?? createMetrics();
  const handle = lazy(() => build(log, metrics));

  return async (event, context) => {
    const handleMessage = await handle();
    const work = async (record: SQSRecord): Promise<void> => {
      const messageLog = log.with({ messageId: record.messageId });
      const delivery = {
        receiveCount: Number(record.attributes.ApproximateReceiveCount),
        remainingMs: () => context.getRemainingTimeInMillis(),
        receiptHandle: record.receiptHandle,
      };
      let fate: MessageFate;
      try {
        fate = await handleMessage(JSON.parse(record.body), delivery, messageLog);
      } catch (error) {
        messageLog.error('message not processed', { receiveCount: delivery.receiveCount }, error);
        throw error;
      }
      if (fate === 'retry') throw new MessageKeptError();
    };
    try {
      const processor = new BatchProcessor(EventType.SQS);
      return await processPartialResponse(event, work, processor, {
        context,
        processInParallel: false,
        throwOnFullBatchFailure: false,
      });
    } finally {
      metrics.flush();
    }
  };
}
