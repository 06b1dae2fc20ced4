import { SchedulerClient } from '@aws-sdk/client-scheduler';
import * as z from 'zod';
import { SYSTEM_SCHEDULES } from '#shared/composition/tasks.ts';
import { requestTimeouts } from '#shared/kernel/aws-requests.ts';
import { readEnvironment } from '#shared/kernel/environment.ts';
import type { Log } from '#shared/kernel/log.ts';
import { createSchedulerStore } from '#shared/schedules/scheduler-store.ts';
import { seedSchedules } from '#shared/schedules/seed-schedules.ts';

const environmentSchema = z.object({
  SCHEDULE_GROUP_NAME: z.string().min(1),
  SCHEDULE_ROLE_ARN: z.string().min(1),
  SCHEDULE_TARGET_QUEUE_ARN: z.string().min(1),
  SCHEDULE_DEAD_LETTER_QUEUE_ARN: z.string().min(1),
  PROGRAMME_TIME_ZONE: z.string().min(1),
});

/** On Delete there is nothing to do: the group is the stack's, and takes every schedule in it along. */
export async function seed(
  type: 'Create' | 'Update' | 'Delete',
  signal: AbortSignal,
  log: Log,
): Promise<void> {
  if (type === 'Delete') return;
  const environment = readEnvironment(environmentSchema);
  const client = new SchedulerClient({
    maxAttempts: 4,
    requestHandler: requestTimeouts(5_000, 2_000),
  });
  const groupName = environment.SCHEDULE_GROUP_NAME;
  const seeded = await seedSchedules(
    createSchedulerStore({ client, groupName, signal }),
    SYSTEM_SCHEDULES,
    {
      groupName,
      roleArn: environment.SCHEDULE_ROLE_ARN,
      targetQueueArn: environment.SCHEDULE_TARGET_QUEUE_ARN,
      deadLetterQueueArn: environment.SCHEDULE_DEAD_LETTER_QUEUE_ARN,
    },
    environment.PROGRAMME_TIME_ZONE,
  );
  log.info('schedules seeded', seeded);
}
