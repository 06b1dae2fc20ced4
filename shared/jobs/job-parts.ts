import * as z from 'zod';
import { keys, TTL_ATTRIBUTE } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import {
  batchGetAll,
  queryAll,
  queryPage,
  lostRace,
  transactIfStill,
  transactWrite,
  TransactionRefusedError,
  updateIf,
  type Table,
} from '#shared/table/table.ts';
import { jobPartSchema, type Job, type JobPart } from './job.ts';

export interface PlannedPart {
  readonly subjects: readonly string[];
  /** Why each of them is read; left out: there is nothing to say. */
  readonly reasons?: readonly string[];
  /** Where planning goes on after this part. */
  readonly cursor: Job['planCursor'];
  /** True for the last part. */
  readonly last: boolean;
  readonly sentAt: string | null;
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
  /** Takes a pending part for a worker; undefined when it is closed, or another worker's claim still runs. */
  claimPart(part: JobPart, at: string, until: string): Promise<JobPart | undefined>;
  /** Gives a part back. `sentAt` null: the dispatcher sends it again at its next round. */
  releasePart(
    part: JobPart,
    change: { readonly sentAt: string | null; readonly attempts: number; readonly error: string | null },
  ): Promise<void>;
  /** Notes that a wake-up message was sent; false when the part is closed, or another dispatcher sent one meanwhile. */
  markSent(part: JobPart, sentAt: string | null): Promise<boolean>;
  /**
   * Closes the part and adds its counts to the job, once. False when it was closed already, or when it should be
   * canceled and the job goes on by now.
   */
  closePart(part: JobPart, result: PartResult, at: string): Promise<boolean>;
  /**
   * Opens a failed or canceled part again for the job's present attempt and takes what it counted out of the job, both
   * or neither. Undefined when another one did so first, or the job is in another attempt or at an end by now.
   */
  reopenPart(job: Job, part: JobPart, sentAt: string | null): Promise<JobPart | undefined>;
}

const OPEN_PART = '#status = :pending';
/** Parts whose subjects are asked for in one call. */
const PARTS_AT_ONCE = 100;
/** Ends of earlier attempts that a part keeps. */
const EARLIER_KEPT = 5;

type Item = Readonly<Record<string, unknown>>;

/**
 * Whom a part is about lies in a row of its own, written once with the part: a hundred ids are three kilobytes, which
 * every claim and close would write again.
 */
const subjectsSchema = jobPartSchema.pick({ subjects: true, reasons: true }).extend({ part: z.int() });
type Subjects = Pick<JobPart, 'subjects' | 'reasons'>;

/** Parts written before that hold their subjects themselves. */
const toPart = (item: Item, subjects: Subjects | undefined): JobPart =>
  parseRow(jobPartSchema, 'job_part', { ...subjects, ...item });

const toSubjects = (item: Item) => parseRow(subjectsSchema, 'job_part_subjects', item);

