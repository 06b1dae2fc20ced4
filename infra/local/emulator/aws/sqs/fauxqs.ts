import { buildApp } from 'fauxqs';

/** The parts of fauxqs that its package does not export; {@link loadFauxqs} checks that they are there. */
export interface FauxMessage {
  messageId: string;
  body: string;
  md5OfBody: string;
  messageAttributes: Record<string, unknown>;
  md5OfMessageAttributes: string;
  sentTimestamp: number;
  approximateReceiveCount: number;
  approximateFirstReceiveTimestamp?: number | undefined;
  delayUntil?: number | undefined;
}

export interface FauxQueue {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  attributes: Record<string, string>;
  messages: FauxMessage[];
  delayedMessages: FauxMessage[];
  readonly inflightMessages: Map<
    string,
    { message: FauxMessage; receiptHandle: string; visibilityDeadline: number }
  >;
  persistence?: FauxJournal;
  enqueue(message: FauxMessage): void;
  dequeue(count: number, visibilitySeconds: number): readonly { readonly ReceiptHandle: string }[];
  deleteMessage(receiptHandle: string): boolean;
  processTimers(): void;
  /** Resolves when there may be a message, or after the time. */
  waitForMessages(seconds: number): Promise<void>;
}

/** What a queue tells of its changes, in the tick in which they happen. */
export interface FauxJournal {
  insertQueue(queue: FauxQueue): void;
  updateQueueAttributes(name: string, attributes: Record<string, string>, lastModified: number): void;
  insertMessage(queueName: string, message: FauxMessage): void;
  deleteMessage(messageId: string): void;
  updateMessageInflight(
    messageId: string,
    receiptHandle: string,
    visibilityDeadline: number,
    receiveCount: number,
    firstReceiveTimestamp: number | undefined,
  ): void;
  updateMessageReady(messageId: string): void;
  deleteQueueMessages(queueName: string): void;
}

export interface FauxStore {
  createQueue(name: string, url: string, arn: string, attributes: Record<string, string>): FauxQueue;
  getQueue(url: string): FauxQueue | undefined;
  getQueueByArn(arn: string): FauxQueue | undefined;
  allQueues(): Iterable<FauxQueue>;
  shutdown(): void;
}

export interface Fauxqs {
  readonly store: FauxStore;
  /** One call of SQS's JSON protocol, without a socket. */
  call(operation: string, body: string): Promise<{ readonly status: number; readonly body: string }>;
  close(): Promise<void>;
}

/** fauxqs in this process, never on a port: its own server would listen on every interface. */
export async function loadFauxqs(): Promise<Fauxqs> {
  const entry = import.meta.resolve('fauxqs');
  const inside = async (path: string) => import(new URL(path, entry).href);
  const { SqsStore } = await inside('sqs/sqsStore.js');
  const { SnsStore } = await inside('sns/snsStore.js');
  const { S3Store } = await inside('s3/s3Store.js');
  const sqsStore = new SqsStore();
  const store: FauxStore = sqsStore;
  const app = buildApp({
    logger: false,
    stores: { sqsStore, snsStore: new SnsStore(), s3Store: new S3Store() },
  });
  await app.ready();
  return {
    store,
    async call(operation, body) {
      const response = await app.inject({
        method: 'POST',
        url: '/',
        headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` },
        payload: body,
      });
      return { status: response.statusCode, body: response.body };
    },
    close: async () => {
      store.shutdown();
      await app.close();
    },
  };
}
