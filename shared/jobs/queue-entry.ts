import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { createInstruments, instrumented, type Instruments } from '#shared/kernel/instruments.ts';
import { lazy } from '#shared/kernel/lazy.ts';
import type { Log } from '#shared/kernel/log.ts';
import type { Delivery, MessageFate } from './work-part.ts';
import { OwnError } from '#shared/kernel/errors.ts';

/** What a worker does with one message; `body` is whatever JSON it holds. Rejecting is the same as `retry`. */
export type HandleMessage = (body: unknown, delivery: Delivery, log: Log) => Promise<MessageFate>;

/** Keeps a message on its queue. SQS moves it to the dead-letter queue after the last of its receives. */
class MessageKeptError extends OwnError {
  override readonly name = 'MessageKeptError';
}

/**
 * What a queue's function exports as `handler`. Messages are processed one after another, or all `together` where they
 * mostly wait for the platform, and each fails alone: the answer names exactly those to be kept. A message that is no JSON, or none that the worker knows, is kept until it
 * is a dead letter. `build` makes the dependencies on the first invocation and is tried again when it failed.
 */
export function queueEntry(
  build: (instruments: Instruments) => HandleMessage,
  instruments: Instruments = createInstruments(),
  { together }: { readonly together: boolean } = { together: false },
): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> {
  const handle = lazy(() => build(instruments));

  return instrumented(async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const handleMessage = await handle();
    const work = async (record: SQSRecord): Promise<void> => {
      const log = instruments.log.with({ messageId: record.messageId });
      const delivery = {
        receiveCount: Number(record.attributes.ApproximateReceiveCount),
        remainingMs: () => context.getRemainingTimeInMillis(),
        receiptHandle: record.receiptHandle,
      };
      let fate: MessageFate;
      try {
        fate = await handleMessage(JSON.parse(record.body), delivery, log);
      } catch (error) {
        log.error('message not processed', { receiveCount: delivery.receiveCount }, error);
        throw error;
      }
      if (fate === 'retry') throw new MessageKeptError();
    };
    return processPartialResponse(event, work, new BatchProcessor(EventType.SQS), {
      context,
      processInParallel: together,
      throwOnFullBatchFailure: false,
    });
  }, instruments);
}
