import * as z from 'zod';
import { JOB_STATES } from '#shared/jobs/contract.ts';
import { taskTypeSchema } from '#shared/jobs/task-definition.ts';
import { route } from '#shared/kernel/contract.ts';
import { pageQuerySchema } from '#shared/kernel/paging.ts';
import { ExpressionError, parseExpression } from './expression.ts';
import { isTimeZone } from './firing-times.ts';

/** Runs that are shown in advance. */
export const RUNS_AHEAD = 5;

/** A part of an address and of EventBridge's names: no spaces and no “@”, so that no person is named in either. */
export const scheduleNameSchema = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/, {
    error: 'Use small letters, digits and hyphens, at most 60, such as “monthly-full-check”.',
  })
  .describe('Its id: small letters, digits and hyphens. No names of people.');

const expressionSchema = z
  .string()
  .max(256, 'Use at most 256 characters.')
  .superRefine((text, context) => {
    try {
      parseExpression(text);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
    }
  })
  .describe(
    '`rate(5 minutes)`, `cron(15 3 * * ? *)` or `at(2026-12-01T09:00:00)`, as EventBridge Scheduler has them.',
  );

const timezoneSchema = z
  .string()
  .refine(isTimeZone, 'Choose a time zone, such as America/New_York or UTC.')
  .describe('IANA; cron and at are times on its clock, daylight saving time included.');

const payloadSchema = z.record(z.string(), z.unknown());

/** A run in advance. */
const runAheadSchema = z.object({
  at: z.iso.datetime(),
  clockChange: z
    .object({ at: z.iso.datetime(), kind: z.enum(['begins', 'ends']) })
    .nullable()
    .describe(
      'Daylight saving time of the schedule’s zone that begins or ends between the run before and this one.',
    ),
});
export type RunAhead = z.infer<typeof runAheadSchema>;

export const scheduleViewSchema = z.object({
  name: z.string(),
  expression: z.string(),
  timezone: z.string(),
  taskType: taskTypeSchema
    .nullable()
    .describe('What it starts; null: it sends due work again, and starts no job.'),
  payload: payloadSchema,
  enabled: z.boolean(),
  builtIn: z.boolean().describe('It can be changed and switched off, not deleted.'),
  version: z.int(),
  createdAt: z.iso.datetime().describe('A rate counts from here.'),
  changedAt: z.iso.datetime(),
  nextRuns: z.array(runAheadSchema).describe('At most five; none while it is off.'),
  lastRun: z
    .object({
      time: z.iso.datetime(),
      jobId: z.string().nullable(),
      status: z.enum(JOB_STATES).nullable().describe('Null: it has no job, or the job was deleted.'),
      result: z.record(z.string(), z.number()).nullable(),
      byHand: z.boolean(),
    })
    .nullable(),
  didNotRun: z
    .object({ expectedAt: z.iso.datetime() })
    .nullable()
    .describe('It should have run then and did not; null: all is well.'),
});
export type ScheduleView = z.infer<typeof scheduleViewSchema>;

export const scheduleCreateSchema = z.strictObject({
  name: scheduleNameSchema,
  expression: expressionSchema,
  timezone: timezoneSchema.default('UTC'),
  taskType: taskTypeSchema,
  payload: payloadSchema.default({}),
  enabled: z.boolean().default(true),
});
export type ScheduleCreate = z.output<typeof scheduleCreateSchema>;

export const schedulePatchSchema = z
  .strictObject({
    expression: expressionSchema.optional(),
    timezone: timezoneSchema.optional(),
    taskType: taskTypeSchema.optional(),
    payload: payloadSchema.optional(),
    enabled: z.boolean().optional(),
  })
  .refine((patch) => Object.keys(patch).length > 0, 'Say what to change.');
export type SchedulePatch = z.output<typeof schedulePatchSchema>;

export const schedulePreviewSchema = z.strictObject({
  expression: expressionSchema,
  timezone: timezoneSchema.default('UTC'),
  countsFrom: z.iso
    .datetime()
    .optional()
    .describe('`createdAt` of the schedule that is being changed: a rate keeps its beat. Left out: now.'),
});

export const scheduleListSchema = z.object({
  items: z.array(scheduleViewSchema),
  nextCursor: z.string().nullable(),
});

const served = { served: 'schedules-api', access: 'admin' } as const;

export const scheduleRoutes = {
  listSchedules: route('GET', '/api/admin/schedules', {
    ...served,
    rate: 'read',
    summary: 'What starts by itself, with next and last runs',
    query: pageQuerySchema,
    success: { status: 200, description: 'A page, by name; of at most 100.', schema: scheduleListSchema },
  }),
  createSchedule: route('POST', '/api/admin/schedules', {
    ...served,
    rate: 'write',
    summary: 'Make a schedule; one of `at(…)` is gone after its run',
    body: scheduleCreateSchema,
    success: { status: 201, description: 'Made.', schema: scheduleViewSchema },
    problems: { 409: ['SCHEDULE_NAME_TAKEN'] },
  }),
  previewSchedule: route('POST', '/api/admin/schedules/preview', {
    ...served,
    rate: 'read',
    summary: 'The next five runs of an expression',
    body: schedulePreviewSchema,
    success: {
      status: 200,
      description: 'Fewer than five: then it never runs again.',
      schema: z.object({ nextRuns: z.array(runAheadSchema) }),
    },
  }),
  updateSchedule: route('PATCH', '/api/admin/schedules/{name}', {
    ...served,
    rate: 'write',
    summary: 'Change a schedule, or switch it on or off',
    ifMatch: true,
    body: schedulePatchSchema,
    success: { status: 200, description: 'Changed.', schema: scheduleViewSchema },
    problems: { 409: ['SCHEDULE_BUILT_IN'] },
  }),
  deleteSchedule: route('DELETE', '/api/admin/schedules/{name}', {
    ...served,
    rate: 'write',
    summary: 'Delete a schedule that an admin made',
    success: { status: 204, description: 'Deleted.' },
    problems: { 409: ['SCHEDULE_BUILT_IN'] },
  }),
  runSchedule: route('POST', '/api/admin/schedules/{name}/run', {
    ...served,
    rate: 'bulk',
    summary: 'Start the job of a schedule now; its times stay',
    success: {
      status: 202,
      description: 'Accepted; follow it under its id.',
      schema: z.object({ jobId: z.string() }),
    },
    problems: { 409: ['SCHEDULE_STARTS_NO_JOB'] },
  }),
} as const;
