import { Arn, ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption, RedrivePermission } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { physicalName } from '../names.ts';
import type { StageSettings } from '../stages.ts';
import { acknowledge } from './acknowledge.ts';
import type { AlarmDefinition } from './alarm-definition.ts';

interface DeadLetterQueueProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  /** Name without the stage's prefix. */
  readonly name: string;
  /** Name of the only queue that may move messages here. @default none: the sender is not a queue */
  readonly sourceQueueName?: string;
  /** What it means when something is in it. */
  readonly meaning: string;
  readonly runbookArticle: string;
}

/** A queue for what could not be done, with the alarm that says so. */
export class DeadLetterQueue extends Construct {
  readonly queue: Queue;
  readonly alarms: readonly AlarmDefinition[];

  constructor(scope: Construct, id: string, props: DeadLetterQueueProps) {
    super(scope, id);
    const queueName = physicalName(props.stage, props.name);
    this.queue = new Queue(this, 'Queue', {
      queueName,
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: props.encryptionKey,
      dataKeyReuse: DATA_KEY_REUSE,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      redriveAllowPolicy:
        props.sourceQueueName === undefined
          ? { redrivePermission: RedrivePermission.DENY_ALL }
          : { sourceQueues: [this.byName(props.sourceQueueName)] },
    });
    acknowledge(
      this.queue,
      'Serverless-SQSRedrivePolicy',
      'It is the last stop: people decide what happens next.',
    );
    if (props.sourceQueueName === undefined) {
      acknowledge(
        this.queue,
        'AwsSolutions-SQS3',
        'It is a dead-letter queue, of a sender that is not a queue.',
      );
    }
    this.alarms = [
      {
        id: `${id}NotEmpty`,
        severity: 'soon',
        metric: metricWaiting(queueName, Stats.MAXIMUM),
        threshold: 1,
        meaning: props.meaning,
        runbookArticle: props.runbookArticle,
      },
    ];
  }

  /** By name, since source and dead-letter queue would else need each other's ARN. */
  private byName(queueName: string) {
    const arn = Arn.format(
      { service: 'sqs', resource: queueName, arnFormat: ArnFormat.NO_RESOURCE_NAME },
      Stack.of(this),
    );
    return Queue.fromQueueArn(this, 'Source', arn);
  }
}

/** How long SQS uses a data key before it asks for the next: fewer calls to the key, at $0.03 per 10,000. */
export const DATA_KEY_REUSE = Duration.hours(1);

/** Messages that could be received. */
export const metricWaiting = (queueName: string, statistic: string): Metric =>
  new Metric({
    namespace: 'AWS/SQS',
    metricName: 'ApproximateNumberOfMessagesVisible',
    statistic,
    period: Duration.minutes(5),
    dimensionsMap: { QueueName: queueName },
    label: queueName,
  });
