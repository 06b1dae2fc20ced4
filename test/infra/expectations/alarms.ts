import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { RUNBOOK_URL } from '#infra/stages.ts';
import { METRICS, METRICS_NAMESPACE } from '#shared/kernel/metric-names.ts';
import { DEFAULT_SYNC_SETTINGS } from '#shared/settings/sync-settings.ts';
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

const dashboardSchema = z.object({
  widgets: z.array(
    z.object({
      x: z.number(),
      y: z.number(),
      width: z.number(),
      properties: z.object({ markdown: z.string().optional() }),
    }),
  ),
});

/** Every alarm, by its name without the stage's prefix, and how soon it wants somebody. */
const ALARMS = {
  ApiServerErrors: 'urgent',
  CompetitorReadFailures: 'soon',
  DispatcherSilent: 'urgent',
  GamePlatformServerErrors: 'soon',
  NoSuccessfulSync: 'urgent',
  ProcessingOff: 'soon',
  RosterDeadLettersNotEmpty: 'soon',
  RosterEditsWaiting: 'urgent',
  RosterPlanStopped: 'soon',
  RosterWorkerErrors: 'urgent',
  SchedulerDeadLettersNotEmpty: 'soon',
  SlowRosterEdits: 'soon',
  SyncDeadLettersNotEmpty: 'soon',
  SyncLag: 'urgent',
  SyncWorkerErrors: 'urgent',
  WorkDeadLettersNotEmpty: 'soon',
  WorkWorkerErrors: 'urgent',
} as const;

const RUNBOOK = readFileSync(new URL('../../../docs/runbook.md', import.meta.url), 'utf8');

/** What CloudWatch makes of the expression when the metrics have these samples; one that is left out has none. */
const valueOf = (
  expression: string,
  samples: { readonly metric?: number; readonly stopped?: number },
): unknown =>
  runInNewContext(expression, {
    metric: samples.metric,
    stopped: samples.stopped,
    IF: (condition: boolean, then: number, otherwise: number) => (condition ? then : otherwise),
    FILL: (sample: number | undefined, missing: number) => sample ?? missing,
  });

