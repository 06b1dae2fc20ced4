import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListSchedulesCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ACCOUNT,
  clientConfig,
  queueArn,
  roleArn,
  startTestStack,
  type TestStack,
} from '../deployment-fixture.ts';

let stack: TestStack;
let scheduler: SchedulerClient;
let sqs: SQSClient;
beforeAll(async () => {
  stack = await startTestStack();
  scheduler = new SchedulerClient(clientConfig(stack.aws));
  sqs = new SQSClient(clientConfig(stack.aws));
});
afterAll(() => stack.remove());

const url = (name: string): string => `${stack.aws.addresses.awsUrl}/${ACCOUNT}/${name}`;
const schedule = (Name: string, target: { readonly Arn?: string; readonly RoleArn?: string } = {}) => ({
  Name,
  GroupName: 'coaching',
  ScheduleExpression: 'rate(1 day)',
  FlexibleTimeWindow: { Mode: 'OFF' as const },
  Target: {
    Arn: queueArn('work'),
    RoleArn: roleArn('scheduler-role'),
    Input: JSON.stringify({
      scheduledTime: '<aws.scheduler.scheduled-time>',
      attempt: '<aws.scheduler.attempt-number>',
    }),
    DeadLetterConfig: { Arn: queueArn('schedule-dead') },
    ...target,
  },
});
const receive = async (name: string) => {
  const answer = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: url(name), WaitTimeSeconds: 5, MessageAttributeNames: ['All'] }),
  );
  return answer.Messages?.[0];
};

describe('schedules through the gateway', () => {
  it('sends the message as the role of the schedule, with the time in it', async () => {
    await scheduler.send(new CreateScheduleCommand(schedule('nightly')));
    const message = await receive('work');
    expect(JSON.parse(message?.Body ?? '')).toEqual({
      scheduledTime: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/),
      attempt: '1',
    });
    expect(stack.aws.calls()).toContainEqual(
      expect.objectContaining({
        caller: 'scheduler-role',
        action: 'sqs:SendMessage',
        allowed: true,
        status: 200,
      }),
    );
  });

  it('makes, reads, changes, lists and deletes', async () => {
    await scheduler.send(new CreateScheduleCommand({ ...schedule('draft'), State: 'DISABLED' }));
    await expect(scheduler.send(new CreateScheduleCommand(schedule('draft')))).rejects.toMatchObject({
      name: 'ConflictException',
    });
    await scheduler.send(
      new UpdateScheduleCommand({ ...schedule('draft'), State: 'DISABLED', Description: 'changed' }),
    );
    const key = { Name: 'draft', GroupName: 'coaching' };
    const found = await scheduler.send(new GetScheduleCommand(key));
    expect(found).toMatchObject({
      State: 'DISABLED',
      Description: 'changed',
      ScheduleExpression: 'rate(1 day)',
    });
    expect(found.CreationDate).toBeInstanceOf(Date);
    const listed = await scheduler.send(
      new ListSchedulesCommand({ GroupName: 'coaching', NamePrefix: 'dr' }),
    );
    expect(listed.Schedules).toMatchObject([{ Name: 'draft', Target: { Arn: queueArn('work') } }]);
    await scheduler.send(new DeleteScheduleCommand(key));
    await expect(scheduler.send(new GetScheduleCommand(key))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(scheduler.send(new GetScheduleGroupCommand({ Name: 'coaching' }))).resolves.toMatchObject({
      State: 'ACTIVE',
    });
  });

  it('puts into the dead-letter queue what the role may not send, and records why', async () => {
    await scheduler.send(new CreateScheduleCommand(schedule('forbidden', { Arn: queueArn('closed') })));
    const dead = await receive('schedule-dead');
    expect(dead?.MessageAttributes).toMatchObject({
      ERROR_CODE: { StringValue: 'AccessDenied' },
      TARGET_ARN: { StringValue: queueArn('closed') },
    });
    expect(stack.aws.refusals()).toContainEqual(
      expect.objectContaining({
        caller: 'scheduler-role',
        action: 'sqs:SendMessage',
        resource: queueArn('closed'),
      }),
    );
  });

  it('tries again what failed for a while', async () => {
    stack.aws.injectFault({
      action: 'sqs:SendMessage',
      functionName: 'scheduler-role',
      probability: 1,
      kind: 'serverError',
      times: 1,
    });
    await scheduler.send(new CreateScheduleCommand(schedule('stubborn')));
    const message = await receive('work');
    expect(JSON.parse(message?.Body ?? '')).toMatchObject({ attempt: '2' });
  });

  it('does not take a role that does not trust the scheduler', async () => {
    const create = new CreateScheduleCommand(schedule('untrusted', { RoleArn: roleArn('worker-role') }));
    await expect(scheduler.send(create)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('must allow AWS EventBridge Scheduler to assume the role'),
    });
  });

  it('needs iam:PassRole of whoever makes the schedule', async () => {
    const reader = new SchedulerClient(
      clientConfig(stack.aws, stack.aws.credentialsFor(roleArn('reader-role'))),
    );
    await expect(reader.send(new CreateScheduleCommand(schedule('mine')))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`iam:PassRole on resource: ${roleArn('scheduler-role')}`),
    });
    await expect(
      sqs.send(new SendMessageCommand({ QueueUrl: url('closed'), MessageBody: 'the operator may' })),
    ).resolves.toBeDefined();
  });
});
