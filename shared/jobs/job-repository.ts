import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { indexKeys, INDEXES, keys } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import {
  putIf,
  queryAll,
  transactIfStill,
  updateIf,
  type Table,
  type TransactItem,
} from '#shared/table/table.ts';
import type { JOB_STATES } from './contract.ts';
import { createJobParts, type JobParts } from './job-parts.ts';
import { createJobRows, type JobRows } from './job-rows.ts';
import { jobSchema, type EarlierAttempt, type Job } from './job.ts';

type JobState = (typeof JOB_STATES)[number];

export interface JobRepository extends JobParts, JobRows {
  /** Together with what else is written; false when the id is taken: the same message came twice. */
  create(job: Job, also?: readonly TransactItem[]): Promise<boolean>;
  byId(jobId: string): Promise<Job | undefined>;
  /** Jobs of a state, oldest first; from the index, so a moment old. */
  inState(state: JobState): AsyncGenerator<Job>;
  /** Newest first, `before` (exclusive) a position of the same list; from the index, so a moment old. */
  page(
    list: { readonly state: JobState } | { readonly taskType: string },
    options: { readonly limit: number; readonly before: string | null },
  ): Promise<Job[]>;
  /** pending → running; undefined when it is not pending any more. */
  begin(jobId: string, at: string): Promise<Job | undefined>;
  /** Ends the planning of a job whose last page held nobody. `counts` only for one that has no parts at all. */
  endPlan(job: Job, counts?: Readonly<Record<string, number>>): Promise<void>;
  /** Ends a running job all of whose parts are closed; false when it is not, or another worker was first. */
  finish(job: Job, status: 'succeeded' | 'failed', error: string | null, at: string): Promise<boolean>;
  /** Ends a job that cannot be planned; false when it has ended already, or was planned after all. */
  fail(job: Job, error: string, at: string): Promise<boolean>;
  /**
   * The next attempt of a job that failed or was canceled, together with what else is written: running, its parts to
   * be opened again; or pending, when it never began. False when it is not in that attempt or state any more, or was
   * archived.
   */
  reopen(job: Job, at: string, also: readonly TransactItem[]): Promise<boolean>;
  /** Keeps what a running job will take of the day's calls. */
  noteForecast(job: Pick<Job, 'id'>, forecast: NonNullable<Job['forecast']>): Promise<void>;
  /** Says that every part is open again that has to be. */
  endReopen(job: Job): Promise<void>;
  /** Ends a pending or running job where it stands; false when it has ended already. */
  cancel(job: Job, at: string, also: readonly TransactItem[]): Promise<boolean>;
  /** The same as `create`, as a part of a transaction. */
  createTransaction(job: Job): TransactItem;
}

/** Earlier attempts that a job keeps. */
const EARLIER_KEPT = 10;

/** The name of a position in a list of jobs, newest first. */
export const jobPosition = (job: Pick<Job, 'createdAt' | 'id'>): string => `${job.createdAt}#${job.id}`;

const toJob = (item: Readonly<Record<string, unknown>>): Job => parseRow(jobSchema, 'job', item);

const stateKeys = (job: Pick<Job, 'createdAt' | 'id'>, state: JobState) =>
  indexKeys.jobByState(state, job.createdAt, job.id);

