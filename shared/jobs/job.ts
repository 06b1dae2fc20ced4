import * as z from 'zod';
import { JOB_STATES } from './contract.ts';
import { backfillForecastSchema } from './forecast.ts';
import { taskTypeSchema } from './task-definition.ts';

/** How an attempt ended that was followed by another. */
export const earlierAttemptSchema = z.object({
  status: z.enum(['failed', 'cancelled']),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  error: z.string().nullable(),
  partsFailed: z.int(),
});
export type EarlierAttempt = z.infer<typeof earlierAttemptSchema>;

/** A job as the table keeps it. The table is the truth; a queue message only says "look at this job's part". */
export const jobSchema = z.object({
  id: z.string(),
  taskType: taskTypeSchema,
  status: z.enum(JOB_STATES),
  /** `schedule:<name>` or `user:<sub>`. */
  startedBy: z.string(),
  /** The coach that who started it acted as. */
  actingAs: z.string().nullable().optional(),
  /** Ids and options only, never personal data. */
  payload: z.record(z.string(), z.unknown()),
  createdAt: z.iso.datetime(),
  /** Not before this time; null: at once. */
  notBefore: z.iso.datetime().nullable().default(null),
  /** Of the attempt under way, or the last one. */
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  /** The first run and each retry. */
  attempts: z.int(),
  /** The attempts before, oldest first; only the last few are kept. */
  earlier: z.array(earlierAttemptSchema).optional(),
  /** While a retry opens parts again: nobody ends the job before the last one is open. */
  reopening: z.boolean().optional(),
  /** What a job that calls the platform much said it would take, before its first call. */
  forecast: backfillForecastSchema.optional(),
  /** When it was archived: no list shows it any more, and nobody may retry it. */
  archivedAt: z.iso.datetime().optional(),
  /** Who took its dead letters away for good, and why: a reason typed in by an admin. */
  discarded: z.object({ by: z.string(), reason: z.string(), at: z.iso.datetime() }).optional(),
  /** True once every part is written; until then the dispatcher goes on planning where `planCursor` stands. */
  planned: z.boolean().default(false),
  planCursor: z.record(z.string(), z.unknown()).nullable().default(null),
  /** Parts written so far; all of them once `planned`. */
  parts: z.int(),
  partsDone: z.int(),
  /** Parts that ended in failure, counted among `partsDone`. */
  partsFailed: z.int(),
  /** People (or things) done and in all, for the progress bar. */
  done: z.int(),
  total: z.int(),
  /** Counts by outcome, summed over finished parts. */
  counts: z.record(z.string(), z.int()),
  error: z.string().nullable(),
});
export type Job = z.infer<typeof jobSchema>;

/** Whether it only tells what it would do. */
export const isDryRun = ({ payload }: Pick<Job, 'payload'>): boolean => payload['dryRun'] === true;

/** Whether one part is all of it: then its counts are the part's, taken over when the part is closed. */
export const isOnePart = ({ planned, parts }: Pick<Job, 'planned' | 'parts'>): boolean =>
  planned && parts === 1;

/**
 * A share of a job that one message stands for. Of a job with several its counts are added to the job in the
 * transaction that closes it.
 */
export const jobPartSchema = z.object({
  jobId: z.string(),
  part: z.int(),
  taskType: taskTypeSchema,
  /** Parts of a canceled job that nobody had begun stay pending. */
  status: z.enum(['pending', 'succeeded', 'failed', 'cancelled']),
  /** Ids of what this part works on. */
  subjects: z.array(z.string()),
  /** Of score reads: why each of the subjects is read, in their order; see `read-reason.ts`. */
  reasons: z.array(z.string()).optional(),
  attempts: z.int(),
  /** How many of its attempts failed, none unless told; in the others the worker is at it, or stopped without an answer. */
  failures: z.int().optional(),
  /** When its wake-up message was last put on the queue; null: the dispatcher sends it at its next round. */
  sentAt: z.iso.datetime().nullable(),
  /** Until when a worker holds this part; a crashed worker's claim simply runs out. */
  claimedUntil: z.iso.datetime().nullable().default(null),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  counts: z.record(z.string(), z.int()),
  /** How many of its subjects were dealt with when it was closed. */
  done: z.int().optional(),
  error: z.string().nullable(),
  /** The job's attempt that opened this part again. */
  reopenedFor: z.int().optional(),
  /** How it ended in the job's attempts before, oldest first; only the last few are kept. */
  earlier: z
    .array(
      z.object({
        status: z.enum(['failed', 'cancelled']),
        attempts: z.int(),
        finishedAt: z.iso.datetime().nullable(),
        error: z.string().nullable(),
      }),
    )
    .optional(),
});
export type JobPart = z.infer<typeof jobPartSchema>;

/** What became of one of the job's subjects. */
export const jobRowSchema = z.object({
  outcome: z.string(),
  /** A sentence for a person; null when there is nothing to say. */
  message: z.string().nullable(),
  at: z.iso.datetime(),
  /** Line of an imported file. */
  line: z.int().optional(),
  competitorId: z.string().nullable().optional(),
  /** The job that a redriven message is about. */
  jobId: z.string().optional(),
  /** Names of the fields that differ. */
  fields: z.array(z.string()).optional(),
  /** What a plan says of its subject: ids, codes and numbers only. */
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
  /** Names of the fields that somebody new still lacks. */
  missing: z.array(z.string()).optional(),
});
export type JobRow = z.infer<typeof jobRowSchema>;

/** SQS bodies. */
export const jobPartMessageSchema = z.object({
  kind: z.literal('job_part'),
  jobId: z.string(),
  part: z.int(),
});
export type JobPartMessage = z.infer<typeof jobPartMessageSchema>;
export const workMessageSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('start_task'),
    scheduleName: z.string(),
    taskType: taskTypeSchema,
    /** Checked against the task type when the job is made. */
    payload: z.record(z.string(), z.unknown()).default({}),
    scheduledTime: z.string(),
  }),
  z.object({ kind: z.literal('dispatch_due'), scheduledTime: z.string() }),
  /** "Look at this new job": sent by the API, so that nobody waits for the dispatcher. */
  z.object({ kind: z.literal('plan_job'), jobId: z.string() }),
]);
export type WorkMessage = z.input<typeof workMessageSchema>;

/** Subject of a row of a file: rows of a job lie in this order. */
export const rowSubject = (row: number): string => String(row).padStart(6, '0');
