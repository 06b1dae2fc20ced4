import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import {
  add,
  and,
  attribute,
  condition,
  equals,
  isOneOf,
  lessThan,
  notExists,
  query,
  remove,
  set,
  setAll,
  update,
  type Condition,
} from '#shared/table/expressions.ts';
import { indexKeys, keys } from '#shared/table/keys.ts';
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
import { createJobParts, type JobParts, type PartOfPlan } from './job-parts.ts';
import { createJobRows, type JobRows } from './job-rows.ts';
import { jobSchema, type EarlierAttempt, type Job, type JobPart } from './job.ts';

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
  /**
   * Ends a running job of one part, which is closed, with the part's counts; of a canceled one it only takes them over.
   * False when that was done already, or the job is being tried again.
   */
  finishWithPart(job: Job, part: JobPart, error: string | null, at: string): Promise<boolean>;
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
  /**
   * Creates a running, planned job together with its one part. The part is written first, so that whoever dies before
   * the job is there leaves something that the next one with this id takes over, or overwrites. Undefined when the id
   * is taken.
   */
  createWithPart(job: Job, part: PartOfPlan): Promise<JobPart | undefined>;
  /** Keeps a job that has ended with its one part, which has, too; false when the id is taken. */
  createEnded(job: Job, part: JobPart): Promise<boolean>;
  /** The same as `create`, as a part of a transaction. */
  createTransaction(job: Job): TransactItem;
}

/** Earlier attempts that a job keeps. */
const EARLIER_KEPT = 10;

const NOT_ENDED = isOneOf('status', ['running', 'pending']);

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
    ...condition(notExists('pk')),
  });

  async function get(key: { readonly pk: string; readonly sk: string }) {
    const answer = await table.client.send(
      new GetCommand({ TableName: table.name, Key: key, ConsistentRead: true }),
    );
    return answer.Item;
  }

  async function end(
    job: Job,
    when: Condition,
    status: 'succeeded' | 'failed',
    error: string | null,
    at: string,
  ): Promise<boolean> {
    const item = await updateIf(table, {
      Key: keys.job(job.id),
      ...update([setAll({ status, finishedAt: at, error, gsi1pk: stateKeys(job, status).gsi1pk })], { when }),
    });
    return item !== undefined;
  }

  const parts = createJobParts(table);

  return {
    ...parts,
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
      const rows = queryAll(table, query(equals('gsi1pk', indexKeys.jobByState(state, '', '').gsi1pk)));
      for await (const item of rows) yield toJob(item);
    },

    async page(list, { limit, before }) {
      const wanted =
        'state' in list
          ? query(
              equals('gsi1pk', indexKeys.jobByState(list.state, '', '').gsi1pk),
              before === null ? undefined : lessThan('gsi1sk', before),
            )
          : query(
              equals('gsi2pk', indexKeys.jobByType(list.taskType, '', '').gsi2pk),
              before === null ? undefined : lessThan('gsi2sk', before),
            );
      const answer = await table.client.send(
        new QueryCommand({
          TableName: table.name,
          ...wanted,
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
        ...update(
          [
            setAll({ status: 'running', startedAt: at, gsi1pk: stateKeys(toJob(pending), 'running').gsi1pk }),
            add('attempts', 1),
          ],
          { when: equals('status', 'pending') },
        ),
      });
      return item === undefined ? undefined : toJob(item);
    },

    async endPlan(job, counts) {
      await updateIf(table, {
        Key: keys.job(job.id),
        ...update(
          [setAll({ planned: true, planCursor: null, counts: job.parts === 0 ? counts : undefined })],
          { when: and(equals('status', 'running'), equals('parts', job.parts)) },
        ),
      });
    },

    async finish(job, status, error, at) {
      return end(
        job,
        and(
          equals('status', 'running'),
          equals('planned', true),
          equals('partsDone', attribute('parts')),
          notExists('reopening'),
        ),
        status,
        error,
        at,
      );
    },

    async finishWithPart(job, { status, counts, done, subjects }, error, at) {
      if (job.status !== 'running' && job.status !== 'cancelled') return false;
      const ended = status === 'failed' ? 'failed' : 'succeeded';
      const taken = {
        counts,
        partsDone: 1,
        partsFailed: status === 'failed' ? 1 : 0,
        done: done ?? subjects.length,
      };
      const ending =
        job.status === 'cancelled'
          ? {}
          : { status: ended, finishedAt: at, error, gsi1pk: stateKeys(job, ended).gsi1pk };
      const item = await updateIf(table, {
        Key: keys.job(job.id),
        ...update([setAll({ ...taken, ...ending })], {
          when: and(
            equals('status', job.status),
            equals('attempts', job.attempts),
            equals('planned', true),
            equals('parts', 1),
            equals('partsDone', 0),
            notExists('reopening'),
          ),
        }),
      });
      return item !== undefined;
    },

    async fail(job, error, at) {
      // An answer may have been lost after the last part was written: such a job goes on.
      return end(job, and(NOT_ENDED, equals('planned', false)), 'failed', error, at);
    },

    async reopen(job, at, also) {
      if (job.status !== 'failed' && job.status !== 'cancelled') return false;
      const { status, startedAt, finishedAt, error, partsFailed } = job;
      const begun = startedAt !== null;
      const next = begun ? 'running' : 'pending';
      const earlier: EarlierAttempt[] = [
        ...(job.earlier ?? []),
        { status, startedAt, finishedAt, error, partsFailed },
      ];
      return transactIfStill(table, [
        {
          Update: {
            TableName: table.name,
            Key: keys.job(job.id),
            ...update(
              [
                setAll({
                  status: next,
                  startedAt: begun ? at : null,
                  finishedAt: null,
                  notBefore: null,
                  error: null,
                  gsi1pk: stateKeys(job, next).gsi1pk,
                  earlier: earlier.slice(-EARLIER_KEPT),
                  reopening: begun ? true : undefined,
                }),
                add('attempts', begun ? 1 : 0),
              ],
              {
                when: and(
                  equals('status', status),
                  equals('attempts', job.attempts),
                  notExists('archivedAt'),
                ),
              },
            ),
          },
        },
        ...also,
      ]);
    },

    async noteForecast(job, forecast) {
      await updateIf(table, {
        Key: keys.job(job.id),
        ...update([set('forecast', forecast)], { when: equals('status', 'running') }),
      });
    },

    async endReopen(job) {
      await updateIf(table, {
        Key: keys.job(job.id),
        ...update([remove('reopening')], {
          when: and(equals('status', 'running'), equals('attempts', job.attempts)),
        }),
      });
    },

    cancel: (job, at, also) =>
      transactIfStill(table, [
        {
          Update: {
            TableName: table.name,
            Key: keys.job(job.id),
            ...update(
              [
                setAll({
                  status: 'cancelled',
                  finishedAt: at,
                  gsi1pk: stateKeys(job, 'cancelled').gsi1pk,
                }),
              ],
              { when: NOT_ENDED },
            ),
          },
        },
        ...also,
      ]),

    async createWithPart(job, plan) {
      const part = await parts.putFirstPart(job, plan);
      return (await putIf(table, createInput({ ...job, total: part.subjects.length }))) ? part : undefined;
    },

    async createEnded(job, part) {
      await parts.putPart(part);
      return putIf(table, createInput(job));
    },

    createTransaction: (job) => ({ Put: createInput(job) }),
  };
}
