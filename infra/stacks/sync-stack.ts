import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { BATCH_SIZES, QUEUES, type QueueName } from '#shared/jobs/task-definition.ts';
import { DEAD_LETTER_SOURCES, type DeadLetterSource } from '#shared/dead-letters/contract.ts';
import type { BuiltAssets } from '../built-assets.ts';
import type { AlarmDefinition } from '../constructs/alarm-definition.ts';
import {
  grantDeadLetters,
  grantMeasure,
  grantReadSecret,
  grantSend,
  grantSendMail,
  grantTable,
  grantWriteExports,
  type TableUse,
} from '../constructs/grants.ts';
import { QueueWorker } from '../constructs/queue-worker.ts';
import { Schedules } from '../constructs/schedules.ts';
import { syncAlarms } from '../constructs/sync-alarms.ts';
import { exportBucketName } from '../names.ts';
import { CONCURRENCY_KEPT_FREE, type StageSettings } from '../stages.ts';
import type { DataStack } from './data-stack.ts';

interface SyncStackProps extends StackProps {
  readonly stage: StageSettings;
  readonly data: DataStack;
  readonly assets: BuiltAssets;
}

const TABLE_USES: Readonly<Record<QueueName, TableUse>> = {
  // Leases of people who are being put on the platform come and go. Who left a team for another coach waits in gsi2.
  roster: {
    items: ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'],
    queries: ['table', 'gsi1', 'gsi2'],
  },
  // The mark "totals are due" goes when they were read. Rosters are compared coach by coach, with teams that wait. Dry
  // runs write the results of their rows in batches.
  sync: {
    items: [
      'GetItem',
      'BatchGetItem',
      'BatchWriteItem',
      'PutItem',
      'UpdateItem',
      'DeleteItem',
      'ConditionCheckItem',
    ],
    queries: ['table', 'gsi1', 'gsi2'],
  },
  // Erasures delete, imports look for tombstones and write the results of their rows in batches.
  work: {
    items: [
      'GetItem',
      'BatchGetItem',
      'BatchWriteItem',
      'PutItem',
      'UpdateItem',
      'DeleteItem',
      'ConditionCheckItem',
    ],
    queries: ['table', 'gsi1', 'gsi2'],
  },
};

/** What happens behind the scenes: three queues, their workers, and the clock. Holds no data, can be recreated. */
export class SyncStack extends Stack {
  readonly workers: Readonly<Record<QueueName, QueueWorker>>;
  readonly deadLetters: Readonly<Record<DeadLetterSource, Queue>>;
  readonly schedules: Schedules;
  readonly alarms: readonly AlarmDefinition[];

