import { ConflictException, CreateScheduleCommand, type SchedulerClient } from '@aws-sdk/client-scheduler';
import type { SystemSchedule } from '#shared/jobs/task-definition.ts';

export interface ScheduleRelatedRecords {
  readonly groupName: string;
  readonly roleArn: string;
  readonly targetQueueArn: string;
  readonly deadLetterQueueArn: string;
}

/** Scheduler tries to send for this long; what is older is not worth sending: the next firing reads the same. */
const MAXIMUM_EVENT_AGE_SECONDS = 900;
const MAXIMUM_RETRY_ATTEMPTS = 10;

/**
 * Makes the schedules that are not there yet; those that are stay as admins left them.
 * @returns the names of those that were made
 */
export async function seedSchedules(
  client: Pick<SchedulerClient, 'send'>,
  schedules: readonly SystemSchedule[],
  { groupName, roleArn, targetQueueArn, deadLetterQueueArn }: ScheduleRelatedRecords,
  signal?: AbortSignal,
): Promise<string[]> {
  const made: string[] = [];
  for (const { name, expression, message } of schedules) {
    try {
      await client.send(
        new CreateScheduleCommand({
          GroupName: groupName,
          Name: name,
          ScheduleExpression: expression,
          FlexibleTimeWindow: { Mode: 'OFF' },
          State: 'ENABLED',
          Target: {
            Arn: targetQueueArn,
            RoleArn: roleArn,
            Input: JSON.stringify(message),
            DeadLetterConfig: { Arn: deadLetterQueueArn },
            RetryPolicy: {
              MaximumEventAgeInSeconds: MAXIMUM_EVENT_AGE_SECONDS,
              MaximumRetryAttempts: MAXIMUM_RETRY_ATTEMPTS,
            },
          },
        }),
        signal === undefined ? {} : { abortSignal: signal },
      );
      made.push(name);
    } catch (error) {
      if (!(error instanceof ConflictException)) throw error;
    }
  }
  return made;
}
