import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  PeriodOverride,
  Stats,
  type Alarm,
  type IMetric,
  type IWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { physicalName } from '../names.ts';
import type { DataStack } from '../stacks/data-stack.ts';
import type { SyncStack } from '../stacks/sync-stack.ts';
import type { WebStack } from '../stacks/web-stack.ts';
import type { StageSettings } from '../stages.ts';
import { productMetric } from './product-metric.ts';

export interface WatchedStacks {
  readonly data: DataStack;
  readonly sync: SyncStack;
  readonly web: WebStack;
}

interface ProductDashboardProps extends WatchedStacks {
  readonly stage: StageSettings;
  readonly alarms: readonly Alarm[];
}

const graph = (title: string, left: readonly IMetric[], right: readonly IMetric[] = []): IWidget =>
  new GraphWidget({ title, left: [...left], right: [...right], width: 12, height: 6, leftYAxis: { min: 0 } });

/** One page per stage, from what coaches notice down to what causes it. */
export function createDashboard(scope: Construct, id: string, props: ProductDashboardProps): Dashboard {
  const { stage, sync, web } = props;
  const workers = Object.values(sync.workers);
  const functions = [...workers.map(({ worker }) => worker), ...Object.values(web.functions)];
  return new Dashboard(scope, id, {
    dashboardName: physicalName(stage, 'overview'),
    defaultInterval: Duration.days(1),
    periodOverride: PeriodOverride.AUTO,
    widgets: [
      [new AlarmStatusWidget({ title: 'Alarms', alarms: [...props.alarms], width: 24, height: 4 })],
      [
        graph('Score reads', [
          productMetric(stage, 'competitorsSynced', Stats.SUM),
          productMetric(stage, 'competitorReadFailed', Stats.SUM),
        ]),
        graph(
          'Oldest score read (s), game platform errors',
          [productMetric(stage, 'oldestReadAgeSeconds', Stats.MAXIMUM)],
          [productMetric(stage, 'gamePlatformServerError', Stats.SUM)],
        ),
      ],
      [
        graph('Requests and errors', [
          web.api.metricRequests(),
          web.api.metricClientErrors(),
          web.api.metricServerErrors(),
        ]),
        graph('Slowest 5 % of requests (ms)', [web.api.metricLatency()]),
      ],
      [
        graph(
          'Messages waiting',
          workers.map((worker) => worker.metricWaiting()),
        ),
        graph(
          'Oldest message (s)',
          workers.map((worker) => worker.metricOldestMessage()),
        ),
      ],
      [
        graph(
          'Dead letters',
          workers.map((worker) => worker.metricDeadLetters()),
        ),
        graph(
          'Function errors',
          functions.map((watched) => watched.metricErrors()),
        ),
      ],
      [
        graph(
          'Function throttles',
          functions.map((watched) => watched.metricThrottles()),
        ),
        graph(
          'Slowest 5 % of invocations (ms)',
          functions.map((watched) => watched.metricDuration()),
        ),
      ],
    ],
  });
}