const subjectsOf = ({ subjects, reasons }: Subjects): Subjects => ({
  subjects: [...subjects],
  ...(reasons === undefined ? {} : { reasons: [...reasons] }),
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

  return {
    async part(jobId, part) {
      const key = keys.jobPart(jobId, part);
      const rows = await batchGetAll(table, [key, keys.jobPartSubjects(jobId, part)], { consistent: true });
      const item = rows.find(({ sk }) => sk === key.sk);
      const subjects = rows.find(({ sk }) => sk !== key.sk);
      return item === undefined ? undefined : toPart(item, subjects && toSubjects(subjects));
    },

    async *partsOf(jobId) {
      const rows = queryAll(table, {
        KeyConditionExpression: 'pk = :pk and begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': keys.jobPartition(jobId), ':prefix': 'PART#' },
        ConsistentRead: true,
      });
      let some: Item[] = [];
      for await (const item of rows) {
        some.push(item);
        if (some.length < PARTS_AT_ONCE) continue;
        yield* await withSubjects(jobId, some);
        some = [];
      }
      yield* await withSubjects(jobId, some);
    },

    async pageOfParts(jobId, { limit, after }) {
      const rows = await queryPage(
        table,
        {
          KeyConditionExpression: 'pk = :pk and begins_with(sk, :prefix)',
          ExpressionAttributeValues: { ':pk': keys.jobPartition(jobId), ':prefix': 'PART#' },
          ConsistentRead: true,
        },
        { limit, after: after === null ? undefined : { ...keys.jobPart(jobId, after) } },
      );
      return withSubjects(jobId, rows);
    },

    async addPart(job, { subjects, reasons, cursor, last, sentAt }) {
      const about = subjectsOf({
        subjects: [...subjects],
        reasons: reasons === undefined ? undefined : [...reasons],
      });
      const head = {
        jobId: job.id,
        part: job.parts,
        taskType: job.taskType,
        status: 'pending',
        attempts: 0,
        sentAt,
        claimedUntil: null,
        startedAt: null,
        finishedAt: null,
        counts: {},
        error: null,
      } as const;
      try {
        await transactWrite(table, [
          {
            Put: {
              TableName: table.name,
              Item: { ...keys.jobPart(job.id, job.parts), type: 'job_part', ...head },
              ConditionExpression: 'attribute_not_exists(pk)',
            },
          },
          {
            Put: {
              TableName: table.name,
              Item: {
                ...keys.jobPartSubjects(job.id, job.parts),
                type: 'job_part_subjects',
                part: job.parts,
                ...about,
              },
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
        return { ...head, ...about };
      } catch (error) {
        if (lostRace(error)) return undefined;
        throw error;
      }
    },

    async claimPart(part, at, until) {
      const item = await updateIf(table, {
        Key: keys.jobPart(part.jobId, part.part),
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
      return item === undefined ? undefined : toPart(item, subjectsOf(part));
    },

    async releasePart(part, { sentAt, attempts, error }) {
      await updateIf(table, {
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
      const item = await updateIf(table, {
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
      const cancelled = result.status === 'cancelled';
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
                'SET #status = :status, finishedAt = :at, claimedUntil = :null, counts = :counts, #error = :error, #done = :done',
              ExpressionAttributeNames: { '#status': 'status', '#error': 'error', '#done': 'done' },
              ExpressionAttributeValues: {
                ':pending': 'pending',
                ':status': result.status,
                ':at': at,
                ':null': null,
                ':counts': result.counts,
                ':done': result.done,
                ':error': result.error,
              },
            },
          },
          {
            Update: {
              TableName: table.name,
              Key: keys.job(part.jobId),
              ConditionExpression: cancelled ? '#status = :cancelled' : 'attribute_exists(#status)',
              UpdateExpression: [
                ...(counts.length === 0 ? [] : [`SET ${addCounts}`]),
                'ADD partsDone :one, partsFailed :failed, done :done',
              ].join(' '),
              ExpressionAttributeNames: {
                '#status': 'status',
                ...Object.fromEntries(counts.map(([name], n) => [`#c${n}`, name])),
              },
              ExpressionAttributeValues: {
                ...(cancelled ? { ':cancelled': 'cancelled' } : {}),
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
        if (
          cancelled &&
          error instanceof TransactionRefusedError &&
          error.reasons[1] === 'ConditionalCheckFailed'
        )
          return false;
        throw error;
      }
    },

    async reopenPart(job, part, sentAt) {
      const { status, attempts, finishedAt, error } = part;
      if (status !== 'failed' && status !== 'cancelled') return undefined;
      const open: JobPart = {
        ...part,
        status: 'pending',
        attempts: 0,
        sentAt,
        claimedUntil: null,
        finishedAt: null,
        counts: {},
        error: null,
        reopenedFor: job.attempts,
        earlier: [...(part.earlier ?? []), { status, attempts, finishedAt, error }].slice(-EARLIER_KEPT),
      };
      const counts = Object.entries(part.counts);
      const takeOut = counts.map((_, n) => `counts.#c${n} = counts.#c${n} - :c${n}`).join(', ');
      const reopened = await transactIfStill(table, [
        {
          Update: {
            TableName: table.name,
            Key: keys.jobPart(part.jobId, part.part),
            ConditionExpression:
              '#status = :before and (attribute_not_exists(reopenedFor) or reopenedFor < :attempt)',
            UpdateExpression:
              'SET #status = :status, attempts = :attempts, sentAt = :sentAt, claimedUntil = :null, finishedAt = :null, ' +
              'counts = :counts, #error = :null, reopenedFor = :attempt, earlier = :earlier REMOVE #done, #ttl',
            ExpressionAttributeNames: {
              '#status': 'status',
              '#error': 'error',
              '#done': 'done',
              '#ttl': TTL_ATTRIBUTE,
            },
            ExpressionAttributeValues: {
              ':before': status,
              ':status': open.status,
              ':attempts': open.attempts,
              ':sentAt': sentAt,
              ':null': null,
              ':counts': {},
              ':attempt': job.attempts,
              ':earlier': open.earlier,
            },
          },
        },
        {
          Update: {
            TableName: table.name,
            Key: keys.job(part.jobId),
            ConditionExpression: '#status = :running and attempts = :attempt and reopening = :true',
            UpdateExpression: [
              ...(counts.length === 0 ? [] : [`SET ${takeOut}`]),
              'ADD partsDone :one, partsFailed :failed, #done :done',
            ].join(' '),
            ExpressionAttributeNames: {
              '#status': 'status',
              '#done': 'done',
              ...Object.fromEntries(counts.map(([name], n) => [`#c${n}`, name])),
            },
            ExpressionAttributeValues: {
              ':running': 'running',
              ':attempt': job.attempts,
              ':true': true,
              ':one': -1,
              ':failed': status === 'failed' ? -1 : 0,
              ':done': -(part.done ?? part.subjects.length),
              ...Object.fromEntries(counts.map(([, value], n) => [`:c${n}`, value])),
            },
          },
        },
      ]);
      return reopened ? open : undefined;
    },
  };
}
