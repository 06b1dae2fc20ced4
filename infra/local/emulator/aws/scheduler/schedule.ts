import * as z from 'zod';

const targetSchema = z.object({
  Arn: z.string(),
  RoleArn: z.string(),
  Input: z.string().optional(),
  DeadLetterConfig: z.object({ Arn: z.string().optional() }).optional(),
  RetryPolicy: z
    .object({
      MaximumEventAgeInSeconds: z.number().int().min(60).max(86_400).optional(),
      MaximumRetryAttempts: z.number().int().min(0).max(185).optional(),
    })
    .optional(),
  SqsParameters: z.object({ MessageGroupId: z.string().optional() }).optional(),
});

/** Seconds since 1970, as on the wire. */
const timeSchema = z.number();

export const scheduleInputSchema = z.object({
  Name: z.string().regex(/^[0-9a-zA-Z-_.]{1,64}$/),
  GroupName: z.string().default('default'),
  Description: z.string().optional(),
  ScheduleExpression: z.string().max(256),
  ScheduleExpressionTimezone: z.string().default('UTC'),
  StartDate: timeSchema.optional(),
  EndDate: timeSchema.optional(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  ActionAfterCompletion: z.enum(['NONE', 'DELETE']).default('NONE'),
  FlexibleTimeWindow: z.object({
    Mode: z.enum(['OFF', 'FLEXIBLE']),
    MaximumWindowInMinutes: z.number().int().min(1).max(1_440).optional(),
  }),
  Target: targetSchema,
});

export const scheduleSchema = scheduleInputSchema.extend({
  Arn: z.string(),
  CreationDate: timeSchema,
  LastModificationDate: timeSchema,
});

export type Schedule = z.infer<typeof scheduleSchema>;

/** Context attributes of the User Guide, as they may stand in a target's input. */
export function fillContext(
  input: string,
  context: {
    readonly scheduleArn: string;
    readonly scheduledTime: number;
    readonly executionId: string;
    readonly attempt: number;
  },
): string {
  return input
    .replaceAll('<aws.scheduler.schedule-arn>', context.scheduleArn)
    .replaceAll('<aws.scheduler.scheduled-time>', wholeSeconds(context.scheduledTime))
    .replaceAll('<aws.scheduler.execution-id>', context.executionId)
    .replaceAll('<aws.scheduler.attempt-number>', String(context.attempt));
}

/** `2026-11-24T03:15:00Z` */
export function wholeSeconds(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
