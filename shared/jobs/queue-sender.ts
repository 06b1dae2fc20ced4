import { ChangeMessageVisibilityCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { JobPart, JobPartMessage, WorkMessage } from './job.ts';
import type { QueueName } from './task-definition.ts';
import { requestTimeouts } from '#shared/kernel/aws-requests.ts';
import { OwnError } from '#shared/kernel/errors.ts';

/** Seconds after which a part's wake-up message is to arrive. */
export type DelayOf = (part: JobPart) => number;

/**
 * Puts "look at this part" on the queue of each part's type. Rejects when any could not be put there.
 * @param delayOf left out: all at once
 */
export type SendWakeUps = (parts: readonly JobPart[], delayOf?: DelayOf) => Promise<void>;

/** What else the `roster` queue takes; the capability that reads it says what may be in it. */
export type RosterMessage = Readonly<Record<string, string>>;

export type QueueUrls = Readonly<Partial<Record<QueueName, string>>>;

/** SQS takes at most this many messages in one call. */
const BATCH = 10;
const REQUEST_TIMEOUT_MS = 5_000;

export interface QueueSender {
  /** @param queueOf the queue that parts of a type are processed from */
  readonly wakeUpsBy: (queueOf: (taskType: string) => QueueName) => SendWakeUps;
  /** Asks the `work` queue to plan a job now. */
  readonly sendWork: (message: WorkMessage) => Promise<void>;
  /** Asks the `roster` queue to look at these teams and members. */
  readonly sendRoster: (messages: readonly RosterMessage[]) => Promise<void>;
}

export const createQueueClient = (): SQSClient =>
  new SQSClient({
    maxAttempts: 4,
    requestHandler: requestTimeouts(REQUEST_TIMEOUT_MS),
  });

export function createQueueSender(urls: QueueUrls, client: SQSClient = createQueueClient()): QueueSender {
  async function send(
    queue: QueueName,
    messages: readonly (JobPartMessage | WorkMessage | RosterMessage)[],
    delays: readonly number[] = [],
  ): Promise<void> {
    const url = urls[queue];
    if (url === undefined) throw new OwnError(`This function may not send to the ${queue} queue.`);
    for (let from = 0; from < messages.length; from += BATCH) {
      const answer = await client.send(
        new SendMessageBatchCommand({
          QueueUrl: url,
          Entries: messages.slice(from, from + BATCH).map((message, index) => ({
            Id: String(index),
            MessageBody: JSON.stringify(message),
            DelaySeconds: delays[from + index] ?? 0,
          })),
        }),
      );
      const failed = answer.Failed ?? [];
      if (failed.length > 0)
        throw new OwnError(`${failed.length} messages were not taken by the ${queue} queue.`);
    }
  }

  return {
    wakeUpsBy: (queueOf) => async (parts, delayOf) => {
      for (const [queue, group] of Map.groupBy(parts, (part) => queueOf(part.taskType))) {
        await send(
          queue,
          group.map(({ jobId, part }) => ({ kind: 'job_part', jobId, part })),
          delayOf === undefined ? undefined : group.map(delayOf),
        );
      }
    },
    sendWork: (message) => send('work', [message]),
    sendRoster: (messages) => send('roster', messages),
  };
}

/** Makes a message that is being processed visible again after so many seconds, instead of after the queue's own time. */
export type HideFor = (receiptHandle: string, seconds: number) => Promise<void>;

/** The message comes back on its own if this does not work: trying once more is enough. */
const HIDE_TIMEOUTS = requestTimeouts(1_000, 500);

export const createHidingClient = (): SQSClient =>
  new SQSClient({ maxAttempts: 2, requestHandler: HIDE_TIMEOUTS });

export const createHideFor =
  (client: SQSClient, queueUrl: string): HideFor =>
  async (receiptHandle, seconds) => {
    await client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queueUrl,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: seconds,
      }),
    );
  };
