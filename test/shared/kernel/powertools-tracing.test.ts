import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { parsePacket } from '#infra/local/emulator/xray/segment.ts';
import { TraceStore, type Span } from '#infra/local/emulator/xray/trace-store.ts';
import { instrumented } from '#shared/kernel/instruments.ts';
import type { Tracing } from '#shared/kernel/tracing.ts';

const SECRET = 'amara@example.org';
const context = { getRemainingTimeInMillis: () => 5_000 } as Context;

/** The daemon beside a function. */
const socket = createSocket('udp4');
const packets: string[] = [];
socket.on('message', (packet) => packets.push(packet.toString('utf8')));
socket.bind(0, '127.0.0.1');
await once(socket, 'listening');

/** Stands in for DynamoDB, which refuses and quotes what it was sent. */
const dynamo = createServer((_request, response) => {
  response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(JSON.stringify({ __type: 'ValidationException', message: `Not a key: ${SECRET}` }));
}).listen(0, '127.0.0.1');
await once(dynamo, 'listening');

// As Lambda sets them, before the SDK is loaded.
Object.assign(process.env, {
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${socket.address().port}`,
  AWS_XRAY_CONTEXT_MISSING: 'IGNORE_ERROR',
  LAMBDA_TASK_ROOT: '/var/task',
  _HANDLER: 'index.handler',
  POWERTOOLS_TRACER_CAPTURE_RESPONSE: 'false',
  POWERTOOLS_TRACER_CAPTURE_ERROR: 'false',
  POWERTOOLS_TRACER_CAPTURE_HTTPS_REQUESTS: 'false',
});
const { createTracing } = await import('#shared/kernel/powertools-tracing.ts');
const functionTracing = createTracing();
let invocations = 0;

beforeEach(() => {
  packets.length = 0;
});

afterAll(() => {
  socket.close();
  dynamo.close();
});

/** Does the work as an invocation of a function; what its trace holds when so many steps have arrived. */
async function traced(steps: number, work: (tracing: Tracing) => Promise<unknown>): Promise<Span[]> {
  invocations += 1;
  const number = String(invocations).padStart(16, '0');
  const root = `1-00000001-00000000${number}`;
  process.env['_X_AMZN_TRACE_ID'] = `Root=${root};Parent=${number};Sampled=1`;
  await instrumented(() => work(functionTracing), functionTracing)({}, context).catch(() => undefined);
  await vi.waitFor(() => expect(packets.length).toBeGreaterThanOrEqual(steps), { timeout: 3_000 });
  const store = new TraceStore();
  for (const packet of packets) store.add(parsePacket(packet));
  expect(store.all().map(({ id }) => id)).toEqual([root]);
  return [...(store.find(root)?.roots ?? [])];
}

const sleep = (ms: number) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
/** Names, nested; in the order of the alphabet, since steps may begin in the same millisecond. */
const shapeOf = ({ name, children }: Span): unknown =>
  children.length === 0
    ? name
    : { [name]: children.toSorted((a, b) => a.name.localeCompare(b.name)).map(shapeOf) };

test('an invocation with spans one in another is sent as that tree, with its annotations', async () => {
  const [invocation, ...others] = await traced(3, (tracing) =>
    tracing.span('outer', async (outer) => {
      outer.annotate({ jobId: 'job_1', status: 204 });
      await sleep(1);
      await tracing.span('inner', async (inner) => {
        await sleep(1);
        inner.annotate({ competitorId: 'cmp_1', teamId: 'team_1', attempt: 2 });
      });
      tracing.annotate({ teamId: 'team_2' });
    }),
  );
  expect(others).toEqual([]);
  expect(invocation && shapeOf(invocation)).toEqual({ '## index.handler': [{ outer: ['inner'] }] });
  const [outer] = invocation?.children ?? [];
  expect(outer).toMatchObject({ annotations: { jobId: 'job_1', status: 204, teamId: 'team_2' } });
  expect(outer?.children[0]?.annotations).toEqual({ competitorId: 'cmp_1', teamId: 'team_1', attempt: 2 });
});

test('spans that run at once do not nest in each other, and each keeps its own steps', async () => {
  const [invocation] = await traced(8, async (tracing) => {
    const one = (name: string, ms: number) =>
      tracing.span(name, async () => {
        await sleep(ms);
        await tracing.span(`${name} first`, () => sleep(ms));
        await tracing.span(`${name} second`, () => sleep(1));
      });
    await Promise.all([one('slow', 20), one('quick', 3)]);
    await tracing.span('after', () => sleep(1));
    tracing.annotate({ jobId: 'job_1' });
  });
  expect(invocation && shapeOf(invocation)).toEqual({
    '## index.handler': [
      'after',
      { quick: ['quick first', 'quick second'] },
      { slow: ['slow first', 'slow second'] },
    ],
  });
  expect(invocation?.annotations).toMatchObject({ jobId: 'job_1' });
});

test('a span whose work fails is marked as failed and tells nothing of the error, which goes on', async () => {
  const [invocation] = await traced(2, async (tracing) => {
    const failing = tracing.span('failing', () => Promise.reject(new Error(`No mail for ${SECRET}`)));
    await expect(failing).rejects.toThrow(SECRET);
    await failing;
  });
  expect(invocation?.children).toMatchObject([{ name: 'failing', problem: 'fault' }]);
  expect(invocation?.problem).toBe('error');
  expect(packets.join()).not.toContain(SECRET);
  expect(packets.join()).not.toContain('No mail');
});

test('a call of an AWS client is a step that tells the operation, and not what was sent or answered', async () => {
  const [invocation] = await traced(2, async (tracing) => {
    const { port } = dynamo.address() as { port: number };
    const client = tracing.client(
      new DynamoDBClient({
        region: 'us-east-1',
        endpoint: `http://127.0.0.1:${port}`,
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
        maxAttempts: 1,
      }),
    );
    const key = { pk: { S: SECRET }, sk: { S: SECRET } };
    const call = client.send(new GetItemCommand({ TableName: 'table', Key: key }));
    await expect(call).rejects.toThrow(SECRET);
  });
  expect(invocation?.children).toMatchObject([
    { name: 'DynamoDB', details: { aws: { operation: 'GetItem', table_name: 'table' } }, problem: 'fault' },
  ]);
  expect(packets.join()).not.toContain(SECRET);
});

test('the next invocation of the same function is a trace of its own', async () => {
  const [first] = await traced(2, (tracing) => tracing.span('first', () => sleep(1)));
  packets.length = 0;
  const [second] = await traced(2, (tracing) => tracing.span('second', () => sleep(1)));
  expect(first && shapeOf(first)).toEqual({ '## index.handler': ['first'] });
  expect(second && shapeOf(second)).toEqual({ '## index.handler': ['second'] });
});
