import * as z from 'zod';
import { TASK_TYPES } from './task-types.ts';

export const JOB_STATES = ['pending', 'running', 'succeeded', 'failed', 'cancelled'] as const;

/** `GET /api/jobs/{jobId}` and the lines of `GET /api/admin/jobs`. */
export const jobViewSchema = z.object({
  id: z.string(),
  taskType: z.enum(TASK_TYPES),
  status: z.enum(JOB_STATES),
  startedBy: z.string(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  attempts: z.int(),
  /** Parts or people done of all; `total` is 0 until the job is planned. */
  progress: z.object({ done: z.int(), total: z.int() }),
  /** Counts by outcome, for example `{ total: 22, synced: 1, skipped: 21, failed: 0 }`. */
  result: z.record(z.string(), z.number()).nullable(),
  /** A sentence for a person; null unless the job failed. */
  error: z.string().nullable(),
});
export type JobView = z.infer<typeof jobViewSchema>;

export const jobListSchema = z.object({ items: z.array(jobViewSchema), nextCursor: z.string().nullable() });

/** `GET /api/jobs/{jobId}/rows`: what became of each subject of a job that tells it. */
export const jobRowViewSchema = z.object({
  /** A competitor, or the number of a row of a file. */
  subject: z.string(),
  outcome: z.string(),
  message: z.string().nullable(),
  at: z.iso.datetime(),
  line: z.int().nullable(),
  competitorId: z.string().nullable(),
  fields: z.array(z.string()),
});
export const jobRowListSchema = z.object({
  items: z.array(jobRowViewSchema),
  nextCursor: z.string().nullable(),
});
