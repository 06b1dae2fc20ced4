import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { Context, SQSEvent } from 'aws-lambda';
import { buildWorker as buildSyncWorker } from '../../../functions/sync-worker/dependencies.ts';
import { buildWorker as buildWorkWorker } from '../../../functions/work-worker/dependencies.ts';
import { sqsCalls, startPoller } from '#infra/local/emulator/lambda/queue-poller.ts';
import { queueEntry } from '#shared/jobs/queue-entry.ts';
import type { Job, WorkMessage } from '#shared/jobs/job.ts';
import type { Instruments } from '#shared/kernel/instruments.ts';
import { createLog, type LogSink } from '#shared/kernel/log.ts';
import type { Metrics } from '#shared/kernel/metrics.ts';
import { NO_TRACING } from '#shared/kernel/tracing.ts';
import { syncSettingsSchema, type SyncSettings } from '#shared/settings/sync-settings.ts';
import { createJobRepository, type JobRepository } from '#shared/jobs/job-repository.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import type { Table } from '#shared/table/table.ts';
import { clientOf, createEmptyTable, startDynoxide } from '#test/support/dynoxide.ts';
import { startAwsEndpoint } from './aws-endpoint.ts';
import { Meter, unmetered } from './meter.ts';

export const TIME_ZONE = 'America/Los_Angeles';
export const TOKEN = 'token-of-the-benchmark';
const REGION = 'us-east-1';
const QUEUES = ['sync', 'roster', 'work', 'sync-dead', 'roster-dead', 'work-dead', 'scheduler-dead'];
/** As the stacks give it to both functions. */
const TIMEOUT_MS = 60_000;

type Handler = ReturnType<typeof queueEntry>;

/** Both functions on a table, a queue and an event source; what they ask of the table and the queue is counted. */
export interface Stand {
  /** For the benchmark itself: what is asked here is not counted. */
  readonly table: Table;
  readonly jobs: JobRepository;
  readonly meter: Meter;
  /** Warnings and errors that the workers logged. */
  readonly complaints: string[];
  /** Puts the settings down, and sets up so many new instances of the sync worker, and one of the planner. */
  arrange(options: { readonly workers: number; readonly settings: Partial<SyncSettings> }): Promise<void>;
  /** What the functions did since the last time. */
  worked(): Worked;
  /** Delivers a message to the work worker. */
  work(message: WorkMessage): Promise<void>;
  /** Makes a job, and counts what that takes. */
  createCounted(job: Job): Promise<void>;
  /** Resolves when nothing is on the workers' queue and no worker runs. */
  settled(): Promise<void>;
  put(items: readonly Readonly<Record<string, unknown>>[]): Promise<void>;
  stop(): Promise<void>;
}

export interface Worked {
  readonly invocations: number;
  /** Seconds that sync workers ran, by the machine's clock, waiting included. */
  readonly readingSeconds: number;
  /** Of what the functions logged, as JSON. */
  readonly logBytes: number;
}

/** What a line of the log has beside message and fields: level, time, service, ids of request and trace. */
const LINE_BYTES = 300;

const NO_METRICS: Metrics = { add: () => undefined, flush: () => undefined };

function newContext(): Context {
  const deadline = performance.now() + TIMEOUT_MS;
  return { getRemainingTimeInMillis: () => deadline - performance.now() } as Context;
}

async function invoke(handler: Handler, event: SQSEvent): Promise<string> {
  return JSON.stringify(await handler(event, newContext()));
}

const eventOf = (message: WorkMessage): SQSEvent => ({
  Records: [
    {
      messageId: 'work-1',
      receiptHandle: 'work-1',
      body: JSON.stringify(message),
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: '0',
        SenderId: 'scheduler',
        ApproximateFirstReceiveTimestamp: '0',
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: 'work',
      awsRegion: REGION,
    },
  ],
});

