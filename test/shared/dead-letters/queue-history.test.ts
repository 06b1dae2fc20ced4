import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { expect, test, vi } from 'vitest';
import { queueHistorySchema } from '#shared/dead-letters/contract.ts';
import {
  createQueueHistory,
  readDepthMetrics,
  type QueueHistoryDeps,
} from '#shared/dead-letters/queue-history.ts';
import { mockClient } from '#test/support/mock-client.ts';

const NOW = new Date('2026-11-24T20:07:00.000Z');
const LAST = Date.parse('2026-11-24T20:00:00.000Z');
const url = (name: string) => `https://sqs.us-east-1.amazonaws.com/111122223333/${name}`;

const history = (read: QueueHistoryDeps['read'], now = () => NOW) =>
  createQueueHistory({
    read,
    queueUrls: { roster: url('roster'), sync: url('sync'), work: url('work') },
    deadLetterUrls: {
      roster: url('roster-dead'),
      sync: url('sync-dead'),
      work: url('work-dead'),
      scheduler: url('scheduler-dead'),
    },
    now,
  });

test('the last day of the queues, period by period, the one under way last; what was not measured is no zero', async () => {
  const read = vi.fn<QueueHistoryDeps['read']>().mockResolvedValue(
    new Map([
      ['sync', new Map([[LAST, 7]])],
      ['work-dead', new Map([[LAST, 1]])],
      [
        'scheduler-dead',
        new Map([
          [LAST, 2],
          [LAST - 900_000, 4],
        ]),
      ],
    ]),
  );
  const day = queueHistorySchema.parse(await history(read)());
  expect(day.from).toBe('2026-11-23T20:15:00.000Z');
  const [roster, sync, work] = day.items;
  expect(roster?.depth.every((value) => value === null)).toBe(true);
  expect(sync?.depth.slice(-2)).toEqual([null, 7]);
  // The scheduler's are shown with those of the queue that they were meant for.
  expect(work?.deadLetters.slice(-3)).toEqual([null, 4, 3]);
});

test('metrics are read once in a minute, and again after a failure', async () => {
  let now = NOW;
  const read = vi
    .fn<QueueHistoryDeps['read']>()
    .mockRejectedValueOnce(new Error('throttled'))
    .mockResolvedValue(new Map());
  const day = history(read, () => now);
  await expect(day()).rejects.toThrow('throttled');
  await day();
  await day();
  expect(read).toHaveBeenCalledTimes(2);
  now = new Date(NOW.getTime() + 60_000);
  await day();
  expect(read).toHaveBeenCalledTimes(3);
});

const client = mockClient(CloudWatchClient);

test('all pages of the metrics are read, each queue by its own name', async () => {
  const at = new Date(LAST);
  client
    .on(GetMetricDataCommand)
    .resolvesOnce({ MetricDataResults: [{ Id: 'q1', Timestamps: [at], Values: [3] }], NextToken: 'more' })
    .resolves({ MetricDataResults: [{ Id: 'q0', Timestamps: [at], Values: [5] }] });
  const read = readDepthMetrics(new CloudWatchClient({}));
  const found = await read(['roster', 'sync'], { from: new Date(0), to: NOW });
  expect(found.get('roster')).toEqual(new Map([[LAST, 5]]));
  expect(found.get('sync')).toEqual(new Map([[LAST, 3]]));
  const [first] = client.calls();
  expect(first?.args[0].input).toMatchObject({
    MetricDataQueries: [
      { Id: 'q0', MetricStat: { Metric: { Dimensions: [{ Name: 'QueueName', Value: 'roster' }] } } },
      { Id: 'q1', MetricStat: { Metric: { Dimensions: [{ Name: 'QueueName', Value: 'sync' }] } } },
    ],
  });
});
