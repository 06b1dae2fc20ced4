import { createHash } from 'node:crypto';
import { CfnCustomResource, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { SYSTEM_SCHEDULES } from '#shared/composition/tasks.ts';
import { physicalName } from '../names.ts';
import type { StageSettings } from '../stages.ts';
import { acknowledge } from './acknowledge.ts';
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
 * which admins edit and no deployment may undo. The seeder makes those that are not there, and gives the built-in ones
 * today's role, queues and message.
 */
export class Schedules extends Construct {
  readonly alarms: readonly AlarmDefinition[];
  readonly deadLetters: Queue;
  /** What a function needs to know to make and change schedules. */
  readonly environment: Readonly<Record<string, string>>;
  private readonly stage: StageSettings;
  private readonly groupName: string;
  private readonly role: Role;

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
    this.stage = stage;
    this.groupName = groupName;
    this.role = role;
    this.environment = {
      SCHEDULE_GROUP_NAME: groupName,
      SCHEDULE_ROLE_ARN: role.roleArn,
      SCHEDULE_TARGET_QUEUE_ARN: props.target.queueArn,
      SCHEDULE_DEAD_LETTER_QUEUE_ARN: deadLetters.queue.queueArn,
    };

    const seeder = new ProductFunction(this, 'ScheduleSeeder', {
      stage,
      assets: props.assets,
      encryptionKey,
      name: 'schedule-seeder',
      description: 'Makes and renews the built-in schedules when the stack is deployed',
      timeout: Duration.seconds(60),
      memoryMb: 256,
      environment: this.environment,
      errors: { noticedBy: 'The deployment fails and says why.' },
    });
    allow(
      seeder,
      ['scheduler:CreateSchedule', 'scheduler:GetSchedule', 'scheduler:UpdateSchedule'],
      SYSTEM_SCHEDULES.map(({ name }) => this.scheduleArn(name)),
    );
    this.grantPassRole(seeder);

    // The function answers CloudFormation itself: CDK's provider framework would bring a function with wildcards.
    const seeding = new CfnCustomResource(this, 'SystemSchedules', {
      serviceToken: seeder.function.functionArn,
      serviceTimeout: Duration.minutes(5).toSeconds(),
    });
    // Whatever the seeder has to bring up to date makes CloudFormation call it again.
    seeding.addPropertyOverride(
      'Schedules',
      SYSTEM_SCHEDULES.map(({ name }) => name),
    );
    const messages = JSON.stringify(SYSTEM_SCHEDULES.map(({ message }) => message));
    seeding.addPropertyOverride('Messages', createHash('sha256').update(messages).digest('hex'));
    seeding.addPropertyOverride('Role', role.roleArn);
    seeding.addPropertyOverride('Target', props.target.queueArn);
    seeding.addPropertyOverride('DeadLetters', deadLetters.queue.queueArn);
    seeding.node.addDependency(group, role, seeder);
    this.alarms = [...deadLetters.alarms, ...seeder.alarms];
  }

  /** Everything that admins do with the schedules of this group, and of no other. */
  grantManage(manager: ProductFunction): void {
    const ofGroup = this.scheduleArn('*');
    allow(
      manager,
      ['CreateSchedule', 'GetSchedule', 'UpdateSchedule', 'DeleteSchedule'].map(
        (action) => `scheduler:${action}`,
      ),
      [ofGroup],
    );
    allow(manager, ['scheduler:ListSchedules'], ['*']);
    this.grantPassRole(manager);
    acknowledge(
      manager,
      `AwsSolutions-IAM5[Resource::${ofGroup}]`,
      'Admins make schedules while the stage runs: their names are not known here.',
    );
  }

  private grantPassRole(grantee: ProductFunction): void {
    allow(grantee, ['iam:PassRole'], [this.role.roleArn], {
      StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' },
    });
  }

  private scheduleArn(name: string): string {
    const { region, account } = this.stage;
    return `arn:aws:scheduler:${region}:${account}:schedule/${this.groupName}/${name}`;
  }
}
