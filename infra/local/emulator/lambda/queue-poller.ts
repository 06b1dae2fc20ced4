import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
  type Message,
} from '@aws-sdk/client-sqs';
import type { AwsCredentials } from '../aws/local-aws.ts';
import type { EventSource } from '../deployment.ts';
import type { InvocationOutcome } from './function-instance.ts';
import { messagesToDelete, toRecord } from './sqs-event.ts';

/** The few calls that an event source makes, with the function's own rights. */
export interface QueueCalls {
  check(): Promise<void>;
  receive(maximum: number, waitSeconds: number, signal: AbortSignal): Promise<readonly Message[]>;
  remove(messages: readonly Message[]): Promise<void>;
}

export interface PollerOptions {
  readonly source: EventSource;
  readonly functionName: string;
  readonly region: string;
  readonly queue: QueueCalls;
  /** @param messageHeaders `AWSTraceHeader` of the messages that have one */
  readonly invoke: (event: unknown, messageHeaders: readonly string[]) => Promise<InvocationOutcome>;
  /** A line for a person: what the event source could not do. Each text once until it works again. */
  readonly onProblem: (message: string) => void;
  /** Milliseconds to wait after a failed call. */
  readonly retryMs?: number;
}

export interface Poller {
  /** Takes no new messages and waits for running invocations. */
  stop(): Promise<void>;
}

/** SQS gives ten messages a call at most, and Lambda waits 20 s for the first. */
const RECEIVE_MAXIMUM = 10;
const LONG_POLL_SECONDS = 20;
const RETRY_MS = 2_000;
/** Without a maximum, Lambda starts with five pollers; this machine stays there. */
const CONCURRENCY = 5;

export function sqsCalls(
  url: string,
  region: string,
  awsUrl: string,
  credentials: AwsCredentials,
): QueueCalls {
  const client = new SQSClient({ region, endpoint: awsUrl, credentials, maxAttempts: 2 });
  return {
    async check() {
      await client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }));
    },
    async receive(maximum, waitSeconds, signal) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: url,
          MaxNumberOfMessages: maximum,
          WaitTimeSeconds: waitSeconds,
          MessageSystemAttributeNames: ['All'],
          MessageAttributeNames: ['All'],
        }),
        { abortSignal: signal },
      );
      return Messages;
    },
    async remove(messages) {
      for (let start = 0; start < messages.length; start += RECEIVE_MAXIMUM) {
        const { Failed = [] } = await client.send(
          new DeleteMessageBatchCommand({
            QueueUrl: url,
            Entries: messages
              .slice(start, start + RECEIVE_MAXIMUM)
              .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
          }),
        );
        const [first] = Failed;
        if (first !== undefined) throw new Error(first.Message ?? first.Code ?? 'DeleteMessage failed');
      }
    },
  };
}

/**
 * Lambda's event source mapping for one queue: receives, gathers up to the batch size within the window, invokes at
 * most `maximumConcurrency` at once, and deletes what succeeded. What failed comes back after its visibility
 * timeout.
 */
export function startPoller(options: PollerOptions): Poller {
  const { source, functionName, queue, retryMs = RETRY_MS } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = new Set<Promise<void>>();
  const told = new Map<string, string>();

  const problem = (what: string, error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    if (told.get(what) === reason || signal.aborted) return;
    told.set(what, reason);
    options.onProblem(`${functionName} cannot ${what} ${source.queueArn}: ${reason}`);
  };

  async function gather(): Promise<readonly Message[]> {
    const batch = [
      ...(await queue.receive(Math.min(source.batchSize, RECEIVE_MAXIMUM), LONG_POLL_SECONDS, signal)),
    ];
    const until = Date.now() + source.batchingWindowSeconds * 1_000;
    while (batch.length > 0 && batch.length < source.batchSize && Date.now() < until && !signal.aborted) {
      const wait = Math.max(0, Math.min(LONG_POLL_SECONDS, Math.floor((until - Date.now()) / 1_000)));
      const room = Math.min(source.batchSize - batch.length, RECEIVE_MAXIMUM);
      // What is already received is worked on, whatever happens to the next call.
      const more = await queue.receive(room, wait, signal).catch(() => []);
      batch.push(...more);
      if (more.length === 0 && wait === 0) break;
    }
    return batch;
  }

  async function process(batch: readonly Message[]): Promise<void> {
    const outcome = await options.invoke(
      { Records: batch.map((message) => toRecord(message, source.queueArn, options.region)) },
      batch.flatMap(({ Attributes }) => Attributes?.AWSTraceHeader ?? []),
    );
    if (outcome.kind === 'failed') return;
    const done = messagesToDelete(batch, outcome.payload, source.reportBatchItemFailures);
    if (done.length === 0) return;
    try {
      await queue.remove(done);
      told.delete('delete messages of');
    } catch (error) {
      problem('delete messages of', error);
    }
  }

  async function poll(): Promise<void> {
    let checked = false;
    while (!signal.aborted) {
      try {
        if (!checked) await queue.check();
        checked = true;
        const batch = await gather();
        told.delete('receive messages of');
        if (batch.length > 0) {
          const work = process(batch);
          running.add(work);
          void work.finally(() => running.delete(work));
        }
        if (running.size >= (source.maximumConcurrency ?? CONCURRENCY)) await Promise.race(running);
      } catch (error) {
        problem(checked ? 'receive messages of' : 'read attributes of', error);
        await sleep(retryMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  const polling = poll();
  return {
    async stop() {
      stopping.abort();
      await polling;
      await Promise.all(running);
    },
  };
}
