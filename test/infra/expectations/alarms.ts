import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { RUNBOOK_URL } from '#infra/stages.ts';
import { METRICS, METRICS_NAMESPACE } from '#shared/kernel/metric-names.ts';
import { parseDocument } from '../support/policies.ts';
import type { SynthesizedStage } from '../support/synthesized-stage.ts';

const metricSchema = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })),
});
const alarmSchema = z.object({
  AlarmName: z.string(),
  AlarmDescription: z.string(),
  AlarmActions: z.array(z.string()),
  OKActions: z.array(z.string()),
  TreatMissingData: z.string(),
  Threshold: z.number(),
  ...metricSchema.partial().shape,
  Metrics: z.array(z.object({ MetricStat: z.object({ Metric: metricSchema }).optional() })).optional(),
});

/** Every alarm, by its name without the stage's prefix. */
const ALARMS = [
  'ApiServerErrors',
  'CompetitorReadFailures',
  'DispatcherSilent',
  'GamePlatformServerErrors',
  'NoSuccessfulSync',
  'RosterDeadLettersNotEmpty',
  'RosterEditsWaiting',
  'RosterPlanStopped',
  'RosterWorkerErrors',
  'SchedulerDeadLettersNotEmpty',
  'SlowRosterEdits',
  'SyncDeadLettersNotEmpty',
  'SyncLag',
  'SyncWorkerErrors',
  'WorkDeadLettersNotEmpty',
  'WorkWorkerErrors',
];

/** Anchors of the runbook's headings, as GitHub makes them. */
function articlesOf(markdown: string): ReadonlySet<string> {
  const headings = markdown.matchAll(/^#{2,4} (.+)$/gm);
  return new Set(
    [...headings].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** What an alarm looks at: one metric, or several in an expression. */
const metricsOf = (alarm: z.infer<typeof alarmSchema>) => [
  ...(alarm.Namespace === undefined ? [] : [metricSchema.parse(alarm)]),
  ...(alarm.Metrics ?? []).flatMap(({ MetricStat }) => (MetricStat === undefined ? [] : [MetricStat.Metric])),
];

export function alarms(stage: SynthesizedStage): void {
  const all = () =>
    stage.ofType('AWS::CloudWatch::Alarm').map(({ properties }) => alarmSchema.parse(properties));
  const topic = () => stage.only('AWS::SNS::Topic').arn;

  it('are those of the list, told apart by stage', () => {
    expect(
      all()
        .map(({ AlarmName }) => AlarmName)
        .toSorted(),
    ).toEqual(ALARMS.map((name) => `coach-dashboard-${stage.name}-${name}`));
  });

  it('reach someone, say what they mean and where the runbook says what to do', () => {
    const articles = articlesOf(readFileSync(new URL('../../../docs/runbook.md', import.meta.url), 'utf8'));
    for (const alarm of all()) {
      expect(alarm.AlarmActions, alarm.AlarmName).toEqual([topic()]);
      expect(alarm.OKActions, alarm.AlarmName).toEqual([topic()]);
      const [meaning = '', link = ''] = alarm.AlarmDescription.split('\n\nWhat to do: ');
      expect(meaning, alarm.AlarmName).toMatch(/^\S.{30,}\.$/);
      expect(link.startsWith(`${RUNBOOK_URL}#`), alarm.AlarmName).toBe(true);
      expect(articles, alarm.AlarmName).toContain(link.slice(RUNBOOK_URL.length + 1));
    }
    expect(stage.only('AWS::SNS::Subscription').properties).toMatchObject({
      Protocol: 'email',
      TopicArn: topic(),
      Endpoint: stage.settings.alarmMail,
    });
  });

  it('may publish to the topic, whose own policy replaced the default one', () => {
    expect(parseDocument(stage.only('AWS::SNS::TopicPolicy').properties['PolicyDocument'])).toContainEqual(
      expect.objectContaining({
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: ['sns:Publish'],
        Resource: [topic()],
        Condition: { StringEquals: { 'aws:SourceAccount': stage.settings.account } },
      }),
    );
  });

  it('fire at the first dead letter of every dead-letter queue', () => {
    const deadLetterQueues = stage
      .ofType('AWS::SQS::Queue')
      .map(({ properties }) => String(properties['QueueName']))
      .filter((name) => name.endsWith('-dead-letters'));
    for (const name of deadLetterQueues) {
      const watching = all().filter((alarm) =>
        metricsOf(alarm).some(
          ({ MetricName, Dimensions }) =>
            MetricName === 'ApproximateNumberOfMessagesVisible' &&
            Dimensions.some(({ Value }) => Value === name),
        ),
      );
      expect(watching, name).toEqual([
        expect.objectContaining({ Threshold: 1, TreatMissingData: 'notBreaching' }),
      ]);
    }
  });

  it('fire when no sync reports at all', () => {
    const silence = all().find(({ AlarmName }) => AlarmName.endsWith('NoSuccessfulSync'));
    expect(silence?.TreatMissingData).toBe('breaching');
  });

  it('fire within 15 minutes when the clock stands still', () => {
    const silence = stage
      .ofType('AWS::CloudWatch::Alarm')
      .find(({ properties }) => String(properties['AlarmName']).endsWith('DispatcherSilent'));
    expect(silence?.properties).toMatchObject({
      Metrics: [{ MetricStat: { Stat: 'SampleCount', Period: 900 } }],
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  it('watch things that exist: functions, queues, the API, and metrics that the product emits', () => {
    const functionNames = new Set(
      stage.ofType('AWS::Lambda::Function').map(({ properties }) => properties['FunctionName']),
    );
    const queueNames = new Set(
      stage.ofType('AWS::SQS::Queue').map(({ properties }) => properties['QueueName']),
    );
    const known: Readonly<Record<string, (dimension: string, value: string, metric: string) => boolean>> = {
      'AWS/Lambda': (dimension, value) => dimension === 'FunctionName' && functionNames.has(value),
      'AWS/SQS': (dimension, value) => dimension === 'QueueName' && queueNames.has(value),
      'AWS/ApiGateway': (dimension, value) =>
        dimension === 'ApiId' && value === `<${stage.only('AWS::ApiGatewayV2::Api').id}>`,
      [METRICS_NAMESPACE]: (dimension, value, metric) =>
        dimension === 'service' &&
        value === `coach-dashboard-${stage.name}` &&
        Object.values<string>(METRICS).includes(metric),
    };
    for (const alarm of all()) {
      for (const { Namespace, MetricName, Dimensions } of metricsOf(alarm)) {
        expect(Dimensions, alarm.AlarmName).toHaveLength(1);
        for (const { Name, Value } of Dimensions) {
          expect(
            known[Namespace]?.(Name, Value, MetricName),
            `${alarm.AlarmName}: ${Namespace} ${Name}=${Value}`,
          ).toBe(true);
        }
      }
    }
  });

  it('come with a dashboard and a budget', () => {
    expect(stage.only('AWS::CloudWatch::Dashboard').properties).toMatchObject({
      DashboardName: `coach-dashboard-${stage.name}-overview`,
    });
    expect(stage.only('AWS::Budgets::Budget').properties).toMatchObject({
      Budget: { BudgetLimit: { Amount: stage.settings.monthlyBudgetUsd, Unit: 'USD' } },
      NotificationsWithSubscribers: [
        { Subscribers: [{ SubscriptionType: 'EMAIL', Address: stage.settings.alarmMail }] },
        { Notification: { NotificationType: 'FORECASTED' } },
      ],
    });
  });
}
