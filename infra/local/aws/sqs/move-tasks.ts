import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { moveTaskSource } from '../access/sqs-access.ts';
import { AwsError } from '../gateway/aws-answer.ts';
import type { FauxQueue, FauxStore } from './fauxqs.ts';

const startSchema = z.object({
  SourceArn: z.string(),
  DestinationArn: z.string().optional(),
  MaxNumberOfMessagesPerSecond: z.number().int().min(1).max(500).optional(),
});
const listSchema = z.object({
  SourceArn: z.string(),
  MaxResults: z.number().int().min(1).max(10).optional(),
});
const cancelSchema = z.object({ TaskHandle: z.string() });
const sourcesSchema = z.object({ QueueUrl: z.string() });

interface MoveTask {
  readonly handle: string;
  readonly sourceArn: string;
  readonly destinationArn: string | undefined;
  readonly perSecond: number | undefined;
  readonly toMove: number;
  readonly startedAt: number;
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLED';
  moved: number;
  timer: NodeJS.Timeout | undefined;
}

const TICK_MS = 50;
/** AWS moves as fast as it can, at most this many a second. */
const DEFAULT_PER_SECOND = 500;
const KEPT_TASKS = 10;

/**
 * Dead-letter queue redrive: messages go back where their queue's redrive policy says they came from, with a new id and
 * a new clock. One running task for each source. Tasks end with the process; what was moved stays moved.
 */
export class MoveTasks {
  readonly #store: FauxStore;
  #tasks: MoveTask[] = [];

  constructor(store: FauxStore) {
    this.#store = store;
  }

  handles(operation: string): boolean {
    return (
      operation.endsWith('MessageMoveTask') || operation.endsWith('MessageMoveTasks') || operation === SOURCES
    );
  }

  answer(operation: string, body: unknown): unknown {
    switch (operation) {
      case 'StartMessageMoveTask':
        return this.#start(parse(startSchema, body));
      case 'ListMessageMoveTasks':
        return this.#list(parse(listSchema, body));
      case 'CancelMessageMoveTask':
        return this.#cancel(parse(cancelSchema, body));
      case SOURCES:
        return this.#sources(parse(sourcesSchema, body));
      default:
        throw new AwsError('InvalidAction', `Unknown action: ${operation}`);
    }
  }

  stop(): void {
    for (const task of this.#tasks) clearInterval(task.timer);
  }

  #start(input: z.infer<typeof startSchema>): unknown {
    const source = this.#queue(input.SourceArn);
    const origins = this.#redrivingTo(input.SourceArn);
    const [origin] = origins;
    if (origin === undefined) {
      throw new AwsError('InvalidParameterValue', 'Source queue must be configured as a Dead Letter Queue.');
    }
    if (this.#tasks.some((task) => task.sourceArn === input.SourceArn && task.status === 'RUNNING')) {
      throw new AwsError(
        'InvalidParameterValue',
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      );
    }
    source.processTimers();
    const destination = input.DestinationArn === undefined ? origin : this.#queue(input.DestinationArn);
    const taskHandle = { taskId: randomUUID(), sourceArn: input.SourceArn };
    const task: MoveTask = {
      handle: Buffer.from(JSON.stringify(taskHandle)).toString('base64url'),
      sourceArn: input.SourceArn,
      destinationArn: input.DestinationArn,
      perSecond: input.MaxNumberOfMessagesPerSecond,
      toMove: source.messages.length,
      startedAt: Date.now(),
      status: 'RUNNING',
      moved: 0,
      timer: undefined,
    };
    let allowance = 0;
    task.timer = setInterval(() => {
      allowance += ((input.MaxNumberOfMessagesPerSecond ?? DEFAULT_PER_SECOND) * TICK_MS) / 1000;
      for (; allowance >= 1 && task.status === 'RUNNING'; allowance -= 1) {
        if (moveOne(source, destination)) {
          task.moved += 1;
        } else {
          task.status = 'COMPLETED';
          clearInterval(task.timer);
        }
      }
    }, TICK_MS);
    task.timer.unref();
    this.#tasks = [task, ...this.#tasks].slice(0, Math.max(KEPT_TASKS, 1));
    return { TaskHandle: task.handle };
  }

  #list(input: z.infer<typeof listSchema>): unknown {
    this.#queue(input.SourceArn);
    const tasks = this.#tasks.filter((task) => task.sourceArn === input.SourceArn);
    return {
      Results: tasks.slice(0, input.MaxResults ?? 1).map((task) => ({
        // AWS gives the handle of a running task only.
        TaskHandle: task.status === 'RUNNING' ? task.handle : undefined,
        Status: task.status,
        SourceArn: task.sourceArn,
        DestinationArn: task.destinationArn,
        MaxNumberOfMessagesPerSecond: task.perSecond,
        ApproximateNumberOfMessagesMoved: task.moved,
        ApproximateNumberOfMessagesToMove: task.toMove,
        StartedTimestamp: task.startedAt,
      })),
    };
  }

  #cancel(input: z.infer<typeof cancelSchema>): unknown {
    if (moveTaskSource(input.TaskHandle) === undefined) {
      throw new AwsError('InvalidParameterValue', 'Value for parameter TaskHandle is invalid.');
    }
    const task = this.#tasks.find((candidate) => candidate.handle === input.TaskHandle);
    if (task?.status !== 'RUNNING') {
      throw new AwsError('ResourceNotFoundException', 'Task does not exist or is not running.', 404);
    }
    clearInterval(task.timer);
    task.status = 'CANCELLED';
    return { ApproximateNumberOfMessagesMoved: task.moved };
  }

  #sources(input: z.infer<typeof sourcesSchema>): unknown {
    const queue = this.#store.getQueue(input.QueueUrl);
    if (queue === undefined) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
    return { queueUrls: this.#redrivingTo(queue.arn).map((origin) => origin.url) };
  }

  #queue(arn: string): FauxQueue {
    const queue = this.#store.getQueueByArn(arn);
    if (queue !== undefined) return queue;
    throw new AwsError(
      'ResourceNotFoundException',
      "The resource that you specified for the SourceArn parameter doesn't exist.",
      404,
    );
  }

  #redrivingTo(deadLetterArn: string): readonly FauxQueue[] {
    return [...this.#store.allQueues()].filter((queue) => {
      const policy = queue.attributes['RedrivePolicy'];
      const parsed: unknown = policy === undefined || policy === '' ? {} : JSON.parse(policy);
      return z.object({ deadLetterTargetArn: z.literal(deadLetterArn) }).safeParse(parsed).success;
    });
  }
}

const SOURCES = 'ListDeadLetterSourceQueues';

/** Both sides of the move are one transaction of the journal, being in one tick. */
function moveOne(source: FauxQueue, destination: FauxQueue): boolean {
  const [received] = source.dequeue(1, 30);
  if (received === undefined) return false;
  const entry = source.inflightMessages.get(received.ReceiptHandle);
  source.deleteMessage(received.ReceiptHandle);
  if (entry === undefined) return false;
  destination.enqueue({
    ...entry.message,
    messageId: randomUUID(),
    sentTimestamp: Date.now(),
    approximateReceiveCount: 0,
    approximateFirstReceiveTimestamp: undefined,
    delayUntil: undefined,
  });
  return true;
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AwsError(
    'InvalidParameterValue',
    `Value for parameter ${issue?.path.join('.') ?? ''} is invalid.`,
  );
}
