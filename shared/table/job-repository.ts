import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { JOB_STATES } from '../jobs/job-view.ts';
import { jobPartSchema, jobRowSchema, jobSchema, type Job, type JobPart, type JobRow } from '../jobs/job.ts';
import type { TaskType } from '../jobs/task-types.ts';
import { indexKeys, INDEXES, keys } from './keys.ts';
import { parseRow } from './row.ts';
import {
  batchGetAll,
  queryAll,
  retryOnConflict,
  transactWrite,
  TransactionRefusedError,
  type Table,
  type TransactItem,
} from './table.ts';

type JobState = (typeof JOB_STATES)[number];
type Counts = Readonly<Record<string, number>>;

export interface PlannedPart {
  readonly subjects: readonly string[];
  /** Where planning goes on after this part. */
  readonly cursor: Job['planCursor'];
  /** True for the last part. */
  readonly last: boolean;
  readonly sentAt: string | null;
}

export interface PartResult {
  readonly status: 'succeeded' | 'failed';
  /** How many people the part dealt with, for the progress bar. */
  readonly done: number;
  readonly counts: Counts;
  /** A sentence for a person; null unless it failed. */
  readonly error: string | null;
}

export interface JobRepository {
  /** False when the id is taken: the same message came twice. */
  create(job: Job): Promise<boolean>;
  byId(jobId: string): Promise<Job | undefined>;
  part(jobId: string, part: number): Promise<JobPart | undefined>;
  partsOf(jobId: string): AsyncGenerator<JobPart>;
  /** Jobs of a state, oldest first; from the index, so a moment old. */
  inState(state: JobState): AsyncGenerator<Job>;
  /** Newest first, `before` (exclusive) a position of the same list; from the index, so a moment old. */
  page(
    list: { readonly state: JobState } | { readonly taskType: TaskType },
    options: { readonly limit: number; readonly before: string | null },
  ): Promise<Job[]>;
  /** pending → running; undefined when it is not pending any more. */
  begin(jobId: string, at: string): Promise<Job | undefined>;
  /** Writes the next part and moves the plan's cursor, both or neither; undefined when another planner was first. */
  addPart(job: Job, part: PlannedPart): Promise<JobPart | undefined>;
  /** Ends the planning of a job whose last page held nobody. */
  endPlan(job: Job): Promise<void>;
  /** Takes a pending part for a worker; undefined when it is closed, or another worker's claim still runs. */
  claimPart(jobId: string, part: number, at: string, until: string): Promise<JobPart | undefined>;
  /** Gives a part back. `sentAt` null: the dispatcher sends it again at its next round. */
  releasePart(
    part: JobPart,
    change: { readonly sentAt: string | null; readonly attempts: number; readonly error: string | null },
  ): Promise<void>;
  /** Notes that a hint was sent; false when the part is closed, or another dispatcher sent one meanwhile. */
  markSent(part: JobPart, sentAt: string | null): Promise<boolean>;
  /** Closes the part and adds its counts to the job, once. False when it was closed already. */
  closePart(part: JobPart, result: PartResult, at: string): Promise<boolean>;
  /** Ends a running job all of whose parts are closed; false when it is not, or another worker was first. */
  finish(job: Job, status: 'succeeded' | 'failed', error: string | null, at: string): Promise<boolean>;
  /** Ends a job that cannot be planned; false when it has ended already. */
  fail(job: Job, error: string, at: string): Promise<boolean>;
  /** What became of one of a job's subjects, for jobs that tell a result per row. The last word wins. */
  saveRow(jobId: string, subject: string, row: JobRow): Promise<void>;
  rowsOf(jobId: string, subjects: readonly string[]): Promise<ReadonlyMap<string, JobRow>>;
  /** Rows in the order of their subjects, after this one; of one outcome only when told. */
  pageOfRows(
    jobId: string,
    page: { readonly limit: number; readonly after: string | null; readonly outcome?: string | undefined },
  ): Promise<{ readonly rows: readonly (JobRow & { readonly subject: string })[]; readonly end: boolean }>;
  /** The same as `create`, as a part of a transaction. */
  createTransaction(job: Job): TransactItem;
}

/** The name of a position in a list of jobs, newest first. */
export const jobPosition = (job: Pick<Job, 'createdAt' | 'id'>): string => `${job.createdAt}#${job.id}`;

const OPEN_PART = '#status = :pending';

