import * as z from 'zod';
import { UnknownOperationError } from '../access/requirement.ts';
import { AwsError, jsonAnswer } from '../gateway/aws-answer.ts';
import type { StandIn } from '../gateway/dispatcher.ts';
import type { QueueDepth } from '../local-aws.ts';
import type { Documents } from '../state-database.ts';

/** What {@link createAlarms} answers. */
export type AlarmOperations = Readonly<Record<string, (body: unknown) => unknown>>;

export interface CloudWatch {
  readonly standIn: StandIn;
  stop(): void;
}

const MINUTE_MS = 60_000;
/** Metrics of a minute are kept for 15 days there; two are enough here. */
const KEPT_MS = 2 * 24 * 60 * MINUTE_MS;
const COLLECTION = 'queue-metrics';

/** The queue metrics that SQS itself reports every minute. */
const METRICS = {
  ApproximateNumberOfMessagesVisible: 'visible',
  ApproximateNumberOfMessagesNotVisible: 'inFlight',
  ApproximateNumberOfMessagesDelayed: 'delayed',
} as const satisfies Readonly<Record<string, keyof QueueDepth>>;

const depthSchema = z.object({ visible: z.number(), inFlight: z.number(), delayed: z.number() });
const sampleSchema = z.record(z.string(), depthSchema);

const STATISTICS = ['Maximum', 'Minimum', 'Average', 'Sum', 'SampleCount'] as const;
/** The most queries of one call. */
const MOST_QUERIES = 500;

const inputSchema = z.strictObject({
  MetricDataQueries: z
    .array(
      z.strictObject({
        Id: z.string().regex(/^[a-z]\w{0,254}$/),
        MetricStat: z.strictObject({
          Metric: z.strictObject({
            Namespace: z.literal('AWS/SQS'),
            MetricName: z.enum(Object.keys(METRICS)),
            Dimensions: z.tuple([z.strictObject({ Name: z.literal('QueueName'), Value: z.string().min(1) })]),
          }),
          Period: z.int().min(60).multipleOf(60),
          Stat: z.enum(STATISTICS),
        }),
        ReturnData: z.literal(true).optional(),
      }),
    )
    .min(1)
    .max(MOST_QUERIES),
  /** Seconds since 1970, as on the wire. */
  StartTime: z.number(),
  EndTime: z.number(),
  ScanBy: z.enum(['TimestampAscending', 'TimestampDescending']).optional(),
});
type Query = z.infer<typeof inputSchema>['MetricDataQueries'][number];

interface Sample {
  readonly at: number;
  readonly depth: z.infer<typeof depthSchema>;
}

/**
 * The read side of CloudWatch for the depth of queues, measured every minute and kept over restarts. Other metrics, and
 * what else `GetMetricData` can be asked, are refused.
 */
export function startCloudWatch(
  documents: Documents,
  depths: () => readonly QueueDepth[],
  now: () => number,
  alarms: AlarmOperations = {},
): CloudWatch {
  const measure = (): void => {
    const minute = Math.floor(now() / MINUTE_MS) * MINUTE_MS;
    const sample = Object.fromEntries(
      depths().map(({ name, visible, inFlight, delayed }) => [name, { visible, inFlight, delayed }]),
    );
    documents.put(COLLECTION, String(minute), sample);
    for (const { key } of documents.list(COLLECTION)) {
      if (Number(key) < minute - KEPT_MS) documents.delete(COLLECTION, key);
    }
  };
  measure();
  const timer = setInterval(measure, MINUTE_MS);
  timer.unref();

  const samplesOf = (queue: string, from: number, to: number): readonly Sample[] =>
    documents.list(COLLECTION).flatMap(({ key, value }) => {
      const at = Number(key);
      const depth = at >= from && at < to ? sampleSchema.parse(value)[queue] : undefined;
      return depth === undefined ? [] : [{ at, depth }];
    });

  return {
    standIn: {
      access: (operation) => {
        // Named alarms could be asked for one by one; who may ask for any is all that is told apart here.
        if (Object.hasOwn(alarms, operation)) return [{ action: `cloudwatch:${operation}`, resource: '*' }];
        if (operation !== 'GetMetricData') throw new UnknownOperationError(operation);
        // It takes no resource (Service Authorization Reference, Amazon CloudWatch).
        return [{ action: 'cloudwatch:GetMetricData', resource: '*' }];
      },
      answer: ({ operation, body }) => {
        const ofAlarms = alarms[operation];
        if (ofAlarms !== undefined)
          return jsonAnswer(
            'cloudwatch',
            parsed(() => ofAlarms(body)),
          );
        const input = inputSchema.safeParse(body);
        if (!input.success) throw new AwsError('ValidationError', z.prettifyError(input.error));
        const { MetricDataQueries, StartTime, EndTime, ScanBy } = input.data;
        if (StartTime >= EndTime) {
          throw new AwsError(
            'ValidationError',
            'The parameter StartTime must be less than the parameter EndTime.',
          );
        }
        if (new Set(MetricDataQueries.map(({ Id }) => Id)).size < MetricDataQueries.length) {
          throw new AwsError('ValidationError', 'The value of the parameter Id is not unique.');
        }
        const results = MetricDataQueries.map((query) => {
          const { Dimensions } = query.MetricStat.Metric;
          const samples = samplesOf(Dimensions[0].Value, StartTime * 1_000, EndTime * 1_000);
          const points = pointsOf(query, samples);
          const inOrder = ScanBy === 'TimestampAscending' ? points : points.toReversed();
          return {
            Id: query.Id,
            Label: query.MetricStat.Metric.MetricName,
            StatusCode: 'Complete',
            Timestamps: inOrder.map(({ at }) => at / 1_000),
            Values: inOrder.map(({ value }) => value),
          };
        });
        return jsonAnswer('cloudwatch', { MetricDataResults: results, Messages: [] });
      },
    },
    stop: () => clearInterval(timer),
  };
}

/** @throws {AwsError} for an input of another form */
function parsed(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    if (error instanceof z.ZodError) throw new AwsError('ValidationError', z.prettifyError(error));
    throw error;
  }
}

/** One point for each period that was measured, oldest first. */
function pointsOf(
  { MetricStat: { Metric, Period, Stat } }: Query,
  samples: readonly Sample[],
): readonly { readonly at: number; readonly value: number }[] {
  const periodMs = Period * 1_000;
  const field = Object.entries(METRICS).find(([name]) => name === Metric.MetricName)?.[1] ?? 'visible';
  const periods = Map.groupBy(samples, ({ at }) => Math.floor(at / periodMs) * periodMs);
  return [...periods]
    .map(([at, some]) => ({
      at,
      value: statistic(
        Stat,
        some.map(({ depth }) => depth[field]),
      ),
    }))
    .toSorted((a, b) => a.at - b.at);
}

function statistic(name: (typeof STATISTICS)[number], values: readonly number[]): number {
  const sum = values.reduce((all, value) => all + value, 0);
  switch (name) {
    case 'Maximum':
      return Math.max(...values);
    case 'Minimum':
      return Math.min(...values);
    case 'Average':
      return sum / values.length;
    case 'Sum':
      return sum;
    case 'SampleCount':
      return values.length;
    default:
      return name satisfies never;
  }
}