/** @param reads false: what is planned stays on the queue */
export async function startStand(platformUrl: string, reads = true): Promise<Stand> {
  const dynamo = await startDynoxide();
  const aws = await startAwsEndpoint(QUEUES, TOKEN);
  const client = clientOf(dynamo.endpoint);
  const { name } = await createEmptyTable(client);
  const table: Table = { name, client: unmetered(client) };
  Object.assign(process.env, {
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
    AWS_ENDPOINT_URL_SQS: aws.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.url,
    TABLE_NAME: name,
    PROGRAMME_TIME_ZONE: TIME_ZONE,
    GAME_PLATFORM_API_BASE_URL: platformUrl,
    GAME_PLATFORM_TOKEN_SECRET_ARN: 'token',
    ROSTER_QUEUE_URL: aws.queueUrl('roster'),
    SYNC_QUEUE_URL: aws.queueUrl('sync'),
    WORK_QUEUE_URL: aws.queueUrl('work'),
    EXPORT_BUCKET_NAME: 'exports',
    ROSTER_DEAD_LETTERS_URL: aws.queueUrl('roster-dead'),
    SYNC_DEAD_LETTERS_URL: aws.queueUrl('sync-dead'),
    WORK_DEAD_LETTERS_URL: aws.queueUrl('work-dead'),
    SCHEDULER_DEAD_LETTERS_URL: aws.queueUrl('scheduler-dead'),
  });
  const meter = new Meter();
  meter.start();

  const complaints: string[] = [];
  let worked = { invocations: 0, readingSeconds: 0, logBytes: 0 };
  const sink: LogSink = (level, message, fields) => {
    // As `prod` logs.
    if (level === 'debug') return;
    worked.logBytes += message.length + JSON.stringify(fields).length + LINE_BYTES;
    if (level !== 'info') complaints.push(`${level}: ${message} ${JSON.stringify(fields)}`);
  };
  const instruments: Instruments = {
    log: createLog(sink),
    metrics: NO_METRICS,
    tracing: NO_TRACING,
    middlewares: [],
  };
  let planner = queueEntry(buildWorkWorker, instruments);

  let workers = 1;
  const running = new Set<Promise<unknown>>();
  let idle: Handler[] = [];
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const startReading = () =>
    startPoller({
      source: {
        functionArn: 'sync-worker',
        queueArn: 'sync',
        enabled: true,
        batchSize: 1,
        batchingWindowSeconds: 0,
        reportBatchItemFailures: true,
        // As many at once as there are instances now.
        get maximumConcurrency() {
          return workers;
        },
      },
      functionName: 'sync-worker',
      region: REGION,
      queue: sqsCalls(aws.queueUrl('sync'), REGION, aws.url, credentials),
      invoke: async (event) => {
        const handler = idle.pop() ?? queueEntry(buildSyncWorker, instruments);
        const begun = performance.now();
        const invocation = invoke(handler, event as SQSEvent);
        running.add(invocation);
        const payload = await invocation.finally(() => running.delete(invocation));
        worked.invocations += 1;
        worked.readingSeconds += (performance.now() - begun) / 1_000;
        idle.push(handler);
        return { kind: 'result', payload };
      },
      onProblem: (problem) => complaints.push(problem),
    });
  const poller = reads ? startReading() : undefined;

  return {
    table,
    jobs: createJobRepository(table),
    meter,
    complaints,
    async arrange({ workers: count, settings }) {
      const rows = createSettingsRepository(table);
      const row = await rows.syncSettings();
      await rows.saveSyncSettings({
        ...row,
        version: row.version + 1,
        settings: syncSettingsSchema.parse({ ...row.settings, ...settings }),
      });
      workers = count;
      idle = [];
      // It would go by the settings before for some seconds, too.
      planner = queueEntry(buildWorkWorker, instruments);
    },
    worked() {
      const taken = worked;
      worked = { invocations: 0, readingSeconds: 0, logBytes: 0 };
      return taken;
    },
    async work(message) {
      worked.invocations += 1;
      await invoke(planner, eventOf(message));
    },
    async createCounted(job) {
      await createJobRepository({ name, client }).create(job);
    },
    async settled() {
      while (running.size > 0 || aws.waiting('sync') > 0) {
        await new Promise((resolve) => {
          setTimeout(resolve, 2);
        });
      }
    },
    async put(items) {
      for (let from = 0; from < items.length; from += 25) {
        const puts = items.slice(from, from + 25).map((Item) => ({ PutRequest: { Item } }));
        await table.client.send(new BatchWriteCommand({ RequestItems: { [name]: puts } }));
      }
    },
    async stop() {
      meter.stop();
      await poller?.stop();
      await aws.stop();
      client.destroy();
      await dynamo.stop();
    },
  };
}
