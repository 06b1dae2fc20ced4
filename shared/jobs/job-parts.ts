import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import {
  add,
  and,
  beginsWith,
  condition,
  equals,
  exists,
  increment,
  lessThan,
  notExists,
  or,
  query,
  remove,
  set,
  setAll,
  update,
} from '#shared/table/expressions.ts';
import { keys, TTL_ATTRIBUTE } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import {
  batchGetAll,
  putIf,
  queryAll,
  queryPage,
  lostRace,
  transactIfStill,
  transactWrite,
  TransactionRefusedError,
  updateIf,
  type Table,
} from '#shared/table/table.ts';
import { isOnePart, jobPartSchema, type Job, type JobPart } from './job.ts';

/** Whom a part is to be about, and when its wake-up message is sent; null: the dispatcher sends it. */
export interface PartOfPlan {
  readonly subjects: readonly string[];
  /** Why each of them is read; left out: there is nothing to say. */
  readonly reasons?: readonly string[];
  readonly sentAt: string | null;
}

export interface PlannedPart extends PartOfPlan {
  /** Where planning goes on after this part. */
  readonly cursor: Job['planCursor'];
  /** True for the last part. */
  readonly last: boolean;
}

export interface PartResult {
  /** `cancelled` only while the job is. */
  readonly status: 'succeeded' | 'failed' | 'cancelled';
  /** How many people the part dealt with, for the progress bar. */
  readonly done: number;
  readonly counts: Readonly<Record<string, number>>;
  /** A sentence for a person; null unless it failed. */
  readonly error: string | null;
}

export interface JobParts {
  part(jobId: string, part: number): Promise<JobPart | undefined>;
  partsOf(jobId: string): AsyncGenerator<JobPart>;
  /** Parts in their order, after this one (null: from the first); fewer than `limit`: there are no more. */
  pageOfParts(
    jobId: string,
    page: { readonly limit: number; readonly after: number | null },
  ): Promise<JobPart[]>;
  /** Writes the next part and moves the plan's cursor, both or neither; undefined when another planner was first. */
  addPart(job: Job, part: PlannedPart): Promise<JobPart | undefined>;
  /** The first part of a job that is not there yet: this one, or the one that another planner of the job has left. */
  putFirstPart(job: Job, part: PartOfPlan): Promise<JobPart>;
  /** Writes a part as it is, whatever is there. */
  putPart(part: JobPart): Promise<void>;
  /** Takes a pending part for a worker; undefined when it is closed, or another worker's claim still runs. */
  claimPart(part: JobPart, at: string, until: string): Promise<JobPart | undefined>;
  /** Gives a part back. `sentAt` null: the dispatcher sends it again at its next round. */
  releasePart(
    part: JobPart,
    change: Pick<JobPart, 'sentAt' | 'attempts' | 'failures' | 'error'>,
  ): Promise<void>;
  /** Notes that a wake-up message was sent; false when the part is closed, or another dispatcher sent one meanwhile. */
  markSent(part: JobPart, sentAt: string | null): Promise<boolean>;
  /**
   * Closes the part and adds its counts to the job, once. False when it was closed already, or when it should be
   * canceled and the job goes on by now.
   */
  closePart(part: JobPart, result: PartResult, at: string): Promise<boolean>;
  /** Closes the only part of a job, whose counts `finishWithPart` takes over; false when it was closed already. */
  closeOnlyPart(part: JobPart, result: PartResult, at: string): Promise<boolean>;
  /**
   * Opens a failed or canceled part again for the job's present attempt and takes what it counted out of the job, both
   * or neither. Undefined when another one did so first, or the job is in another attempt or at an end by now.
   */
  reopenPart(job: Job, part: JobPart, sentAt: string | null): Promise<JobPart | undefined>;
}

const OPEN_PART = equals('status', 'pending');
/** Parts whose subjects are asked for in one call. */
const PARTS_AT_ONCE = 100;
/** Ends of earlier attempts that a part keeps. */
const EARLIER_KEPT = 5;

type Item = Readonly<Record<string, unknown>>;

/**
 * Whom a part is about lies in the part's row while that stays below a kilobyte, otherwise in a row of its own, written
 * once with the part: a hundred ids are three kilobytes, which every claim and close would write again.
 */
const INLINE_BYTES = 400;
const subjectsSchema = jobPartSchema.pick({ subjects: true, reasons: true }).extend({ part: z.int() });
type Subjects = Pick<JobPart, 'subjects' | 'reasons'>;

const toPart = (item: Item, subjects: Subjects | undefined): JobPart =>
  parseRow(jobPartSchema, 'job_part', { ...subjects, ...item });

const isInline = ({ subjects, reasons = [] }: Subjects): boolean =>
  [...subjects, ...reasons].reduce((bytes, each) => bytes + Buffer.byteLength(each) + 1, 0) <= INLINE_BYTES;

