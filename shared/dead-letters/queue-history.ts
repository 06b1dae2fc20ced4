import { GetMetricDataCommand, type CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { QUEUES, type QueueName } from '#shared/jobs/task-definition.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import {
  HISTORY_PERIOD_SECONDS,
  HISTORY_PERIODS,
  SOURCES_OF,
  type DeadLetterSource,
  type QueueHistory,
} from './contract.ts';

const PERIOD_MS = HISTORY_PERIOD_SECONDS * 1_000;
/** SQS measures every minute, so that a look a minute shows whatever is new. */
const KEPT_MS = 60_000;

/** The most messages that waited at once, by the beginning of the period, for each of some queues. */
type ReadMetrics = (
  queueNames: readonly string[],
  range: { readonly from: Date; readonly to: Date },
) => Promise<ReadonlyMap<string, ReadonlyMap<number, number>>>;

/** From the metrics that SQS reports by itself. */
export const readDepthMetrics =
  (client: CloudWatchClient): ReadMetrics =>
  async (queueNames, { from, to }) => {
    const byId = new Map(queueNames.map((name, index) => [`q${index}`, name]));
    const found = new Map(queueNames.map((name) => [name, new Map<number, number>()]));
    let NextToken: string | undefined;
    do {
      const answer = await client.send(
        new GetMetricDataCommand({
          StartTime: from,
          EndTime: to,
          ...(NextToken === undefined ? {} : { NextToken }),
          MetricDataQueries: [...byId].map(([Id, Value]) => ({
            Id,
            MetricStat: {
              Metric: {
                Namespace: 'AWS/SQS',
                MetricName: 'ApproximateNumberOfMessagesVisible',
                Dimensions: [{ Name: 'QueueName', Value }],
              },
              Period: HISTORY_PERIOD_SECONDS,
              Stat: 'Maximum',
            },
          })),
        }),
      );
      for (const { Id = '', Timestamps = [], Values = [] } of answer.MetricDataResults ?? []) {
        const points = found.get(byId.get(Id) ?? '');
        for (const [index, at] of Timestamps.entries()) points?.set(at.getTime(), Values[index] ?? 0);
      }
      NextToken = answer.NextToken;
    } while (NextToken !== undefined);
    return found;
  };

export interface QueueHistoryDeps {
  readonly read: ReadMetrics;
  readonly queueUrls: Readonly<Record<QueueName, string>>;
  readonly deadLetterUrls: Readonly<Record<DeadLetterSource, string>>;
  readonly now: Clock;
}

const nameOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1);

/** Several queues as one; null where none of them was measured. */
function summed(all: readonly (number | null)[][]): (number | null)[] {
  return Array.from({ length: HISTORY_PERIODS }, (_, index) =>
    all.reduce<number | null>((sum, values) => {
      const value = values[index] ?? null;
      return value === null ? sum : (sum ?? 0) + value;
    }, null),
  );
}

/** The depth of the queues over the last day, at most a minute old. */
export function createQueueHistory({
  read,
  queueUrls,
  deadLetterUrls,
  now,
}: QueueHistoryDeps): () => Promise<QueueHistory> {
  let kept: { readonly at: number; readonly history: Promise<QueueHistory> } | undefined;

  async function readDay(at: number): Promise<QueueHistory> {
    // The period under way is the last one.
    const end = (Math.floor(at / PERIOD_MS) + 1) * PERIOD_MS;
    const from = new Date(end - HISTORY_PERIODS * PERIOD_MS);
    const names = [...Object.values(queueUrls), ...Object.values(deadLetterUrls)].map(nameOf);
    const found = await read(names, { from, to: new Date(end) });
    const valuesOf = (url: string): (number | null)[] =>
      Array.from(
        { length: HISTORY_PERIODS },
        (_, index) => found.get(nameOf(url))?.get(from.getTime() + index * PERIOD_MS) ?? null,
      );
    return {
      from: from.toISOString(),
      periodSeconds: HISTORY_PERIOD_SECONDS,
      items: QUEUES.map((name) => ({
        name,
        depth: valuesOf(queueUrls[name]),
        deadLetters: summed(SOURCES_OF[name].map((source) => valuesOf(deadLetterUrls[source]))),
      })),
    };
  }

  return () => {
    const at = now().getTime();
    if (kept !== undefined && at - kept.at < KEPT_MS) return kept.history;
    const history = readDay(at);
    kept = { at, history };
    // A failure is no answer to keep.
    history.catch(() => (kept = undefined));
    return history;
  };
}
