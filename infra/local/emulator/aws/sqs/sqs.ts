import type { Deployment, QueueResource } from '../../deployment.ts';
import { isRecord, stringField } from '../access/requirement.ts';
import type { ResourceNames } from '../access/resource-names.ts';
import { sqsAccess } from '../access/sqs-access.ts';
import { AwsError, jsonAnswer, type AwsAnswer } from '../gateway/aws-answer.ts';
import type { ServiceCall, StandIn } from '../gateway/dispatcher.ts';
import type { QueueDepth } from '../local-aws.ts';
import type { StateDatabase } from '../state-database.ts';
import { loadFauxqs, type FauxMessage, type FauxQueue, type Fauxqs } from './fauxqs.ts';
import { QueueJournal } from './queue-journal.ts';
import { TraceHeaders } from './trace-headers.ts';

export interface Sqs {
  readonly standIn: StandIn;
  depths(): readonly QueueDepth[];
  stop(): Promise<void>;
}

const RETENTION_SWEEP_MS = 10_000;

/** SQS by fauxqs, with what it lacks: a journal, retention, and long polls that end with their caller. */
export async function startSqs(
  state: StateDatabase,
  deployment: Deployment,
  names: ResourceNames,
  onMessage: (message: FauxMessage) => void,
): Promise<Sqs> {
  const fauxqs = await loadFauxqs();
  const traceHeaders = new TraceHeaders();
  const journal = new QueueJournal(state, (message) => {
    traceHeaders.note(message);
    onMessage(message);
  });
  const queues = deployment.queues.map((resource) => {
    const queue = fauxqs.store.createQueue(resource.name, resource.url, resource.arn, attributesOf(resource));
    journal.restore(queue, Date.now());
    queue.persistence = journal;
    return queue;
  });
  const sweep = setInterval(() => {
    for (const queue of queues) dropExpired(queue, journal, Date.now());
  }, RETENTION_SWEEP_MS);
  sweep.unref();

  return {
    standIn: {
      access: (operation, body) => sqsAccess(operation, body, names),
      answer: async (call) => {
        if (call.operation === 'GetQueueUrl') return jsonAnswer('sqs', { QueueUrl: urlOf(call.body, names) });
        if (call.operation === 'ReceiveMessage') {
          return receive(fauxqs, call, deployment.accountId, traceHeaders);
        }
        return traceHeaders.during(call, async () =>
          jsonAnswer('sqs', await ask(fauxqs, call.operation, call.rawBody.toString())),
        );
      },
    },
    depths: () =>
      queues.map((queue) => {
        queue.processTimers();
        return {
          name: queue.name,
          arn: queue.arn,
          visible: queue.messages.length,
          inFlight: queue.inflightMessages.size,
          delayed: queue.delayedMessages.length,
        };
      }),
    stop: async () => {
      clearInterval(sweep);
      await fauxqs.close();
    },
  };
}

function attributesOf(resource: QueueResource): Record<string, string> {
  return {
    VisibilityTimeout: String(resource.visibilityTimeoutSeconds),
    MessageRetentionPeriod: String(resource.retentionSeconds),
    ReceiveMessageWaitTimeSeconds: String(resource.receiveWaitSeconds),
    ...(resource.redrive === undefined
      ? {}
      : {
          RedrivePolicy: JSON.stringify({
            deadLetterTargetArn: resource.redrive.deadLetterArn,
            maxReceiveCount: resource.redrive.maxReceiveCount,
          }),
        }),
  };
}

function urlOf(body: unknown, names: ResourceNames): string {
  const queue = names.queueByUrl(`/${stringField(body, 'QueueName') ?? ''}`);
  if (queue === undefined) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
  return queue.url;
}

/** What fauxqs answers; an error of its own becomes an {@link AwsError}. */
async function ask(
  fauxqs: Fauxqs,
  operation: string,
  body: string,
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await fauxqs.call(operation, body);
  const parsed: unknown = answer.body === '' ? {} : JSON.parse(answer.body);
  const fields = isRecord(parsed) ? parsed : {};
  if (answer.status === 200) return fields;
  const type = String(fields['__type']);
  throw new AwsError(type.slice(type.indexOf('#') + 1), String(fields['message']), answer.status);
}

/**
 * A long poll takes a message only if its caller is still there: a poller that was stopped would otherwise hide one
 * for the whole visibility timeout.
 */
async function receive(
  fauxqs: Fauxqs,
  call: ServiceCall,
  accountId: string,
  traceHeaders: TraceHeaders,
): Promise<AwsAnswer> {
  const body = isRecord(call.body) ? call.body : {};
  const queue = fauxqs.store.getQueue(String(body['QueueUrl']));
  const asked = body['WaitTimeSeconds'] ?? Number(queue?.attributes['ReceiveMessageWaitTimeSeconds'] ?? 0);
  const waitSeconds = typeof asked === 'number' ? asked : 0;
  const valid = queue !== undefined && waitSeconds >= 0 && waitSeconds <= 20;
  if (!valid) return jsonAnswer('sqs', await ask(fauxqs, call.operation, call.rawBody.toString()));

  const once = JSON.stringify({ ...body, WaitTimeSeconds: 0 });
  const deadline = Date.now() + waitSeconds * 1000;
  let received = await ask(fauxqs, call.operation, once);
  while (received['Messages'] === undefined && !call.signal.aborted) {
    const left = deadline - Date.now();
    if (left <= 0) break;
    await untilMessageOrGone(queue, left / 1000, call.signal);
    if (!call.signal.aborted) received = await ask(fauxqs, call.operation, once);
  }
  return jsonAnswer('sqs', traceHeaders.addTo(withSender(received, accountId), body));
}

async function untilMessageOrGone(queue: FauxQueue, seconds: number, signal: AbortSignal): Promise<void> {
  const gone = new Promise<void>((resolve) => {
    signal.addEventListener(
      'abort',
      () => {
        resolve();
      },
      { once: true },
    );
  });
  await Promise.race([queue.waitForMessages(seconds), gone]);
}

/** fauxqs has one account of its own. */
function withSender(
  received: Readonly<Record<string, unknown>>,
  accountId: string,
): Readonly<Record<string, unknown>> {
  const messages = received['Messages'];
  for (const message of Array.isArray(messages) ? messages : []) {
    const attributes: unknown = isRecord(message) ? message['Attributes'] : undefined;
    if (isRecord(attributes) && 'SenderId' in attributes) Object.assign(attributes, { SenderId: accountId });
  }
  return received;
}

/** Messages older than the retention period go, wherever they are; a dead letter keeps the clock of its first queue. */
function dropExpired(queue: FauxQueue, journal: QueueJournal, now: number): void {
  const oldest = now - Number(queue.attributes['MessageRetentionPeriod']) * 1000;
  const keeps = (message: { messageId: string; sentTimestamp: number }): boolean => {
    if (message.sentTimestamp >= oldest) return true;
    journal.deleteMessage(message.messageId);
    return false;
  };
  queue.messages = queue.messages.filter(keeps);
  queue.delayedMessages = queue.delayedMessages.filter(keeps);
  for (const [handle, entry] of queue.inflightMessages) {
    if (!keeps(entry.message)) queue.inflightMessages.delete(handle);
  }
}
