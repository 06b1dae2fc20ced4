import { Arn, ArnFormat, CfnCustomResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { SYSTEM_SCHEDULES } from '#shared/composition/tasks.ts';
import { physicalName } from '../names.ts';
import type { AlarmDefinition } from './alarm-definition.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { allow, grantSend } from './grants.ts';
import { ProductFunction, type FunctionDefaults } from './product-function.ts';

interface SchedulesProps extends FunctionDefaults {
  /** Where every schedule sends its message. */
  readonly target: Queue;
}

/**
 * The clock. The group, the role and the dead-letter queue are the template's; the schedules in the group are data,
 * which admins edit and no deployment may undo. The seeder only makes those that are not there.
 */
export class Schedules extends Construct {
  readonly alarms: readonly AlarmDefinition[];
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: SchedulesProps) {
    super(scope, id);
    const { stage, encryptionKey } = props;
    const groupName = physicalName(stage, 'schedules');

    const group = new ScheduleGroup(this, 'Group', {
      scheduleGroupName: groupName,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const deadLetters = new DeadLetterQueue(this, 'SchedulerDeadLetters', {
      stage,
      encryptionKey,
      name: 'scheduler-dead-letters',
      meaning: 'A schedule fired and its message could not be sent: the run it stands for did not start.',
      runbookArticle: 'scheduler-has-dead-letters',
    });
    this.deadLetters = deadLetters.queue;
    const role = new Role(this, 'Role', {
      description: `What the schedules of ${groupName} may do`,
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': stage.account },
          ArnEquals: { 'aws:SourceArn': group.scheduleGroupArn },
        },
      }),
    });
    grantSend(role, props.target, encryptionKey);
    grantSend(role, deadLetters.queue, encryptionKey);

    const seeder = new ProductFunction(this, 'ScheduleSeeder', {
      stage,
      assets: props.assets,
      encryptionKey,
      name: 'schedule-seeder',
      description: 'Makes the built-in schedules that are not there yet, when the stack is deployed',
      timeout: Duration.seconds(60),
      memoryMb: 256,
      environment: {
        SCHEDULE_GROUP_NAME: groupName,
        SCHEDULE_ROLE_ARN: role.roleArn,
        SCHEDULE_TARGET_QUEUE_ARN: props.target.queueArn,
        SCHEDULE_DEAD_LETTER_QUEUE_ARN: deadLetters.queue.queueArn,
      },
      errors: { noticedBy: 'The deployment fails and says why.' },
    });
    const schedules = SYSTEM_SCHEDULES.map(({ name }) =>
      Arn.format(
        {
          service: 'scheduler',
          resource: 'schedule',
          resourceName: `${groupName}/${name}`,
          arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
        },
        Stack.of(this),
      ),
    );
    allow(seeder, ['scheduler:CreateSchedule'], schedules);
    allow(seeder, ['iam:PassRole'], [role.roleArn], {
      StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' },
    });

    // The function answers CloudFormation itself: CDK's provider framework would bring a function with wildcards.
    const seeding = new CfnCustomResource(this, 'SystemSchedules', {
      serviceToken: seeder.function.functionArn,
      serviceTimeout: Duration.minutes(5).toSeconds(),
    });
    // A new built-in schedule changes the list, and so makes CloudFormation call the seeder again.
    seeding.addPropertyOverride(
      'Schedules',
      SYSTEM_SCHEDULES.map(({ name }) => name),
    );
    seeding.node.addDependency(group, role, seeder);
    this.alarms = [...deadLetters.alarms, ...seeder.alarms];
  }
}
