import { CloudWatchClient, GetMetricDataCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startCloudWatch } from '#infra/local/emulator/aws/cloudwatch/cloudwatch.ts';
import type { AwsAnswer } from '#infra/local/emulator/aws/gateway/aws-answer.ts';
import type { ServiceCall } from '#infra/local/emulator/aws/gateway/dispatcher.ts';
import type { Documents } from '#infra/local/emulator/aws/state-database.ts';
import { clientConfig, roleArn, startTestStack, type TestStack } from './deployment-fixture.ts';

const START = Date.parse('2026-11-24T20:00:00.000Z');

function documents(): Documents {
  const kept = new Map<string, unknown>();
  return {
    get: (_, key) => kept.get(key),
    list: () => [...kept].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => ({ key, value })),
    put: (_, key, value) => void kept.set(key, value),
    delete: (_, key) => void kept.delete(key),
  };
}
const query = (stat: Record<string, unknown> = {}, metric: Record<string, unknown> = {}) => ({
  Id: 'q0',
  MetricStat: {
    Metric: {
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: 'work' }],
      ...metric,
    },
    Period: 60,
    Stat: 'Maximum',
    ...stat,
  },
});
const asked = (queries: readonly unknown[], over: Record<string, unknown> = {}) => ({
  MetricDataQueries: queries,
  StartTime: START / 1_000,
  EndTime: START / 1_000 + 3_600,
  ...over,
});

const command = () =>
  new GetMetricDataCommand({
    ...asked([]),
    StartTime: new Date(Date.now() - 120_000),
    EndTime: new Date(Date.now() + 60_000),
    MetricDataQueries: [query()],
  });

describe('the depth of queues', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  function measured(depths: readonly number[], keeping = documents()) {
    vi.useFakeTimers({ now: START });
    let minute = 0;
    const cloudwatch = startCloudWatch(
      keeping,
      () => [{ name: 'work', arn: 'arn', visible: depths[minute] ?? 0, inFlight: 1, delayed: 2 }],
      Date.now,
    );
    for (minute = 1; minute < depths.length; minute += 1) vi.advanceTimersByTime(60_000);
    cloudwatch.stop();
    return (body: unknown) => {
      const answer = cloudwatch.standIn.answer({ body } as ServiceCall) as AwsAnswer;
      return JSON.parse(String(answer.body)).MetricDataResults;
    };
  }

  it('is told for each minute that was measured, the newest first unless asked otherwise', () => {
    const get = measured([3, 9]);
    expect(get(asked([query()]))).toMatchObject([
      { Id: 'q0', StatusCode: 'Complete', Timestamps: [START / 1_000 + 60, START / 1_000], Values: [9, 3] },
    ]);
    const ascending = get(asked([query()], { ScanBy: 'TimestampAscending' }));
    expect(ascending).toMatchObject([{ Values: [3, 9] }]);
  });

  it.each([
    ['Maximum', 9],
    ['Minimum', 3],
    ['Average', 6],
    ['Sum', 12],
    ['SampleCount', 2],
  ])('is told over a period by its %s', (Stat, value) => {
    expect(measured([3, 9])(asked([query({ Period: 300, Stat })]))).toMatchObject([
      { Timestamps: [START / 1_000], Values: [value] },
    ]);
  });

  it('of another time or queue is empty, and of another metric its own', () => {
    const get = measured([3]);
    expect(get(asked([query()], { StartTime: 0, EndTime: 60 }))).toMatchObject([{ Values: [] }]);
    const other = [{ Name: 'QueueName', Value: 'other' }];
    expect(get(asked([query({}, { Dimensions: other })]))).toMatchObject([{ Values: [] }]);
    const inFlight = { MetricName: 'ApproximateNumberOfMessagesNotVisible' };
    expect(get(asked([query({}, inFlight)]))).toMatchObject([{ Values: [1] }]);
  });

  it('is kept over a restart, for two days', () => {
    const keeping = documents();
    measured([3], keeping);
    expect(measured([5], keeping)(asked([query()]))).toMatchObject([{ Values: [5] }]);
    vi.useFakeTimers({ now: START + 3 * 86_400_000 });
    startCloudWatch(keeping, () => [], Date.now).stop();
    expect(keeping.list('queue-metrics')).toHaveLength(1);
  });

  it.each([
    ['a metric of another service', asked([query({}, { Namespace: 'AWS/Lambda' })])],
    ['an unknown metric', asked([query({}, { MetricName: 'NumberOfMessagesSent' })])],
    ['a period that is no minute', asked([query({ Period: 90 })])],
    ['an unknown statistic', asked([query({ Stat: 'p99' })])],
    ['an expression', asked([{ Id: 'e1', Expression: 'q0 * 2' }])],
    ['two queries of one name', asked([query(), query()])],
    ['a range that ends before it begins', asked([query()], { EndTime: START / 1_000 })],
    ['no query', asked([])],
  ])('is refused for %s', (_, body) => {
    expect(() => measured([3])(body)).toThrow(expect.objectContaining({ code: 'ValidationError' }));
  });
});

describe('CloudWatch through the gateway', () => {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await startTestStack();
  });
  afterAll(() => stack.remove());

  it('answers the SDK', async () => {
    const answer = await new CloudWatchClient(clientConfig(stack.aws)).send(command());
    const [result] = answer.MetricDataResults ?? [];
    expect(result).toMatchObject({ Id: 'q0', Values: [0] });
    expect(result?.Timestamps?.[0]).toBeInstanceOf(Date);
  });

  it('refuses a role without the right, and operations that it does not have', async () => {
    const credentials = stack.aws.credentialsFor(roleArn('reader-role'));
    const client = new CloudWatchClient(clientConfig(stack.aws, credentials));
    await expect(client.send(command())).rejects.toMatchObject({ name: 'AccessDeniedException' });
    const operator = new CloudWatchClient(clientConfig(stack.aws));
    await expect(operator.send(new ListMetricsCommand({}))).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
  });
});
