import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { DeadLetter } from './dead-letter.ts';
import type { DeadLetterSource } from './contract.ts';
import { OwnError } from '#shared/kernel/errors.ts';

/** The dead-letter queues. Receiving hides a message for a while and takes nothing away. */
export interface DeadLetterQueues {
  /** Up to ten messages that nobody else looks at, hidden for so many seconds; none: there are no more. */
  readonly receive: (source: DeadLetterSource, hideSeconds: number) => Promise<readonly DeadLetter[]>;
  /** Makes them visible again at once. Rejects when that did not work for any; they come back by themselves. */
  readonly giveBack: (letters: readonly DeadLetter[]) => Promise<void>;
  readonly remove: (message: DeadLetter) => Promise<void>;
}

export type DeadLetterUrls = Readonly<Record<DeadLetterSource, string>>;

/** SQS takes and gives at most this many in one call. */
const BATCH = 10;
/** A long poll asks all of SQS's servers; a short one only some, and may miss messages. */
const WAIT_SECONDS = 1;

export function createDeadLetterQueues(client: SQSClient, urls: DeadLetterUrls): DeadLetterQueues {
  return {
    async receive(source, hideSeconds) {
      const answer = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: urls[source],
          MaxNumberOfMessages: BATCH,
          VisibilityTimeout: hideSeconds,
          WaitTimeSeconds: WAIT_SECONDS,
          MessageSystemAttributeNames: ['SentTimestamp'],
        }),
      );
      return (answer.Messages ?? []).map((message) => ({
        id: message.MessageId ?? '',
        source,
        body: message.Body ?? '',
        sentAt: new Date(Number(message.Attributes?.SentTimestamp ?? 0)).toISOString(),
        receipt: message.ReceiptHandle ?? '',
      }));
    },

    async giveBack(letters) {
      let failed = 0;
      for (const [source, own] of Map.groupBy(letters, (message) => message.source)) {
        for (let from = 0; from < own.length; from += BATCH) {
          const answer = await client.send(
            new ChangeMessageVisibilityBatchCommand({
              QueueUrl: urls[source],
              Entries: own.slice(from, from + BATCH).map(({ receipt }, index) => ({
                Id: String(index),
                ReceiptHandle: receipt,
                VisibilityTimeout: 0,
              })),
            }),
          );
          failed += answer.Failed?.length ?? 0;
        }
      }
      if (failed > 0) throw new OwnError(`${failed} dead letters were not given back.`);
    },

    async remove({ source, receipt }) {
      await client.send(new DeleteMessageCommand({ QueueUrl: urls[source], ReceiptHandle: receipt }));
    },
  };
}