const toSubjects = (item: Item) => parseRow(subjectsSchema, 'job_part_subjects', item);

const subjectsOf = ({ subjects, reasons }: Subjects): Subjects => ({
  subjects: [...subjects],
  ...(reasons === undefined ? {} : { reasons: [...reasons] }),
});

const newPart = (job: Pick<Job, 'id' | 'taskType'>, part: number, plan: PartOfPlan): JobPart => ({
  jobId: job.id,
  part,
  taskType: job.taskType,
  status: 'pending',
  attempts: 0,
  sentAt: plan.sentAt,
  claimedUntil: null,
  startedAt: null,
  finishedAt: null,
  counts: {},
  error: null,
  ...subjectsOf({
    subjects: [...plan.subjects],
    reasons: plan.reasons === undefined ? undefined : [...plan.reasons],
  }),
});

/** The rows of a part: its own, and whom it is about where that is too long for it. */
function rowsOf(part: JobPart): { readonly own: Item; readonly about: Item | undefined } {
  const { subjects, reasons, ...head } = part;
  const about = subjectsOf({ subjects, reasons });
  const inline = isInline(about);
  return {
    own: { ...keys.jobPart(part.jobId, part.part), type: 'job_part', ...head, ...(inline ? about : {}) },
    about: inline
      ? undefined
      : {
          ...keys.jobPartSubjects(part.jobId, part.part),
          type: 'job_part_subjects',
          part: part.part,
          ...about,
        },
  };
}

const partsOfJob = (jobId: string) => ({
  ...query(equals('pk', keys.jobPartition(jobId)), beginsWith('sk', 'PART#')),
  ConsistentRead: true,
});

