import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { QueueName } from '#shared/jobs/task-definition.ts';
import { physicalName } from '../names.ts';
import { acknowledge } from './acknowledge.ts';
import type { AlarmDefinition } from './alarm-definition.ts';
import { DATA_KEY_REUSE, DeadLetterQueue, metricWaiting } from './dead-letter-queue.ts';
import { grantConsume } from './grants.ts';
import { ProductFunction, type FunctionDefaults } from './product-function.ts';

interface QueueWorkerProps extends FunctionDefaults {
  readonly queueName: QueueName;
  readonly description: string;
  readonly timeout: Duration;
  /** @default 512 */
  readonly memoryMb?: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Messages per invocation. */
  readonly batchSize: number;
  /** Receives before a message is a dead letter, 3 to 5. */
  readonly maxReceiveCount: number;
  /** What coaches notice when work ends up in the dead-letter queue. */
  readonly deadLetterMeaning: string;
  readonly errorMeaning: string;
}

/**
 * Lambda's own advice: a message that was received before the worker was cut short comes back only after this many
 * time-outs, since the poller may retry an invocation for that long.
 */
const VISIBILITY_PER_TIMEOUT = 6;

/** A queue, the function that works it off, and the dead-letter queue, each with its alarm. */
export class QueueWorker extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly worker: ProductFunction;
  readonly alarms: readonly AlarmDefinition[];
  private readonly physicalQueueName: string;

  constructor(scope: Construct, id: string, props: QueueWorkerProps) {
    super(scope, id);
    const { stage, queueName, encryptionKey } = props;
    this.physicalQueueName = physicalName(stage, queueName);

    const deadLetters = new DeadLetterQueue(this, `${id}DeadLetters`, {
      stage,
      encryptionKey,
      name: `${queueName}-dead-letters`,
      sourceQueueName: this.physicalQueueName,
      meaning: props.deadLetterMeaning,
      runbookArticle: `${queueName}-queue-has-dead-letters`,
    });
    this.deadLetters = deadLetters.queue;
    this.queue = new Queue(this, 'Queue', {
      queueName: this.physicalQueueName,
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: encryptionKey,
      dataKeyReuse: DATA_KEY_REUSE,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(props.timeout.toSeconds() * VISIBILITY_PER_TIMEOUT),
      // Dead letters keep the time of sending: what fails on the last day here still has ten there.
      retentionPeriod: Duration.days(4),
      receiveMessageWaitTime: Duration.seconds(20),
      deadLetterQueue: { queue: deadLetters.queue, maxReceiveCount: props.maxReceiveCount },
    });
    this.worker = new ProductFunction(this, `${id}Worker`, {
      stage,
      assets: props.assets,
      encryptionKey,
      name: `${queueName}-worker`,
      description: props.description,
      timeout: props.timeout,
      tracer: true,
      ...(props.memoryMb === undefined ? {} : { memoryMb: props.memoryMb }),
      environment: {
        ...props.environment,
        // For giving a message back before its time; only the stacks grant sending.
        [`${queueName.toUpperCase()}_QUEUE_URL`]: this.queue.queueUrl,
      },
      errors: {
        severity: 'urgent',
        meaning: props.errorMeaning,
        runbookArticle: `${queueName}-worker-fails`,
      },
    });
    grantConsume(this.worker, this.queue, encryptionKey);
    const eventSource = new EventSourceMapping(this, 'EventSource', {
      target: this.worker.function,
      eventSourceArn: this.queue.queueArn,
      batchSize: props.batchSize,
      reportBatchItemFailures: true,
      // The cap is here and not reserved concurrency: a throttled poll would count as a receive.
      maxConcurrency: stage.queueConcurrency[queueName],
    });
    acknowledge(
      eventSource,
      'Serverless-LambdaEventSourceMappingDestination',
      'A queue needs no destination: its redrive policy moves what fails to the dead-letter queue.',
    );
    this.alarms = [...deadLetters.alarms, ...this.worker.alarms];
  }

  metricWaiting(): Metric {
    return metricWaiting(this.physicalQueueName, Stats.MAXIMUM);
  }

  /** Seconds since the oldest message was sent; late by minutes, and blind to what the table knows. */
  metricOldestMessage(): Metric {
    return new Metric({
      namespace: 'AWS/SQS',
      metricName: 'ApproximateAgeOfOldestMessage',
      statistic: Stats.MAXIMUM,
      period: Duration.minutes(5),
      dimensionsMap: { QueueName: this.physicalQueueName },
      label: this.physicalQueueName,
    });
  }
}
