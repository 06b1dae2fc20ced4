import { expect, it } from 'vitest';
import { SYSTEM_SCHEDULES } from '#shared/composition/tasks.ts';
import { allowedResources, principalsOf } from '../support/policies.ts';
import type { SynthesizedStage } from '../support/synthesized-stage.ts';

export function clock(stage: SynthesizedStage): void {
  const arn = (rest: string) => `arn:aws:scheduler:us-east-1:${stage.settings.account}:${rest}`;
  const queueArn = (name: string) =>
    `arn:aws:sqs:us-east-1:${stage.settings.account}:coach-dashboard-${stage.name}-${name}`;
  const group = () => stage.only('AWS::Scheduler::ScheduleGroup');
  const roleOfSchedules = () => {
    const found = principalsOf(stage).find(({ trust }) =>
      trust.some(({ Principal }) => JSON.stringify(Principal).includes('scheduler.amazonaws.com')),
    );
    if (found === undefined) throw new Error('No role trusts the scheduler.');
    return found;
  };
  const seeder = () => {
    const found = principalsOf(stage).find(({ functionName }) => functionName?.endsWith('schedule-seeder'));
    if (found === undefined) throw new Error('There is no seeder.');
    return found;
  };

  it('holds no schedule in the template, since a deployment would undo what admins changed', () => {
    expect(stage.resources.filter(({ type }) => type === 'AWS::Scheduler::Schedule')).toEqual([]);
  });

  it('lets only schedules of our group take the role that sends to the work queue', () => {
    expect(roleOfSchedules().trust).toEqual([
      {
        Effect: 'Allow',
        Action: ['sts:AssumeRole'],
        Principal: { Service: 'scheduler.amazonaws.com' },
        Condition: {
          StringEquals: { 'aws:SourceAccount': stage.settings.account },
          ArnEquals: { 'aws:SourceArn': group().arn },
        },
      },
    ]);
    expect(roleOfSchedules().statements).toEqual([
      expect.objectContaining({
        Action: ['sqs:SendMessage'],
        Resource: expect.arrayContaining([queueArn('work'), queueArn('scheduler-dead-letters')]),
      }),
      expect.objectContaining({ Action: ['kms:Decrypt', 'kms:GenerateDataKey'] }),
    ]);
  });

  it('lets the administration of schedules alone manage those of our group, and pass their role', () => {
    const managed = arn(`schedule/coach-dashboard-${stage.name}-schedules/*`);
    const found = principalsOf(stage).filter(
      (principal) => allowedResources(principal, 'scheduler:DeleteSchedule').length > 0,
    );
    expect(found.map(({ functionName }) => functionName)).toEqual([
      `coach-dashboard-${stage.name}-schedules-api`,
    ]);
    expect(found[0]?.statements).toEqual(
      expect.arrayContaining([
        {
          Effect: 'Allow',
          Action: ['CreateSchedule', 'DeleteSchedule', 'GetSchedule', 'UpdateSchedule'].map(
            (action) => `scheduler:${action}`,
          ),
          Resource: [managed],
        },
        {
          Effect: 'Allow',
          Action: ['iam:PassRole'],
          Resource: [roleOfSchedules().role.arn],
          Condition: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
        },
      ]),
    );
  });

  it('lets the seeder make and renew the built-in schedules, and pass that role to the scheduler alone', () => {
    const statements = seeder().statements;
    expect(statements).toContainEqual({
      Effect: 'Allow',
      Action: ['scheduler:CreateSchedule', 'scheduler:GetSchedule', 'scheduler:UpdateSchedule'],
      Resource: SYSTEM_SCHEDULES.map(({ name }) =>
        arn(`schedule/coach-dashboard-${stage.name}-schedules/${name}`),
      ).toSorted(),
    });
    expect(statements).toContainEqual({
      Effect: 'Allow',
      Action: ['iam:PassRole'],
      Resource: [roleOfSchedules().role.arn],
      Condition: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
    });
  });

  it('seeds when the stack is deployed, and again when a built-in schedule, its message, role or queue changes', () => {
    const seeding = stage.only('AWS::CloudFormation::CustomResource');
    expect(seeding.properties).toMatchObject({
      ServiceToken: `arn:aws:lambda:us-east-1:${stage.settings.account}:function:coach-dashboard-${stage.name}-schedule-seeder`,
      Schedules: SYSTEM_SCHEDULES.map(({ name }) => name),
      Messages: expect.stringMatching(/^[0-9a-f]{64}$/),
      Role: roleOfSchedules().role.arn,
      Target: queueArn('work'),
      DeadLetters: queueArn('scheduler-dead-letters'),
    });
  });
}
