import { expect, it } from 'vitest';
import { SYSTEM_SCHEDULES } from '#shared/composition/tasks.ts';
import { principalsOf } from '../support/policies.ts';
import type { SynthesizedStage } from '../support/synthesized-stage.ts';

export function clock(stage: SynthesizedStage): void {
  const arn = (rest: string) => `arn:aws:scheduler:us-east-1:${stage.settings.account}:${rest}`;
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
    const queue = (name: string) =>
      `arn:aws:sqs:us-east-1:${stage.settings.account}:coach-dashboard-${stage.name}-${name}`;
    expect(roleOfSchedules().statements).toEqual([
      expect.objectContaining({
        Action: ['sqs:SendMessage'],
        Resource: expect.arrayContaining([queue('work'), queue('scheduler-dead-letters')]),
      }),
      expect.objectContaining({ Action: ['kms:Decrypt', 'kms:GenerateDataKey'] }),
    ]);
  });

  it('lets the seeder make the built-in schedules, and pass that role to the scheduler alone', () => {
    const statements = seeder().statements;
    expect(statements).toContainEqual({
      Effect: 'Allow',
      Action: ['scheduler:CreateSchedule'],
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

  it('seeds when the stack is deployed, and again when a built-in schedule is added', () => {
    const seeding = stage.only('AWS::CloudFormation::CustomResource');
    expect(seeding.properties).toMatchObject({
      ServiceToken: `arn:aws:lambda:us-east-1:${stage.settings.account}:function:coach-dashboard-${stage.name}-schedule-seeder`,
      Schedules: SYSTEM_SCHEDULES.map(({ name }) => name),
    });
  });
}