/** How an alarm's text begins. */
const HOW_SOON = { urgent: 'Urgent. ', soon: 'Within a working day. ' } as const;

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
  const nameOf = (alarm: { readonly AlarmName: string }) =>
    alarm.AlarmName.replace(`coach-dashboard-${stage.name}-`, '');
  const topicOf = (severity: 'urgent' | 'soon') => {
    const topic = stage
      .ofType('AWS::SNS::Topic')
      .find(
        ({ properties }) => properties['TopicName'] === `coach-dashboard-${stage.name}-alarms-${severity}`,
      );
    if (topic === undefined) throw new Error(`There is no topic for ${severity} alarms.`);
    return topic.arn;
  };

  it('are those of the list, told apart by stage, each to the topic of its severity when it begins and ends', () => {
    expect(
      Object.fromEntries(
        all().map((alarm) => {
          expect(alarm.OKActions, alarm.AlarmName).toEqual(alarm.AlarmActions);
          return [nameOf(alarm), alarm.AlarmActions];
        }),
      ),
    ).toEqual(
      Object.fromEntries(Object.entries(ALARMS).map(([name, severity]) => [name, [topicOf(severity)]])),
    );
  });

  it('say how soon, what they mean and where the runbook says what to do', () => {
    const articles = articlesOf(RUNBOOK);
    for (const alarm of all()) {
      const [text = '', link = ''] = alarm.AlarmDescription.split('\n\nWhat to do: ');
      const severity = Object.entries(ALARMS).find(([name]) => name === nameOf(alarm))?.[1] ?? 'soon';
      expect(text.startsWith(HOW_SOON[severity]), alarm.AlarmName).toBe(true);
      expect(text.slice(HOW_SOON[severity].length), alarm.AlarmName).toMatch(/^\S.{30,}\.$/);
      expect(link.startsWith(`${RUNBOOK_URL}#`), alarm.AlarmName).toBe(true);
      expect(articles, alarm.AlarmName).toContain(link.slice(RUNBOOK_URL.length + 1));
    }
  });

  it('are each named in the runbook by the article that they link to, and nothing else is called an alarm there', () => {
    const named = [...RUNBOOK.matchAll(/^_Alarm: `(\w+)`, (urgent|within a working day)\._$/gm)].map(
      ([, name = '', severity]) => [name, severity === 'urgent' ? 'urgent' : 'soon'] as const,
    );
    expect(Object.fromEntries(named)).toEqual(ALARMS);
    const sections = RUNBOOK.split(/^(?=#{2,4} )/m);
    for (const alarm of all()) {
      const section = sections.find((text) => text.includes(`_Alarm: \`${nameOf(alarm)}\`,`)) ?? '';
      const [anchor] = articlesOf(section);
      expect(alarm.AlarmDescription.endsWith(`#${anchor}`), alarm.AlarmName).toBe(true);
    }
  });

  it('are mailed by severity, to whoever wakes up and to a mailbox', () => {
    const { alarmMail } = stage.settings;
    expect(
      stage.ofType('AWS::SNS::Subscription').map(({ properties }) => [properties['TopicArn'], properties]),
    ).toEqual(
      (['urgent', 'soon'] as const).map((severity) => [
        topicOf(severity),
        expect.objectContaining({ Protocol: 'email', Endpoint: alarmMail[severity] }),
      ]),
    );
  });

  it('may publish to the topics, whose own policies replaced the default one', () => {
    const policies = stage.ofType('AWS::SNS::TopicPolicy').map(({ properties }) => properties);
    for (const severity of ['urgent', 'soon'] as const) {
      expect(policies.flatMap((policy) => parseDocument(policy['PolicyDocument']))).toContainEqual(
        expect.objectContaining({
          Effect: 'Allow',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: ['sns:Publish'],
          Resource: [topicOf(severity)],
          Condition: { StringEquals: { 'aws:SourceAccount': stage.settings.account } },
        }),
      );
    }
  });

  it('of what waits for the game platform are mute while an admin has processing switched off, and that tells after a day', () => {
    const muted = stage
      .ofType('AWS::CloudWatch::Alarm')
      .filter(({ properties }) =>
        JSON.stringify(properties['Metrics'] ?? '').includes('FILL(stopped, 0) >= 2'),
      )
      .map(({ properties }) => String(properties['AlarmName']).split('-').at(-1));
    expect(muted).toEqual(['NoSuccessfulSync', 'SyncLag']);
    expect(
      stage
        .ofType('AWS::CloudWatch::Alarm')
        .find(({ properties }) => String(properties['AlarmName']).endsWith('-ProcessingOff'))?.properties,
    ).toMatchObject({
      Metrics: [
        { MetricStat: { Stat: 'Minimum', Period: 3_600, Metric: { MetricName: 'GamePlatformStopped' } } },
      ],
      EvaluationPeriods: 24,
      Threshold: 2,
      TreatMissingData: 'notBreaching',
    });
  });

  it('fire no later than the promise of fresh scores is broken, and when no round begins', () => {
    const lag = stage
      .ofType('AWS::CloudWatch::Alarm')
      .find(({ properties }) => String(properties['AlarmName']).endsWith('-SyncLag'))?.properties;
    expect(lag).toMatchObject({
      Threshold: DEFAULT_SYNC_SETTINGS.slaHours * 3_600,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      EvaluationPeriods: 1,
      TreatMissingData: 'breaching',
    });
    const limit = DEFAULT_SYNC_SETTINGS.slaHours * 3_600;
    const expression = /"Expression":"([^"]+)"/.exec(JSON.stringify(lag?.['Metrics']))?.[1] ?? '';
    expect(
      [
        { metric: 90, stopped: 0 },
        { metric: limit, stopped: 1 },
        // No round began: nobody knows why, the platform is down, an admin switched processing off.
        { stopped: 0 },
        {},
        { stopped: 1 },
        { stopped: 2 },
        { metric: limit, stopped: 2 },
      ].map((samples) => valueOf(expression, samples)),
    ).toEqual([90, limit, limit, limit, 0, 0, 0]);
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

  it('come with a dashboard that asks from what coaches notice down to its causes, and shows every metric of ours', () => {
    const dashboard = stage.only('AWS::CloudWatch::Dashboard').properties;
    expect(dashboard['DashboardName']).toBe(`coach-dashboard-${stage.name}-overview`);
    const body = String(dashboard['DashboardBody']);
    const { widgets } = dashboardSchema.parse(JSON.parse(body));
    expect(
      widgets.flatMap(({ properties: { markdown = '' } }) => /^##? ([^\n]+)/.exec(markdown)?.[1] ?? []),
    ).toEqual([
      `Coach Dashboard, ${stage.name}`,
      'Do coaches see fresh scores?',
      'Do changes of teams arrive?',
      'Does the game platform answer?',
      'Does the site work?',
      'Does work pile up?',
      'What fails underneath?',
    ]);
    for (const name of Object.values(METRICS)) expect(body).toContain(`"${name}"`);
    for (const { x, y, width } of widgets) expect(x + width, `at ${y}`).toBeLessThanOrEqual(24);
    expect(widgets.map(({ y }) => y)).toEqual(widgets.map(({ y }) => y).toSorted((a, b) => a - b));
  });

  it('come with a budget', () => {
    expect(stage.only('AWS::Budgets::Budget').properties).toMatchObject({
      Budget: { BudgetLimit: { Amount: stage.settings.monthlyBudgetUsd, Unit: 'USD' } },
      NotificationsWithSubscribers: [
        { Subscribers: [{ SubscriptionType: 'EMAIL', Address: stage.settings.alarmMail.soon }] },
        { Notification: { NotificationType: 'FORECASTED' } },
      ],
    });
  });
}