const toJob = (item: Readonly<Record<string, unknown>>): Job => parseRow(jobSchema, 'job', item);
const toPart = (item: Readonly<Record<string, unknown>>): JobPart =>
  parseRow(jobPartSchema, 'job_part', item);

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

  /** The item after the update; undefined when the condition fails. */
  async function update(input: Omit<ConstructorParameters<typeof UpdateCommand>[0], 'TableName'>) {
    try {
      const answer = await retryOnConflict(() =>
        table.client.send(new UpdateCommand({ ...input, TableName: table.name, ReturnValues: 'ALL_NEW' })),
      );
      return answer.Attributes;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  }

  async function end(
    job: Job,
    condition: string,
    status: 'succeeded' | 'failed',
    error: string | null,
    at: string,
    values: Readonly<Record<string, unknown>>,
  ): Promise<boolean> {
    const item = await update({
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
    async create(job) {
      try {
        await table.client.send(new PutCommand(createInput(job)));
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },

    async byId(jobId) {
      const item = await get(keys.job(jobId));
      return item === undefined ? undefined : toJob(item);
    },

    async part(jobId, part) {
      const item = await get(keys.jobPart(jobId, part));
      return item === undefined ? undefined : toPart(item);
    },

    async *partsOf(jobId) {
      const rows = queryAll(table, {
        KeyConditionExpression: 'pk = :pk and begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': keys.jobPartition(jobId), ':prefix': 'PART#' },
        ConsistentRead: true,
      });
      for await (const item of rows) yield toPart(item);
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
      const item = await update({
        Key: keys.job(jobId),
        ConditionExpression: OPEN_PART,
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

    async addPart(job, { subjects, cursor, last, sentAt }) {
      const part: JobPart = {
        jobId: job.id,
        part: job.parts,
        taskType: job.taskType,
        status: 'pending',
        subjects: [...subjects],
        attempts: 0,
        sentAt,
        claimedUntil: null,
        startedAt: null,
        finishedAt: null,
        counts: {},
        error: null,
      };
      try {
        await transactWrite(table, [
          {
            Put: {
              TableName: table.name,
              Item: { ...keys.jobPart(part.jobId, part.part), type: 'job_part', ...part },
              ConditionExpression: 'attribute_not_exists(pk)',
            },
          },
          {
            Update: {
              TableName: table.name,
              Key: keys.job(job.id),
              ConditionExpression: '#status = :running and planned = :false and parts = :parts',
              UpdateExpression: 'SET planCursor = :cursor, planned = :last ADD parts :one, #total :people',
              ExpressionAttributeNames: { '#status': 'status', '#total': 'total' },
              ExpressionAttributeValues: {
                ':running': 'running',
                ':false': false,
                ':parts': job.parts,
                ':cursor': cursor,
                ':last': last,
                ':one': 1,
                ':people': subjects.length,
              },
            },
          },
        ]);
        return part;
      } catch (error) {
        if (error instanceof TransactionRefusedError) return undefined;
        throw error;
      }
    },

    async endPlan(job) {
      await update({
        Key: keys.job(job.id),
        ConditionExpression: '#status = :running and parts = :parts',
        UpdateExpression: 'SET planned = :true, planCursor = :null',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: {
          ':running': 'running',
          ':parts': job.parts,
          ':true': true,
          ':null': null,
        },
      });
    },

    async claimPart(jobId, part, at, until) {
      const item = await update({
        Key: keys.jobPart(jobId, part),
        ConditionExpression: `${OPEN_PART} and (claimedUntil = :null or claimedUntil < :at)`,
        UpdateExpression: 'SET claimedUntil = :until, startedAt = :at ADD attempts :one',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: {
          ':pending': 'pending',
          ':null': null,
          ':at': at,
          ':until': until,
          ':one': 1,
        },
      });
      return item === undefined ? undefined : toPart(item);
    },

    async releasePart(part, { sentAt, attempts, error }) {
      await update({
        Key: keys.jobPart(part.jobId, part.part),
        ConditionExpression: `${OPEN_PART} and claimedUntil = :claim`,
        UpdateExpression: 'SET claimedUntil = :null, sentAt = :sentAt, attempts = :attempts, #error = :error',
        ExpressionAttributeNames: { '#status': 'status', '#error': 'error' },
        ExpressionAttributeValues: {
          ':pending': 'pending',
          ':claim': part.claimedUntil,
          ':null': null,
          ':sentAt': sentAt,
          ':attempts': attempts,
          ':error': error,
        },
      });
    },

    async markSent(part, sentAt) {
      const item = await update({
        Key: keys.jobPart(part.jobId, part.part),
        ConditionExpression: `${OPEN_PART} and sentAt = :before`,
        UpdateExpression: 'SET sentAt = :sentAt',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':pending': 'pending', ':before': part.sentAt, ':sentAt': sentAt },
      });
      return item !== undefined;
    },

    async closePart(part, result, at) {
      const counts = Object.entries(result.counts);
      const addCounts = counts
        .map((_, n) => `counts.#c${n} = if_not_exists(counts.#c${n}, :zero) + :c${n}`)
        .join(', ');
      try {
        await transactWrite(table, [
          {
            Update: {
              TableName: table.name,
              Key: keys.jobPart(part.jobId, part.part),
              ConditionExpression: OPEN_PART,
              UpdateExpression:
                'SET #status = :status, finishedAt = :at, claimedUntil = :null, counts = :counts, #error = :error',
              ExpressionAttributeNames: { '#status': 'status', '#error': 'error' },
              ExpressionAttributeValues: {
                ':pending': 'pending',
                ':status': result.status,
                ':at': at,
                ':null': null,
                ':counts': result.counts,
                ':error': result.error,
              },
            },
          },
          {
            Update: {
              TableName: table.name,
              Key: keys.job(part.jobId),
              ConditionExpression: 'attribute_exists(pk)',
              UpdateExpression: [
                ...(counts.length === 0 ? [] : [`SET ${addCounts}`]),
                'ADD partsDone :one, partsFailed :failed, done :done',
              ].join(' '),
              ...(counts.length === 0
                ? {}
                : {
                    ExpressionAttributeNames: Object.fromEntries(counts.map(([name], n) => [`#c${n}`, name])),
                  }),
              ExpressionAttributeValues: {
                ':one': 1,
                ':failed': result.status === 'failed' ? 1 : 0,
                ':done': result.done,
                ...(counts.length === 0 ? {} : { ':zero': 0 }),
                ...Object.fromEntries(counts.map(([, value], n) => [`:c${n}`, value])),
              },
            },
          },
        ]);
        return true;
      } catch (error) {
        if (error instanceof TransactionRefusedError && error.reasons[0] === 'ConditionalCheckFailed')
          return false;
        throw error;
      }
    },

    async finish(job, status, error, at) {
      return end(job, '#status = :running and planned = :true and partsDone = parts', status, error, at, {
        ':running': 'running',
        ':true': true,
      });
    },

    async fail(job, error, at) {
      return end(job, '#status in (:running, :pending)', 'failed', error, at, {
        ':running': 'running',
        ':pending': 'pending',
      });
    },

    async saveRow(jobId, subject, row) {
      const Item = { ...keys.jobRow(jobId, subject), type: 'job_row', jobId, subject, ...row };
      await table.client.send(new PutCommand({ TableName: table.name, Item }));
    },

    createTransaction: (job) => ({ Put: createInput(job) }),

    async pageOfRows(jobId, { limit, after, outcome }) {
      const rows: (JobRow & { readonly subject: string })[] = [];
      const query = queryAll(table, {
        KeyConditionExpression: 'pk = :pk and sk between :after and :end',
        ExpressionAttributeValues: {
          ':pk': keys.jobPartition(jobId),
          ':after': `${keys.jobRow(jobId, after ?? '').sk}${after === null ? '' : '\u0001'}`,
          ':end': keys.jobRow(jobId, '\u{10ffff}').sk,
          ...(outcome === undefined ? {} : { ':outcome': outcome }),
        },
        ...(outcome === undefined ? {} : { FilterExpression: 'outcome = :outcome' }),
      });
      for await (const item of query) {
        if (rows.length === limit) return { rows, end: false };
        rows.push({ ...parseRow(jobRowSchema, 'job_row', item), subject: String(item['subject']) });
      }
      return { rows, end: true };
    },

    async rowsOf(jobId, subjects) {
      const wanted = subjects.map((subject) => keys.jobRow(jobId, subject));
      const items = await batchGetAll(table, wanted, { consistent: true });
      return new Map(items.map((item) => [String(item['subject']), parseRow(jobRowSchema, 'job_row', item)]));
    },
  };
}
