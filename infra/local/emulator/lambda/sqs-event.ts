import { createHash } from 'node:crypto';
import type { Message } from '@aws-sdk/client-sqs';
import * as z from 'zod';

/** One record of an SQS event as Lambda delivers it. */
export function toRecord(message: Message, queueArn: string, region: string) {
  const body = message.Body ?? '';
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body,
    attributes: { ...message.Attributes },
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, attribute]) => [
        name,
        {
          stringValue: attribute.StringValue,
          binaryValue:
            attribute.BinaryValue === undefined
              ? undefined
              : Buffer.from(attribute.BinaryValue).toString('base64'),
          stringListValues: [],
          binaryListValues: [],
          dataType: attribute.DataType ?? 'String',
        },
      ]),
    ),
    md5OfBody: message.MD5OfBody ?? createHash('md5').update(body).digest('hex'),
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: region,
  };
}

const batchResponseSchema = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish(),
});

/**
 * Which messages of a batch Lambda deletes after a call that did not fail. With partial responses, an answer that
 * is not one, or that names a message not in the batch, counts the whole batch as failed.
 *
 * @param payload the handler's result as JSON
 */
export function messagesToDelete(
  batch: readonly Message[],
  payload: string,
  reportBatchItemFailures: boolean,
): readonly Message[] {
  if (!reportBatchItemFailures) return batch;
  let answer: unknown;
  try {
    answer = JSON.parse(payload);
  } catch {
    return [];
  }
  if (answer === null || answer === '') return batch;
  const parsed = batchResponseSchema.safeParse(answer);
  if (!parsed.success) return [];
  const failures = new Set((parsed.data.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier));
  const known = new Set(batch.map(({ MessageId }) => MessageId));
  if ([...failures].some((id) => !known.has(id))) return [];
  return batch.filter(({ MessageId }) => MessageId === undefined || !failures.has(MessageId));
}