export function createJobRepository(table: Table): JobRepository {
  const createInput = (job: Job) => ({
    TableName: table.name,
    Item: {
      ...keys.job(job.id),
      ...stateKeys(job, job.status),
      ...indexKeys.jobByType(job.taskType, job.createdAt, job.id),
      type: 'job',
      ...job,
    },
    ConditionExpression: 'attribute_not_exists(pk)',
  });

  async function get(key: { readonly pk: string; readonly sk: string }) {
    const answer = await table.client.send(
      new GetCommand({ TableName: table.name, Key: key, ConsistentRead: true }),
    );
    return answer.Item;
  }

  async function end(
    job: Job,
    condition: string,
    status: 'succeeded' | 'failed',
    error: string | null,
    at: string,
    values: Readonly<Record<string, unknown>>,
  ): Promise<boolean> {
    const item = await updateIf(table, {
      Key: keys.job(job.id),
      ConditionExpression: condition,
      UpdateExpression: 'SET #status = :status, finishedAt = :at, #error = :error, gsi1pk = :state',
      ExpressionAttributeNames: { '#status': 'status', '#error': 'error' },
      ExpressionAttributeValues: {
        ...values,
        ':status': status,
        ':at': at,
        ':error': error,
        ':state': stateKeys(job, status).gsi1pk,
      },
    });
    return item !== undefined;
  }

  return {
    ...createJobParts(table),
    ...createJobRows(table),

    create: (job, also = []) =>
      also.length === 0
        ? putIf(table, createInput(job))
        : transactIfStill(table, [{ Put: createInput(job) }, ...also]),

    async byId(jobId) {
      const item = await get(keys.job(jobId));
      return item === undefined ? undefined : toJob(item);
    },

    async *inState(state) {
      const rows = queryAll(table, {
        IndexName: INDEXES.gsi1.name,
        KeyConditionExpression: 'gsi1pk = :pk',
        ExpressionAttributeValues: { ':pk': indexKeys.jobByState(state, '', '').gsi1pk },
      });
      for await (const item of rows) yield toJob(item);
    },

    async page(list, { limit, before }) {
      const [index, partition] =
        'state' in list
          ? [INDEXES.gsi1, indexKeys.jobByState(list.state, '', '').gsi1pk]
          : [INDEXES.gsi2, indexKeys.jobByType(list.taskType, '', '').gsi2pk];
      const answer = await table.client.send(
        new QueryCommand({
          TableName: table.name,
          IndexName: index.name,
          KeyConditionExpression: before === null ? '#pk = :pk' : '#pk = :pk and #sk < :before',
          ExpressionAttributeNames: {
            '#pk': index.partitionKey,
            ...(before === null ? {} : { '#sk': index.sortKey }),
          },
          ExpressionAttributeValues: { ':pk': partition, ...(before === null ? {} : { ':before': before }) },
          ScanIndexForward: false,
          Limit: limit,
        }),
      );
      return (answer.Items ?? []).map(toJob);
    },

    async begin(jobId, at) {
      const pending = await get(keys.job(jobId));
      if (pending === undefined) return undefined;
      const item = await updateIf(table, {
        Key: keys.job(jobId),
        ConditionExpression: '#status = :pending',
        UpdateExpression: 'SET #status = :running, startedAt = :at, gsi1pk = :state ADD attempts :one',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: {
          ':pending': 'pending',
          ':running': 'running',
          ':at': at,
          ':state': stateKeys(toJob(pending), 'running').gsi1pk,
          ':one': 1,
        },
      });
      return item === undefined ? undefined : toJob(item);
    },

    async endPlan(job, counts) {
      const counted = job.parts === 0 && counts !== undefined;
      await updateIf(table, {
        Key: keys.job(job.id),
        ConditionExpression: '#status = :running and parts = :parts',
        UpdateExpression: `SET planned = :true, planCursor = :null${counted ? ', counts = :counts' : ''}`,
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: {
          ...(counted ? { ':counts': counts } : {}),
          ':running': 'running',
          ':parts': job.parts,
          ':true': true,
          ':null': null,
        },
      });
    },

    async finish(job, status, error, at) {
      return end(
        job,
        '#status = :running and planned = :true and partsDone = parts and attribute_not_exists(reopening)',
        status,
        error,
        at,
        {
          ':running': 'running',
          ':true': true,
        },
      );
    },

    async fail(job, error, at) {
      // An answer may have been lost after the last part was written: such a job goes on.
      return end(job, '#status in (:running, :pending) and planned = :false', 'failed', error, at, {
        ':running': 'running',
        ':pending': 'pending',
        ':false': false,
      });
    },

    async reopen(job, at, also) {
      if (job.status !== 'failed' && job.status !== 'cancelled') return false;
      const { status, startedAt, finishedAt, error, partsFailed } = job;
      const begun = startedAt !== null;
      const earlier: EarlierAttempt[] = [
        ...(job.earlier ?? []),
        { status, startedAt, finishedAt, error, partsFailed },
      ];
      return transactIfStill(table, [
        {
          Update: {
            TableName: table.name,
            Key: keys.job(job.id),
            ConditionExpression:
              '#status = :before and attempts = :attempts and attribute_not_exists(archivedAt)',
            UpdateExpression: [
              'SET #status = :status, startedAt = :startedAt, finishedAt = :null, notBefore = :null, #error = :null',
              ', gsi1pk = :state, earlier = :earlier',
              begun ? ', reopening = :true' : '',
              ' ADD attempts :more',
            ].join(''),
            ExpressionAttributeNames: { '#status': 'status', '#error': 'error' },
            ExpressionAttributeValues: {
              ':before': status,
              ':attempts': job.attempts,
              ':status': begun ? 'running' : 'pending',
              ':startedAt': begun ? at : null,
              ':null': null,
              ':state': stateKeys(job, begun ? 'running' : 'pending').gsi1pk,
              ':earlier': earlier.slice(-EARLIER_KEPT),
              ':more': begun ? 1 : 0,
              ...(begun ? { ':true': true } : {}),
            },
          },
        },
        ...also,
      ]);
    },

    async noteForecast(job, forecast) {
      await updateIf(table, {
        Key: keys.job(job.id),
        ConditionExpression: '#status = :running',
        UpdateExpression: 'SET forecast = :forecast',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':running': 'running', ':forecast': forecast },
      });
    },

    async endReopen(job) {
      await updateIf(table, {
        Key: keys.job(job.id),
        ConditionExpression: '#status = :running and attempts = :attempts',
        UpdateExpression: 'REMOVE reopening',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':running': 'running', ':attempts': job.attempts },
      });
    },

    cancel: (job, at, also) =>
      transactIfStill(table, [
        {
          Update: {
            TableName: table.name,
            Key: keys.job(job.id),
            ConditionExpression: '#status in (:running, :pending)',
            UpdateExpression: 'SET #status = :status, finishedAt = :at, gsi1pk = :state',
            ExpressionAttributeNames: { '#status': 'status' },
            ExpressionAttributeValues: {
              ':running': 'running',
              ':pending': 'pending',
              ':status': 'cancelled',
              ':at': at,
              ':state': stateKeys(job, 'cancelled').gsi1pk,
            },
          },
        },
        ...also,
      ]),

    createTransaction: (job) => ({ Put: createInput(job) }),
  };
}
