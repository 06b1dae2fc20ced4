import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, test } from 'vitest';
import type { RouteKeyOf } from '#shared/http/routes.ts';
import { newJob } from '#shared/jobs/start-job.ts';
import { deadLettersSchema, discardedSchema, queueListSchema } from '#shared/dead-letters/contract.ts';
import { quarantineListSchema } from '#shared/score-sync/contract.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import type { Table } from '#shared/table/table.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { buildDependencies } from '../../../functions/dead-letters-api/dependencies.ts';
import { apiOn, type Answer, type Call } from '../api-harness.ts';
import { mockClient } from '#test/support/mock-client.ts';

const newTable = useTestTables();
const sqs = mockClient(SQSClient);

let table: Table;
let call: (route: RouteKeyOf<'dead-letters-api'>, call?: Call) => Promise<Answer>;

/** The function as it is wired for Lambda; two letters lie with the `sync` queue, SQS itself is a stub. */
beforeEach(async () => {
  table = await newTable();
  call = await apiOn(table, 'dead-letters-api', buildDependencies);
  sqs.reset();
  sqs.on(SendMessageBatchCommand).resolves({});
  sqs.on(DeleteMessageCommand).resolves({});
  sqs.on(ChangeMessageVisibilityBatchCommand).resolves({});
  sqs.on(GetQueueAttributesCommand).callsFake(({ QueueUrl = '' }: { QueueUrl?: string }) => ({
    Attributes: {
      ApproximateNumberOfMessages: QueueUrl.endsWith('/sync-dead-letters') ? '2' : '0',
      ApproximateNumberOfMessagesDelayed: QueueUrl.endsWith('/sync') ? '3' : '0',
      ApproximateNumberOfMessagesNotVisible: QueueUrl.endsWith('/sync') ? '1' : '0',
    },
  }));
  let received = 0;
  sqs.on(ReceiveMessageCommand).callsFake(({ QueueUrl = '' }: { QueueUrl?: string }) => {
    received += 1;
    if (received > 1 || !QueueUrl.endsWith('/sync-dead-letters')) return {};
    const Attributes = { SentTimestamp: '1795000000000' };
    const Body = JSON.stringify({ kind: 'job_part', jobId: 'job_gone', part: 0 });
    return {
      Messages: [
        { MessageId: 'a', ReceiptHandle: 'ra', Attributes, Body },
        { MessageId: 'b', ReceiptHandle: 'rb', Attributes, Body: 'mira@example.org' },
      ],
    };
  });
});

const REDRIVE = 'POST /api/admin/queues/{name}/redrive';
const DISCARD = 'POST /api/admin/queues/{name}/discard';
const LETTERS = 'GET /api/admin/queues/{name}/dead-letters';
const SYNC = { as: 'ines', params: { name: 'sync' } };

test('tells what waits in each queue, and since when by the table', async () => {
  const input = { taskType: 'game_platform_sync', payload: {}, startedBy: 'user:ines' } as const;
  const jobs = createJobRepository(table);
  await jobs.create(newJob('job_1', input, new Date(Date.now() - 90_000)));
  const { status, body } = await call('GET /api/admin/queues', { as: 'ines' });
  expect(status).toBe(200);
  const { items } = queueListSchema.parse(body);
  expect(items).toMatchObject([
    { name: 'roster', depth: 0, oldestAgeSeconds: null, oldestAge: 'Nothing waits.', deadLetters: 0 },
    { name: 'sync', depth: 3, inFlight: 1, oldestAgeSeconds: null, deadLetters: 2 },
    // Not divided into parts yet, so it waits for the work queue.
    { name: 'work', depth: 0, deadLetters: 0 },
  ]);
  expect(items[2]?.oldestAgeSeconds).toBeGreaterThanOrEqual(90);
});

test('shows dead letters by cause and puts every one back', async () => {
  const { status, body } = await call(LETTERS, SYNC);
  expect(status).toBe(200);
  expect(deadLettersSchema.parse(body)).toMatchObject({ looked: 2, complete: true, items: [{}, {}] });
  expect(JSON.stringify(body)).not.toContain('mira');
  const given = sqs.commandCalls(ChangeMessageVisibilityBatchCommand).map(({ args }) => args[0].input);
  expect(given).toMatchObject([
    {
      Entries: [
        { ReceiptHandle: 'ra', VisibilityTimeout: 0 },
        { ReceiptHandle: 'rb', VisibilityTimeout: 0 },
      ],
    },
  ]);
});

describe('A redrive', () => {
  test('is a job, made with its audit entry, once for one key', async () => {
    const given = { ...SYNC, body: { all: true, trial: true }, headers: { 'idempotency-key': 'key-1' } };
    const first = await call(REDRIVE, given);
    expect(first).toMatchObject({ status: 202, headers: { location: `/api/jobs/${first.body.jobId}` } });
    expect((await call(REDRIVE, given)).body).toEqual(first.body);
    expect(await createJobRepository(table).byId(first.body.jobId)).toMatchObject({
      taskType: 'dead_letter_redrive',
      startedBy: 'user:ines',
      payload: { queue: 'sync', all: true, trial: true, maxPerSecond: 2 },
    });
    const audited = await itemsOf(table, `AUDIT#${new Date().toISOString().slice(0, 10)}`);
    expect(audited).toMatchObject([{ action: 'queue.redrive', subject: 'sync', actor: 'ines' }]);
    expect(sqs.commandCalls(DeleteMessageCommand)).toEqual([]);
  });

  test.each([[{}], [{ trial: true }], [{ all: false }], [{ jobIds: [] }], [{ all: true, cause: 'x' }]])(
    'of %j is refused, and never means everything',
    async (body) => {
      expect((await call(REDRIVE, { ...SYNC, body })).status).toBe(422);
      expect(sqs.calls()).toEqual([]);
    },
  );
});

describe('A discard', () => {
  test('needs the reason, and takes only what was chosen', async () => {
    expect((await call(DISCARD, { ...SYNC, body: { jobIds: ['job_gone'] } })).status).toBe(422);
    const body = { jobIds: ['job_gone'], reason: 'Long gone' };
    const discarded = await call(DISCARD, { ...SYNC, body });
    expect(discardedSchema.parse(discarded.body)).toEqual({ discarded: 1, jobIds: [], complete: true });
    const gone = sqs.commandCalls(DeleteMessageCommand).map(({ args }) => args[0].input.ReceiptHandle);
    expect(gone).toEqual(['ra']);
  });
});

test('knows three queues and no other', async () => {
  expect((await call(LETTERS, { as: 'ines', params: { name: 'scheduler' } })).status).toBe(404);
});

test('lists the quarantine, for admins', async () => {
  const { body } = await call('GET /api/admin/quarantine', { as: 'ines', query: { from: '2026-11-01' } });
  expect(quarantineListSchema.parse(body)).toEqual({ items: [], nextCursor: null });
  expect((await call('GET /api/admin/quarantine', { as: 'ada' })).status).toBe(403);
});
