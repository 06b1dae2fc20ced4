import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Color,
  Dashboard,
  GraphWidget,
  Metric,
  PeriodOverride,
  Row,
  Stats,
  TextWidget,
  type Alarm,
  type HorizontalAnnotation,
  type IMetric,
  type IWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { DEAD_LETTER_SOURCES } from '#shared/dead-letters/contract.ts';
import { physicalName } from '../names.ts';
import type { DataStack } from '../stacks/data-stack.ts';
import type { SyncStack } from '../stacks/sync-stack.ts';
import type { WebStack } from '../stacks/web-stack.ts';
import { RUNBOOK_URL, type StageSettings } from '../stages.ts';
import { metricWaiting } from './dead-letter-queue.ts';
import { productMetric } from './product-metric.ts';
import { EDIT_PROMISE, FRESHNESS_SLA } from './sync-alarms.ts';

export interface WatchedStacks {
  readonly data: DataStack;
  readonly sync: SyncStack;
  readonly web: WebStack;
}

interface ProductDashboardProps extends WatchedStacks {
  readonly stage: StageSettings;
  readonly alarms: readonly Alarm[];
}

interface Graph {
  readonly title: string;
  readonly left: readonly IMetric[];
  readonly right?: readonly IMetric[];
  /** Of the left axis: where it becomes an alarm, or what is promised. */
  readonly limit?: HorizontalAnnotation;
}

const WIDTH = 24;

/** A question that an operator asks, how the answer looks when all is well, and the graphs that give it. */
function section(question: string, well: string, ...graphs: readonly Graph[]): IWidget[] {
  return [
    new TextWidget({ markdown: `## ${question}\n${well}`, width: WIDTH, height: 2 }),
    new Row(
      ...graphs.map(
        ({ title, left, right = [], limit }) =>
          new GraphWidget({
            title,
            left: [...left],
            right: [...right],
            leftAnnotations: limit === undefined ? [] : [limit],
            leftYAxis: { min: 0 },
            width: WIDTH / graphs.length,
            height: 6,
          }),
      ),
    ),
  ];
}

const sum = (stage: StageSettings, name: Parameters<typeof productMetric>[1]): IMetric =>
  productMetric(stage, name, Stats.SUM);
const highest = (stage: StageSettings, name: Parameters<typeof productMetric>[1]): IMetric =>
  productMetric(stage, name, Stats.MAXIMUM);

/** By name, as everything on the page: a dashboard keeps nothing from being replaced. */
const tableMetric = (stage: StageSettings, metricName: string): IMetric =>
  new Metric({
    namespace: 'AWS/DynamoDB',
    metricName,
    statistic: Stats.SUM,
    period: Duration.minutes(5),
    dimensionsMap: { TableName: stage.tableName },
    label: metricName,
  });

/** One page per stage, read from the top: what coaches notice first, what causes it below. */
export function createDashboard(scope: Construct, id: string, props: ProductDashboardProps): Dashboard {
  const { stage, sync, web } = props;
  const workers = Object.values(sync.workers);
  const functions = [...workers.map(({ worker }) => worker), ...Object.values(web.functions)];
  const deadLetters = DEAD_LETTER_SOURCES.map((source) =>
    metricWaiting(physicalName(stage, `${source}-dead-letters`), Stats.MAXIMUM),
  );
  return new Dashboard(scope, id, {
    dashboardName: physicalName(stage, 'overview'),
    defaultInterval: Duration.days(1),
    periodOverride: PeriodOverride.AUTO,
    widgets: [
      [
        new TextWidget({
          markdown: `# Coach Dashboard, ${stage.name}\nRead from the top: what coaches notice comes first, what causes it below. [Runbook](${RUNBOOK_URL})`,
          width: WIDTH,
          height: 2,
        }),
      ],
      [new AlarmStatusWidget({ title: 'Alarms', alarms: [...props.alarms], width: WIDTH, height: 4 })],
      section(
        'Do coaches see fresh scores?',
        'Well: the age stays below the line, sync runs keep ending well, few reads fail.',
        {
          title: 'Oldest score read (s)',
          left: [highest(stage, 'oldestReadAgeSeconds')],
          limit: { value: FRESHNESS_SLA.toSeconds(), label: 'promised', color: Color.RED },
        },
        {
          title: 'Score reads',
          left: [sum(stage, 'competitorsSynced'), sum(stage, 'competitorReadFailed')],
        },
        { title: 'Sync runs that ended well', left: [sum(stage, 'syncRunSucceeded')] },
      ),
      section(
        'Do changes of teams arrive?',
        'Well: both stay below the line. A peak while processing is off is no fault.',
        {
          title: 'Slowest 1 % of changes (s); plans that wait for an admin',
          left: [productMetric(stage, 'editSeconds', Stats.p(99))],
          right: [highest(stage, 'rosterPlanStopped')],
          limit: { value: EDIT_PROMISE.toSeconds(), label: 'promised', color: Color.RED },
        },
        {
          title: 'Oldest change that has not arrived (s)',
          left: [highest(stage, 'oldestPendingEditSeconds')],
          limit: { value: EDIT_PROMISE.toSeconds(), label: 'promised', color: Color.RED },
        },
      ),
      section(
        'Does the game platform answer?',
        'Well: no errors, calls not stopped, and the budget reaches its line at the end of the day at the earliest.',
        {
          title: 'Server errors; calls stopped by the breaker (1) or an admin (2)',
          left: [sum(stage, 'gamePlatformServerError')],
          right: [highest(stage, 'gamePlatformStopped')],
        },
        { title: 'Calls', left: [sum(stage, 'gamePlatformCalls')] },
        {
          title: "The day's call budget used (%)",
          left: [highest(stage, 'gamePlatformBudgetUsed')],
          limit: { value: 100, label: 'all of it', color: Color.RED },
        },
      ),
      section(
        'Does the site work?',
        'Well: no server errors; the slowest requests take less than a second.',
        {
          title: 'Requests and errors',
          left: [web.api.metricRequests(), web.api.metricClientErrors(), web.api.metricServerErrors()],
        },
        { title: 'Slowest 5 % of requests (ms)', left: [web.api.metricLatency()] },
      ),
      section(
        'Does work pile up?',
        'Well: no dead letters; what waits is gone within minutes.',
        { title: 'Dead letters', left: deadLetters },
        { title: 'Messages waiting', left: workers.map((worker) => worker.metricWaiting()) },
        { title: 'Oldest message (s)', left: workers.map((worker) => worker.metricOldestMessage()) },
      ),
      section(
        'What fails underneath?',
        'Well: errors and throttles stay at zero; the table is throttled only for moments.',
        { title: 'Function errors', left: functions.map((watched) => watched.metricErrors()) },
        { title: 'Function throttles', left: functions.map((watched) => watched.metricThrottles()) },
        {
          title: 'Slowest 5 % of invocations (ms)',
          left: functions.map((watched) => watched.metricDuration()),
        },
        {
          title: 'Table: units; requests throttled',
          left: ['ConsumedReadCapacityUnits', 'ConsumedWriteCapacityUnits'].map((name) =>
            tableMetric(stage, name),
          ),
          right: ['ReadThrottleEvents', 'WriteThrottleEvents'].map((name) => tableMetric(stage, name)),
        },
      ),
    ],
  });
}
