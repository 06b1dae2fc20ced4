import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS, METRICS_NAMESPACE } from '#shared/kernel/metric-names.ts';
import { serviceName } from '../names.ts';
import type { StageSettings } from '../stages.ts';

/** One of the product's own metrics. */
export const productMetric = (
  stage: StageSettings,
  name: keyof typeof METRICS,
  statistic: string,
  period: Duration = Duration.minutes(5),
): Metric =>
  new Metric({
    namespace: METRICS_NAMESPACE,
    metricName: METRICS[name],
    statistic,
    period,
    dimensionsMap: { service: serviceName(stage) },
    label: METRICS[name],
  });
