import type { GetScheduleCommandOutput, UpdateScheduleCommandInput } from '@aws-sdk/client-scheduler';
import { workMessageSchema } from '#shared/jobs/job.ts';
import { startTaskMessage } from '#shared/jobs/task-definition.ts';
import { stableHash } from '#shared/table/keys.ts';

/** A schedule as EventBridge Scheduler has it, and what it starts. */
export interface StoredSchedule {
  readonly name: string;
  readonly expression: string;
  readonly timezone: string;
  readonly enabled: boolean;
  /** Null: its message starts no job. */
  readonly task: ScheduledTask | null;
  readonly createdAt: string;
  readonly changedAt: string;
  /**
   * The service counts no versions, so this is a hash of what admins change and of the time of the last change. Two
   * changes that the API makes at once are told apart by a lease (`change-schedules.ts`).
   */
  readonly version: number;
  /** All of it, for a change: UpdateSchedule clears what is left out. */
  readonly whole: UpdateScheduleCommandInput;
}

export interface ScheduledTask {
  readonly taskType: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** What admins set. */
export interface ScheduleSettings {
  readonly expression: string;
  readonly timezone: string;
  readonly enabled: boolean;
}

/** What every schedule of the stage has in common. */
export interface ScheduleRelatedRecords {
  readonly groupName: string;
  readonly roleArn: string;
  readonly targetQueueArn: string;
  readonly deadLetterQueueArn: string;
}

/** Scheduler tries to send for this long; what is older is not worth sending: the next firing reads the same. */
const MAXIMUM_EVENT_AGE_SECONDS = 900;
const MAXIMUM_RETRY_ATTEMPTS = 10;

/** Where a schedule's message goes. */
export const targetOf = (
  { targetQueueArn, roleArn, deadLetterQueueArn }: ScheduleRelatedRecords,
  message: Readonly<Record<string, unknown>>,
) => ({
  Arn: targetQueueArn,
  RoleArn: roleArn,
  Input: JSON.stringify(message),
  DeadLetterConfig: { Arn: deadLetterQueueArn },
  RetryPolicy: {
    MaximumEventAgeInSeconds: MAXIMUM_EVENT_AGE_SECONDS,
    MaximumRetryAttempts: MAXIMUM_RETRY_ATTEMPTS,
  },
});

/** The part of a schedule that admins set, as the service takes it; one time is gone after it. */
export const settingsInput = ({ expression, timezone, enabled }: ScheduleSettings) => ({
  ScheduleExpression: expression,
  ScheduleExpressionTimezone: timezone,
  State: enabled ? ('ENABLED' as const) : ('DISABLED' as const),
  ActionAfterCompletion: expression.startsWith('at(') ? ('DELETE' as const) : ('NONE' as const),
});

export const taskInput = (
  related: ScheduleRelatedRecords,
  name: string,
  task: ScheduledTask,
): ReturnType<typeof targetOf> => targetOf(related, startTaskMessage(name, task));

function taskOf(input: string | undefined): ScheduledTask | null {
  try {
    const message = workMessageSchema.parse(JSON.parse(input ?? ''));
    return message.kind === 'start_task' ? { taskType: message.taskType, payload: message.payload } : null;
  } catch {
    // Made or changed by hand in the console: nothing that this product starts.
    return null;
  }
}

/** @param groupName of the schedules that are asked for; undefined for an answer that is not whole */
export function scheduleToStored(
  answer: GetScheduleCommandOutput,
  groupName: string,
): StoredSchedule | undefined {
  const { Name: name, ScheduleExpression: expression, Target: target, FlexibleTimeWindow: window } = answer;
  const { CreationDate: createdAt, LastModificationDate: changedAt } = answer;
  if (name === undefined || expression === undefined || target === undefined) return undefined;
  if (createdAt === undefined || changedAt === undefined) return undefined;
  const timezone = answer.ScheduleExpressionTimezone ?? 'UTC';
  const enabled = answer.State !== 'DISABLED';
  return {
    name,
    expression,
    timezone,
    enabled,
    task: taskOf(target.Input),
    createdAt: createdAt.toISOString(),
    changedAt: changedAt.toISOString(),
    version: stableHash(JSON.stringify([expression, timezone, enabled, target.Input, changedAt.getTime()])),
    whole: {
      Name: name,
      GroupName: groupName,
      Description: answer.Description,
      ScheduleExpression: expression,
      ScheduleExpressionTimezone: timezone,
      StartDate: answer.StartDate,
      EndDate: answer.EndDate,
      State: answer.State,
      KmsKeyArn: answer.KmsKeyArn,
      ActionAfterCompletion: answer.ActionAfterCompletion,
      FlexibleTimeWindow: window ?? { Mode: 'OFF' },
      Target: target,
    },
  };
}
