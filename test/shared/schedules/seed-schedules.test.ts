import {
  ConflictException,
  CreateScheduleCommand,
  SchedulerClient,
  type CreateScheduleCommandInput,
} from '@aws-sdk/client-scheduler';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from 'vitest';
import { seedSchedules } from '#shared/schedules/seed-schedules.ts';
import { workMessageSchema } from '#shared/jobs/job.ts';
import { SYSTEM_SCHEDULES } from '#shared/composition/tasks.ts';

const relatedRecords = {
  groupName: 'coach-dashboard-dev-schedules',
  roleArn: 'arn:aws:iam::111111111111:role/scheduler',
  targetQueueArn: 'arn:aws:sqs:us-east-1:111111111111:work',
  deadLetterQueueArn: 'arn:aws:sqs:us-east-1:111111111111:scheduler-dead-letters',
};

test('makes the schedules that are missing and leaves those that are there alone', async () => {
  const scheduler = mockClient(SchedulerClient);
  const inputs: CreateScheduleCommandInput[] = [];
  scheduler.on(CreateScheduleCommand).callsFake((input: CreateScheduleCommandInput) => {
    inputs.push(input);
    if (input.Name !== 'totals-sweep') return { ScheduleArn: 'arn' };
    throw new ConflictException({ $metadata: {}, message: 'there already', Message: 'there already' });
  });

  const made = await seedSchedules(
    new SchedulerClient({ region: 'us-east-1' }),
    SYSTEM_SCHEDULES,
    relatedRecords,
  );

  expect(made).toEqual([
    'score-sync',
    'flash-ctf-sync',
    'profile-refresh',
    'roster-reconcile',
    'dashboard-rollup',
    'job-cleanup',
    'job-dispatcher',
  ]);
  expect(inputs[0]).toMatchObject({
    GroupName: relatedRecords.groupName,
    Name: 'score-sync',
    ScheduleExpression: 'rate(5 minutes)',
    Target: {
      Arn: relatedRecords.targetQueueArn,
      DeadLetterConfig: { Arn: relatedRecords.deadLetterQueueArn },
    },
  });
  for (const { Target } of inputs)
    expect(workMessageSchema.safeParse(JSON.parse(Target?.Input ?? '')).success).toBe(true);
});

test('any other refusal is an error', async () => {
  const scheduler = mockClient(SchedulerClient);
  scheduler.on(CreateScheduleCommand).rejects(new Error('no such role'));
  await expect(
    seedSchedules(new SchedulerClient({ region: 'us-east-1' }), SYSTEM_SCHEDULES, relatedRecords),
  ).rejects.toThrow('no such role');
});
