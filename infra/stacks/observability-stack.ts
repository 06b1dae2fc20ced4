import { Stack, type StackProps } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import type { Construct } from 'constructs';
import { createAlarmTopic } from '../constructs/alarm-topic.ts';
import { createAlarm } from '../constructs/product-alarm.ts';
import { createDashboard, type WatchedStacks } from '../constructs/product-dashboard.ts';
import { physicalName } from '../names.ts';
import type { StageSettings } from '../stages.ts';

interface ObservabilityStackProps extends StackProps, WatchedStacks {
  readonly stage: StageSettings;
}

/** Who is told what: alarms of what the other stacks declare, the dashboard, the budget. Nothing depends on it. */
export class ObservabilityStack extends Stack {
  constructor(scope: Construct, id: string, props: ObservabilityStackProps) {
    super(scope, id, { ...props, terminationProtection: props.stage.established });
    const { stage, data, sync, web } = props;
    const topics = {
      urgent: createAlarmTopic(this, 'UrgentAlarms', { stage, encryptionKey: data.key, severity: 'urgent' }),
      soon: createAlarmTopic(this, 'Alarms', { stage, encryptionKey: data.key, severity: 'soon' }),
    };
    const alarms = [...sync.alarms, ...web.alarms].map((definition) =>
      createAlarm(this, definition, { stage, topics }),
    );
    createDashboard(this, 'Dashboard', { stage, data, sync, web, alarms });
    new CfnBudget(this, 'Budget', {
      budget: {
        budgetName: physicalName(stage, 'monthly'),
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: stage.monthlyBudgetUsd, unit: 'USD' },
      },
      notificationsWithSubscribers: [tell('ACTUAL', 80, stage), tell('FORECASTED', 100, stage)],
    });
  }
}

/** An email when this share of the budget is spent, or will be. Not through the topic: Budgets has no key rights. */
const tell = (
  notificationType: 'ACTUAL' | 'FORECASTED',
  percent: number,
  stage: StageSettings,
): CfnBudget.NotificationWithSubscribersProperty => ({
  notification: {
    notificationType,
    comparisonOperator: 'GREATER_THAN',
    threshold: percent,
    thresholdType: 'PERCENTAGE',
  },
  subscribers: [{ subscriptionType: 'EMAIL', address: stage.alarmMail.soon }],
});