/** The parts of jobs; those that change the job's own row as well do both or neither. */
export function createJobParts(table: Table): JobParts {
  async function withSubjects(jobId: string, items: readonly Item[]): Promise<JobPart[]> {
    const rows = await batchGetAll(
      table,
      items.map((item) => keys.jobPartSubjects(jobId, Number(item['part']))),
      { consistent: true },
    );
    const subjects = new Map(rows.map(toSubjects).map((row) => [row.part, subjectsOf(row)]));
    return items.map((item) => toPart(item, subjects.get(Number(item['part']))));
  }

  const putIfFirst = async (Item: Item | undefined): Promise<boolean> =>
    Item === undefined || putIf(table, { Item, ...condition(notExists('pk')) });

  async function partOf(jobId: string, part: number): Promise<JobPart | undefined> {
    const key = keys.jobPart(jobId, part);
    const rows = await batchGetAll(table, [key, keys.jobPartSubjects(jobId, part)], { consistent: true });
    const item = rows.find(({ sk }) => sk === key.sk);
    const subjects = rows.find(({ sk }) => sk !== key.sk);
    return item === undefined ? undefined : toPart(item, subjects && toSubjects(subjects));
  }

  return {
    part: partOf,

    async *partsOf(jobId) {
      let some: Item[] = [];
      for await (const item of queryAll(table, partsOfJob(jobId))) {
        some.push(item);
        if (some.length < PARTS_AT_ONCE) continue;
        yield* await withSubjects(jobId, some);
        some = [];
      }
      yield* await withSubjects(jobId, some);
    },

    async pageOfParts(jobId, { limit, after }) {
      const rows = await queryPage(table, partsOfJob(jobId), {
        limit,
        after: after === null ? undefined : { ...keys.jobPart(jobId, after) },
      });
      return withSubjects(jobId, rows);
    },

    async addPart(job, { cursor, last, ...plan }) {
      const part = newPart(job, job.parts, plan);
      const { own, about } = rowsOf(part);
      try {
        await transactWrite(table, [
          // Whatever is there was left by a planner that died before its job was written.
          { Put: { TableName: table.name, Item: own } },
          ...(about === undefined ? [] : [{ Put: { TableName: table.name, Item: about } }]),
          {
            Update: {
              TableName: table.name,
              Key: keys.job(job.id),
              ...update(
                [
                  setAll({ planCursor: cursor, planned: last }),
                  add('parts', 1),
                  add('total', part.subjects.length),
                ],
                {
                  when: and(
                    equals('status', 'running'),
                    equals('planned', false),
                    equals('parts', job.parts),
                  ),
                },
              ),
            },
          },
        ]);
        return part;
      } catch (error) {
        if (lostRace(error)) return undefined;
        throw error;
      }
    },

    async putFirstPart(job, plan) {
      const part = newPart(job, 0, plan);
      const { own, about } = rowsOf(part);
      const firsts = [await putIfFirst(about), await putIfFirst(own)];
      return firsts.every(Boolean) ? part : ((await partOf(job.id, 0)) ?? part);
    },

    async putPart(part) {
      const { own, about } = rowsOf(part);
      for (const Item of about === undefined ? [own] : [about, own])
        await table.client.send(new PutCommand({ TableName: table.name, Item }));
    },

    async claimPart(part, at, until) {
      const item = await updateIf(table, {
        Key: keys.jobPart(part.jobId, part.part),
        ...update([setAll({ claimedUntil: until, startedAt: at }), add('attempts', 1)], {
          when: and(OPEN_PART, or(equals('claimedUntil', null), lessThan('claimedUntil', at))),
        }),
      });
      return item === undefined ? undefined : toPart(item, subjectsOf(part));
    },

    async releasePart(part, { sentAt, attempts, failures = 0, error }) {
      await updateIf(table, {
        Key: keys.jobPart(part.jobId, part.part),
        ...update([setAll({ claimedUntil: null, sentAt, attempts, failures, error })], {
          when: and(OPEN_PART, equals('claimedUntil', part.claimedUntil)),
        }),
      });
    },

    async markSent(part, sentAt) {
      const item = await updateIf(table, {
        Key: keys.jobPart(part.jobId, part.part),
        ...update([set('sentAt', sentAt)], { when: and(OPEN_PART, equals('sentAt', part.sentAt)) }),
      });
      return item !== undefined;
    },

    async closePart(part, result, at) {
      const { status, counts, error, done } = result;
      const { failures = 0 } = part;
      const cancelled = status === 'cancelled';
      try {
        await transactWrite(table, [
          {
            Update: {
              TableName: table.name,
              Key: keys.jobPart(part.jobId, part.part),
              ...update(
                [setAll({ status, finishedAt: at, claimedUntil: null, failures, counts, error, done })],
                { when: OPEN_PART },
              ),
            },
          },
          {
            Update: {
              TableName: table.name,
              Key: keys.job(part.jobId),
              ...update(
                [
                  Object.entries(counts).map(([name, value]) => increment(['counts', name], value)),
                  add('partsDone', 1),
                  add('partsFailed', status === 'failed' ? 1 : 0),
                  add('done', done),
                ],
                { when: cancelled ? equals('status', 'cancelled') : exists('status') },
              ),
            },
          },
        ]);
        return true;
      } catch (thrown) {
        if (thrown instanceof TransactionRefusedError && thrown.reasons[0] === 'ConditionalCheckFailed')
          return false;
        if (
          cancelled &&
          thrown instanceof TransactionRefusedError &&
          thrown.reasons[1] === 'ConditionalCheckFailed'
        )
          return false;
        throw thrown;
      }
    },

    async closeOnlyPart(part, { status, counts, error, done }, at) {
      const { failures = 0 } = part;
      const item = await updateIf(table, {
        Key: keys.jobPart(part.jobId, part.part),
        ...update([setAll({ status, finishedAt: at, claimedUntil: null, failures, counts, error, done })], {
          when: OPEN_PART,
        }),
      });
      return item !== undefined;
    },

    async reopenPart(job, part, sentAt) {
      const { status, attempts, finishedAt, error } = part;
      if (status !== 'failed' && status !== 'cancelled') return undefined;
      const fresh = {
        status: 'pending',
        attempts: 0,
        failures: 0,
        sentAt,
        claimedUntil: null,
        finishedAt: null,
        counts: {},
        error: null,
        reopenedFor: job.attempts,
        earlier: [...(part.earlier ?? []), { status, attempts, finishedAt, error }].slice(-EARLIER_KEPT),
      } as const;
      const reopened = await transactIfStill(table, [
        {
          Update: {
            TableName: table.name,
            Key: keys.jobPart(part.jobId, part.part),
            ...update([setAll(fresh), remove('done', TTL_ATTRIBUTE)], {
              when: and(
                equals('status', status),
                or(notExists('reopenedFor'), lessThan('reopenedFor', job.attempts)),
              ),
            }),
          },
        },
        {
          Update: {
            TableName: table.name,
            Key: keys.job(part.jobId),
            ...update(
              isOnePart(job)
                ? [setAll({ counts: {}, partsDone: 0, partsFailed: 0, done: 0 })]
                : [
                    Object.entries(part.counts).map(([name, value]) => increment(['counts', name], -value)),
                    add('partsDone', -1),
                    add('partsFailed', status === 'failed' ? -1 : 0),
                    add('done', -(part.done ?? part.subjects.length)),
                  ],
              {
                when: and(
                  equals('status', 'running'),
                  equals('attempts', job.attempts),
                  equals('reopening', true),
                ),
              },
            ),
          },
        },
      ]);
      return reopened ? { ...part, ...fresh } : undefined;
    },
  };
}
