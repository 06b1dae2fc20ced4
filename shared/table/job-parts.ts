import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { jobPartSchema, type Job, type JobPart } from '../jobs/job.ts';
import { keys, TTL_ATTRIBUTE } from './keys.ts';
import { parseRow } from './row.ts';
import {
  queryAll,
  transactIfStill,
  transactWrite,
  TransactionRefusedError,
  updateIf,
  type Table,
} from './table.ts';

export interface PlannedPart {
  readonly subjects: readonly string[];
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
  /** Writes the next part and moves the plan's cursor, both or neither; undefined when another planner was first. */
  addPart(job: Job, part: PlannedPart): Promise<JobPart | undefined>;
  /** Takes a pending part for a worker; undefined when it is closed, or another worker's claim still runs. */
  claimPart(jobId: string, part: number, at: string, until: string): Promise<JobPart | undefined>;
  /** Gives a part back. `sentAt` null: the dispatcher sends it again at its next round. */
  releasePart(
    part: JobPart,
    change: { readonly sentAt: string | null; readonly attempts: number; readonly error: string | null },
  ): Promise<void>;
  /** Notes that a hint was sent; false when the part is closed, or another dispatcher sent one meanwhile. */
  markSent(part: JobPart, sentAt: string | null): Promise<boolean>;
  /**
   * Closes the part and adds its counts to the job, once. False when it was closed already, or when it should be
   * cancelled and the job goes on by now.
   */
  closePart(part: JobPart, result: PartResult, at: string): Promise<boolean>;
  /**
   * Opens a failed or cancelled part again for the job's present attempt and takes what it counted out of the job, both
   * or neither. Undefined when another one did so first, or the job is in another attempt or at an end by now.
   */
  reopenPart(job: Job, part: JobPart, sentAt: string | null): Promise<JobPart | undefined>;
}

const OPEN_PART = '#status = :pending';
/** Ends of earlier attempts that a part keeps. */
const EARLIER_KEPT = 5;

const toPart = (item: Readonly<Record<string, unknown>>): JobPart =>
  parseRow(jobPartSchema, 'job_part', item);

/** The parts of jobs; those that change the job's own row as well do both or neither. */
export function createJobParts(table: Table): JobParts {
  return {
    async part(jobId, part) {
      const { Item: item } = await table.client.send(
        new GetCommand({ TableName: table.name, Key: keys.jobPart(jobId, part), ConsistentRead: true }),
      );
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

    async claimPart(jobId, part, at, until) {
      const item = await updateIf(table, {
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
