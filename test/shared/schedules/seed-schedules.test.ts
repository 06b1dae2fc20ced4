import {
  CreateScheduleCommand,
  GetScheduleCommand,
  ResourceNotFoundException,
  SchedulerClient,
  UpdateScheduleCommand,
  ValidationException,
  type CreateScheduleCommandInput,
  type GetScheduleCommandOutput,
} from '@aws-sdk/client-scheduler';
import { beforeEach, describe, expect, test } from 'vitest';
import { SYSTEM_SCHEDULES } from '#shared/composition/tasks.ts';
import { workMessageSchema } from '#shared/jobs/job.ts';
import { createSchedulerStore } from '#shared/schedules/scheduler-store.ts';
import { seedSchedules } from '#shared/schedules/seed-schedules.ts';
import { targetOf } from '#shared/schedules/stored-schedule.ts';
import { mockClient } from '#test/support/mock-client.ts';

const relatedRecords = {
  groupName: 'coach-dashboard-dev-schedules',
  roleArn: 'arn:aws:iam::111111111111:role/scheduler',
  targetQueueArn: 'arn:aws:sqs:us-east-1:111111111111:work',
  deadLetterQueueArn: 'arn:aws:sqs:us-east-1:111111111111:scheduler-dead-letters',
};
const NAMES = [
  'score-sync',
  'totals-sweep',
  'flash-ctf-sync',
  'profile-refresh',
  'roster-reconcile',
  'dashboard-rollup',
  'weekly-email',
  'admin-notices',
  'job-cleanup',
  'job-dispatcher',
];
const about = { $metadata: {}, message: 'about it', Message: 'about it' };
const roleUnknown = () =>
  new ValidationException({
    $metadata: {},
    message: 'The execution role you provide must allow AWS EventBridge Scheduler to assume the role.',
    Message: undefined,
  });

const scheduler = mockClient(SchedulerClient);
let waited: number;
const seed = () =>
  seedSchedules(
    createSchedulerStore({
      client: new SchedulerClient({ region: 'us-east-1' }),
      groupName: relatedRecords.groupName,
      wait: (milliseconds) => {
        waited += milliseconds;
        return Promise.resolve();
      },
    }),
    SYSTEM_SCHEDULES,
    relatedRecords,
    'America/Los_Angeles',
  );

/** As the service has the hourly sweep, after an admin chose another hour and switched it off. */
function changedSweep(target: Partial<GetScheduleCommandOutput['Target']> = {}): GetScheduleCommandOutput {
  const message = SYSTEM_SCHEDULES.find(({ name }) => name === 'totals-sweep')?.message ?? {};
  return {
    $metadata: {},
    Name: 'totals-sweep',
    ScheduleExpression: 'cron(30 5 * * ? *)',
    ScheduleExpressionTimezone: 'America/New_York',
    State: 'DISABLED',
    FlexibleTimeWindow: { Mode: 'OFF' },
    CreationDate: new Date('2026-11-01T00:00:00Z'),
    LastModificationDate: new Date('2026-11-02T00:00:00Z'),
    Target: { ...targetOf(relatedRecords, message), ...target },
  };
}

beforeEach(() => {
  waited = 0;
  scheduler.reset();
  scheduler.on(GetScheduleCommand).rejects(new ResourceNotFoundException(about));
  scheduler.on(CreateScheduleCommand).resolves({ ScheduleArn: 'arn' });
  scheduler.on(UpdateScheduleCommand).resolves({ ScheduleArn: 'arn' });
});

describe('seeding', () => {
  test('makes the schedules that are missing and leaves those that are there alone', async () => {
    scheduler.on(GetScheduleCommand, { Name: 'totals-sweep' }).resolves(changedSweep());
    expect(await seed()).toEqual({ made: NAMES.filter((name) => name !== 'totals-sweep'), changed: [] });
    const inputs: readonly CreateScheduleCommandInput[] = scheduler
      .commandCalls(CreateScheduleCommand)
      .map(({ args: [command] }) => command.input);
    expect(inputs[0]).toMatchObject({
      GroupName: relatedRecords.groupName,
      Name: 'score-sync',
      ScheduleExpression: 'rate(5 minutes)',
      State: 'ENABLED',
      Target: {
        Arn: relatedRecords.targetQueueArn,
        DeadLetterConfig: { Arn: relatedRecords.deadLetterQueueArn },
      },
    });
    for (const { Target } of inputs)
      expect(workMessageSchema.safeParse(JSON.parse(Target?.Input ?? '')).success).toBe(true);
    expect(scheduler.commandCalls(UpdateScheduleCommand)).toEqual([]);
  });

  test.each([
    ['role', { RoleArn: 'arn:aws:iam::111111111111:role/old' }],
    ['queue', { Arn: 'arn:aws:sqs:us-east-1:111111111111:old' }],
    ['message', { Input: '{"kind":"start_task"}' }],
  ])(
    'gives a schedule a new %s, and keeps the times and the state that an admin chose',
    async (_, target) => {
      scheduler.on(GetScheduleCommand, { Name: 'totals-sweep' }).resolves(changedSweep(target));
      expect((await seed()).changed).toEqual(['totals-sweep']);
      const { Target, ScheduleExpression, ScheduleExpressionTimezone, State } = changedSweep();
      expect(scheduler.commandCalls(UpdateScheduleCommand)[0]?.args[0].input).toMatchObject({
        Name: 'totals-sweep',
        GroupName: relatedRecords.groupName,
        Target,
        ScheduleExpression,
        ScheduleExpressionTimezone,
        State,
      });
    },
  );

  test('tries again while the service does not know the role yet', async () => {
    scheduler
      .on(CreateScheduleCommand)
      .rejectsOnce(roleUnknown())
      .rejectsOnce(roleUnknown())
      .resolves({ ScheduleArn: 'arn' });
    expect((await seed()).made).toEqual(NAMES);
    expect(waited).toBe(4_000);
  });

  test('gives up after half a minute', async () => {
    scheduler.on(CreateScheduleCommand).rejects(roleUnknown());
    await expect(seed()).rejects.toThrow('to assume the role');
    expect(waited).toBe(30_000);
  });

  test('any other refusal is an error', async () => {
    scheduler.on(CreateScheduleCommand).rejects(new Error('no such group'));
    await expect(seed()).rejects.toThrow('no such group');
    expect(waited).toBe(0);
  });
});