  constructor(scope: Construct, id: string, props: SyncStackProps) {
    super(scope, id, { ...props, terminationProtection: props.stage.established });
    const { stage, data, assets } = props;
    refuseTooMuchConcurrency(stage);

    const shared = { stage, assets, encryptionKey: data.key };
    const table = { TABLE_NAME: stage.tableName };
    const vendor = {
      GAME_PLATFORM_API_BASE_URL: stage.gamePlatformApiBaseUrl,
      GAME_PLATFORM_TOKEN_SECRET_ARN: data.gamePlatformToken.secretArn,
    };

    const roster = new QueueWorker(this, 'Roster', {
      ...shared,
      queueName: 'roster',
      description: 'Puts competitors, coaches and teams on the game platform',
      // A crash hides its message for six time-outs, and a roster change has 60 seconds to arrive.
      timeout: Duration.seconds(8),
      batchSize: BATCH_SIZES.roster,
      maxReceiveCount: 4,
      environment: { ...table, ...vendor },
      deadLetterMeaning:
        'Competitors could not be put on the game platform; their coaches see them as not added.',
      errorMeaning: 'Putting competitors on the game platform and on teams is slowed down or failing.',
    });
    const sync = new QueueWorker(this, 'Sync', {
      ...shared,
      queueName: 'sync',
      description: "Reads competitors' solves and totals from the game platform",
      timeout: Duration.seconds(60),
      batchSize: BATCH_SIZES.sync,
      maxReceiveCount: 5,
      environment: { ...table, ...vendor, ROSTER_QUEUE_URL: roster.queue.queueUrl },
      deadLetterMeaning:
        'Scores of some competitors could not be read; dashboards show older numbers for them.',
      errorMeaning: 'Reading scores is slowed down or failing; dashboards will fall behind.',
    });
    const work = new QueueWorker(this, 'Work', {
      ...shared,
      queueName: 'work',
      description: 'Starts scheduled jobs and sends again what is due',
      timeout: Duration.seconds(60),
      // A round of the score sync looks at everybody: at 100,000 people nine seconds of a whole core, and Lambda gives
      // cores by memory (docs/benchmarks.md).
      memoryMb: 1_024,
      batchSize: BATCH_SIZES.work,
      maxReceiveCount: 5,
      environment: {
        ...table,
        ROSTER_QUEUE_URL: roster.queue.queueUrl,
        SYNC_QUEUE_URL: sync.queue.queueUrl,
        EXPORT_BUCKET_NAME: exportBucketName(stage),
        ...noticeEnvironment(stage),
      },
      deadLetterMeaning:
        'A scheduled job did not start, or due work was not sent again; syncing may stand still.',
      errorMeaning: 'Scheduled jobs start late or not at all; scores will fall behind.',
    });
    this.workers = { roster, sync, work };

    for (const queue of QUEUES) grantTable(this.workers[queue].worker, stage, data.key, TABLE_USES[queue]);
    for (const { worker } of [roster, sync]) grantReadSecret(worker, data.gamePlatformToken, data.key);
    // Never to its own queue: Lambda stops a function that does so after some sixteen hops.
    for (const { queue } of [roster, sync]) grantSend(work.worker, queue, data.key);
    grantSend(sync.worker, roster.queue, data.key);
    grantWriteExports(work.worker, stage, data.key);
    if (stage.noticeMail !== undefined) grantSendMail(work.worker, stage, stage.noticeMail);

    this.schedules = new Schedules(this, 'Schedules', { ...shared, target: work.queue });
    this.deadLetters = {
      roster: roster.deadLetters,
      sync: sync.deadLetters,
      work: work.deadLetters,
      scheduler: this.schedules.deadLetters,
    };
    // It redrives all of them, from the table: for that it looks at the letters and takes them away.
    for (const source of DEAD_LETTER_SOURCES) {
      const letters = this.deadLetters[source];
      work.worker.function.addEnvironment(deadLettersVariable(source), letters.queueUrl);
      grantDeadLetters(work.worker, letters, data.key);
      // Admins are told of letters that wait for a day.
      grantMeasure(work.worker, letters);
    }
    this.alarms = [
      ...[roster, sync, work].flatMap((worker) => worker.alarms),
      ...this.schedules.alarms,
      ...syncAlarms(stage),
    ];
  }
}

function noticeEnvironment({ name, noticeMail, siteUrl }: StageSettings): Readonly<Record<string, string>> {
  if (noticeMail === undefined) return {};
  if (siteUrl === undefined) {
    throw new Error(
      `"${name}" has noticeMail without siteUrl: leave both undefined, or enter where people sign in.`,
    );
  }
  return {
    NOTICE_FROM: noticeMail.from,
    NOTICE_ADMINS: noticeMail.admins.join(','),
    SITE_URL: siteUrl,
  };
}

/** The variable that tells a function where the dead letters of a source lie. */
export const deadLettersVariable = (source: DeadLetterSource): string =>
  `${source.toUpperCase()}_DEAD_LETTERS_URL`;

/** A queue that may take more than the account has would starve the API; better no template than that. */
function refuseTooMuchConcurrency(stage: StageSettings): void {
  const { roster, sync, work } = stage.queueConcurrency;
  const wanted = roster + sync + work;
  const offered = stage.accountConcurrency - CONCURRENCY_KEPT_FREE;
  if (wanted <= offered) return;
  throw new Error(
    `The queues of "${stage.name}" may run ${wanted} functions at once, but the account's limit leaves them ${offered}.`,
  );
}
