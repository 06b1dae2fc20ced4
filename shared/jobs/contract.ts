import * as z from 'zod';
import { route } from '#shared/kernel/contract.ts';
import { pageQuerySchema } from '#shared/kernel/paging.ts';
import { jobStartedSchema } from './file-as-job.ts';
import { backfillForecastSchema } from './forecast.ts';
import { startJobRequestSchema, taskTypeSchema } from './task-definition.ts';

export const JOB_STATES = ['pending', 'running', 'succeeded', 'failed', 'cancelled'] as const;

/** One part of a job. */
export const jobPartViewSchema = z.object({
  /** From 1. */
  number: z.int(),
  /** `cancelled`: stopped, or never begun because the job was canceled. */
  status: z.enum(JOB_STATES),
  /** Over all attempts of the job. */
  attempts: z.int(),
  /** When it was last put on its queue; null: it is about to be. */
  queuedAt: z.iso.datetime().nullable(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  /** Of the last attempt; null unless it ended. */
  durationMs: z.number().nullable(),
  subjects: z.int(),
  done: z.int(),
  counts: z.record(z.string(), z.number()),
  /** A sentence for a person; of a pending part, of its last attempt. */
  error: z.string().nullable(),
});

/** `GET /api/jobs/{jobId}` and the lines of `GET /api/admin/jobs`. */
export const jobViewSchema = z.object({
  id: z.string(),
  taskType: taskTypeSchema,
  status: z.enum(JOB_STATES),
  startedBy: z.string(),
  /** The person’s name, where an admin lists or opens jobs; null for schedules and for people who are gone. */
  startedByName: z.string().nullable(),
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

/** `GET /api/admin/jobs/{id}`. */
export const jobDetailSchema = jobViewSchema.extend({
  /** Ids and options. */
  payload: z.record(z.string(), z.unknown()),
  /** It begins no sooner; null: at once. */
  notBefore: z.iso.datetime().nullable(),
  /** False while it is still being divided into parts. */
  planned: z.boolean(),
  /** Of the last attempt; null unless it ended. */
  durationMs: z.number().nullable(),
  /** When it was archived, out of all lists. */
  archivedAt: z.iso.datetime().nullable(),
  /** Who (`sub`) took its dead letters away for good, and why; null: nobody did. */
  discarded: z
    .object({ by: z.string(), byName: z.string().nullable(), reason: z.string(), at: z.iso.datetime() })
    .nullable(),
  /** What it said it would take, before its first call to the platform; null for other jobs. */
  forecast: backfillForecastSchema.nullable(),
  partCounts: z.object({ total: z.int(), done: z.int(), failed: z.int() }),
  /** A page of its parts, in their order. */
  parts: z.object({ items: z.array(jobPartViewSchema), nextCursor: z.string().nullable() }),
  /** Why parts failed, of the first thousand parts: in how many, and how many of them are failed now. */
  causes: z.array(z.object({ cause: z.string(), parts: z.int(), failedNow: z.int() })),
  /** The attempts before the last one, oldest first. */
  earlier: z.array(
    z.object({
      status: z.enum(['failed', 'cancelled']),
      startedAt: z.iso.datetime().nullable(),
      finishedAt: z.iso.datetime().nullable(),
      durationMs: z.number().nullable(),
      error: z.string().nullable(),
      partsFailed: z.int(),
    }),
  ),
});
export type JobDetailView = z.infer<typeof jobDetailSchema>;

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
  /** The job that a redriven message is about. */
  jobId: z.string().nullable(),
  fields: z.array(z.string()),
});
export const jobRowListSchema = z.object({
  items: z.array(jobRowViewSchema),
  nextCursor: z.string().nullable(),
});

/** Who or what started a job: a person, or a schedule. */
export const JOB_STARTERS = ['people', 'schedules'] as const;

/** Which jobs a list shows. */
const filterSchema = z.object({
  status: z.enum(JOB_STATES).optional(),
  type: taskTypeSchema.optional(),
  by: z.enum(JOB_STARTERS).optional(),
});

export const BULK_ACTS = ['retry', 'cancel'] as const;
/** Jobs that are retried or canceled with one request. */
export const MOST_AT_ONCE = 100;

const NO_FILTER = 'Say which jobs: “status”, “type” or “by”. Nothing said never means all of them.';
const isFilter = ({ status, type, by }: z.output<typeof filterSchema>): boolean =>
  status !== undefined || type !== undefined || by !== undefined;

/** `GET /api/admin/jobs/bulk` */
const bulkQuerySchema = filterSchema.extend({ act: z.enum(BULK_ACTS) });
export const bulkCountSchema = z.object({
  /** Of the jobs that the filter shows, those that the act is for; null: more than may be done at once. */
  count: z.int().nullable(),
  states: z.partialRecord(z.enum(JOB_STATES), z.int()),
});
export type BulkCount = z.infer<typeof bulkCountSchema>;

/** `POST /api/admin/jobs/bulk` */
export const bulkSchema = z.strictObject({
  act: z.enum(BULK_ACTS),
  filter: z.strictObject(filterSchema.shape).refine(isFilter, { message: NO_FILTER }),
  /** As many as were counted: another number of them is refused. */
  expected: z.int().min(1).max(MOST_AT_ONCE),
});
export const bulkDoneSchema = z.object({
  done: z.int(),
  /** Jobs that changed meanwhile or cannot be retried, with why. */
  refused: z.array(z.object({ jobId: z.string(), detail: z.string() })),
  /** Time ran out before these: count again and go on. */
  left: z.int(),
});
export type BulkDone = z.infer<typeof bulkDoneSchema>;

/** `POST /api/admin/jobs/estimate` */
export const jobEstimateSchema = z.object({
  /** People or things that it is about. */
  subjects: z.int(),
  /** Calls to the platform. */
  calls: z.int(),
  /** False: it takes at least that many calls. */
  exact: z.boolean(),
  /** False: there are more subjects than were counted, or the job would be refused. */
  complete: z.boolean(),
  /** Calls in a second by the settings, and seconds that all take at that rate. */
  perSecond: z.number(),
  seconds: z.int(),
  /** Calls that today’s budget still leaves to reads. */
  leftToday: z.int(),
  /** Why the job would not be begun; null: nothing stands against it. */
  refusal: z.string().nullable(),
});
export type JobEstimate = z.infer<typeof jobEstimateSchema>;

export const jobRoutes = {
  getJob: route('GET', '/api/jobs/{jobId}', {
    served: 'jobs-api',
    access: 'coach',
    rate: 'read',
    summary: 'How a job stands',
    success: { status: 200, description: 'Status, progress and result.', schema: jobViewSchema },
    actAs: true,
  }),
  listJobRows: route('GET', '/api/jobs/{jobId}/rows', {
    served: 'jobs-api',
    access: 'coach',
    rate: 'read',
    summary: 'What became of each subject of a job',
    query: pageQuerySchema.extend({ outcome: z.string().min(1).max(50).optional() }),
    success: { status: 200, description: 'A page.', schema: jobRowListSchema },
    actAs: true,
  }),
  listJobs: route('GET', '/api/admin/jobs', {
    served: 'jobs-api',
    access: 'admin',
    rate: 'read',
    summary: 'Jobs, newest first',
    query: pageQuerySchema.extend(filterSchema.shape),
    success: { status: 200, description: 'A page.', schema: jobListSchema },
  }),
  countForBulk: route('GET', '/api/admin/jobs/bulk', {
    served: 'jobs-api',
    access: 'admin',
    rate: 'read',
    summary: 'How many of the jobs that a filter shows can be retried, or canceled',
    query: bulkQuerySchema,
    success: { status: 200, description: 'The number, by state.', schema: bulkCountSchema },
  }),
  actOnJobs: route('POST', '/api/admin/jobs/bulk', {
    served: 'jobs-api',
    access: 'admin',
    rate: 'bulk',
    summary: 'Retry or cancel the jobs that a filter shows, as many as were counted',
    body: bulkSchema,
    success: { status: 200, description: 'How many, and which not.', schema: bulkDoneSchema },
    problems: { 409: ['JOBS_CHANGED', 'TOO_MANY_JOBS'] },
  }),
  startJob: route('POST', '/api/admin/jobs', {
    served: 'jobs-api',
    access: 'admin',
    rate: 'bulk',
    summary: 'Start a job',
    body: startJobRequestSchema,
    success: { status: 202, description: 'Accepted; follow it under its id.', schema: jobStartedSchema },
  }),
  estimateJob: route('POST', '/api/admin/jobs/estimate', {
    served: 'jobs-api',
    access: 'admin',
    rate: 'read',
    summary: 'What a job would take, as its own planner counts it; nothing is started',
    body: startJobRequestSchema.omit({ runAt: true }),
    success: { status: 200, description: 'People, calls and seconds.', schema: jobEstimateSchema },
  }),
  getJobDetail: route('GET', '/api/admin/jobs/{id}', {
    served: 'jobs-api',
    access: 'admin',
    rate: 'read',
    summary: 'One job with its payload, a page of its parts, and why parts failed',
    query: pageQuerySchema,
    success: { status: 200, description: 'All that is known of it.', schema: jobDetailSchema },
  }),
  retryJob: route('POST', '/api/admin/jobs/{id}/retry', {
    served: 'jobs-api',
    access: 'admin',
    rate: 'bulk',
    summary: 'Try what failed or was left of a job again, in the same record',
    success: { status: 202, description: 'Accepted; follow it under its id.', schema: jobStartedSchema },
    problems: {
      409: ['JOB_UNDER_WAY', 'JOB_SUCCEEDED', 'JOB_ARCHIVED', 'IMPORT_EXPIRED', 'PLAN_OUTDATED'],
    },
  }),
  cancelJob: route('POST', '/api/admin/jobs/{id}/cancel', {
    served: 'jobs-api',
    access: 'admin',
    rate: 'write',
    summary: 'End a pending or running job where it stands; what was done stays',
    success: { status: 200, description: 'Canceled.', schema: jobViewSchema },
    problems: { 409: ['JOB_OVER', 'JOB_NOT_CANCELLABLE'] },
  }),
} as const;
