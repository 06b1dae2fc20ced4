import { MetricUnit, Metrics as PowertoolsMetrics } from '@aws-lambda-powertools/metrics';
import type { METRICS } from './metric-names.ts';

export type MetricName = (typeof METRICS)[keyof typeof METRICS];

/** Metrics of one function. They carry no dimension but the service: ids belong in the log. */
export interface Metrics {
  /** Buffers a value; several under one name are kept apart, so that CloudWatch can sum, average and rank them. */
  add(name: MetricName, value: number, unit?: 'count' | 'seconds' | 'percent'): void;
  /** Writes what was added. Call it before an invocation ends, whatever its outcome. */
  flush(): void;
}

const UNITS = { count: MetricUnit.Count, seconds: MetricUnit.Seconds, percent: MetricUnit.Percent } as const;

/** Metrics as log lines in CloudWatch's embedded format; namespace and service come from Powertools' variables. */
export function createMetrics(): Metrics {
  const metrics = new PowertoolsMetrics();
  return {
    add: (name, value, unit = 'count') => {
      metrics.addMetric(name, UNITS[unit], value);
    },
    flush: () => {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
  };
}
