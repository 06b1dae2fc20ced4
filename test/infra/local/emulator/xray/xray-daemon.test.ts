import { createSocket } from 'node:dgram';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFunctionRunner } from '#infra/local/emulator/lambda/function-runner.ts';
import type { Trace } from '#infra/local/emulator/xray/trace-store.ts';
import { startXrayDaemon, type XrayDaemon } from '#infra/local/emulator/xray/xray-daemon.ts';
import { scratchDirectory, scratchFunction } from '../lambda/scratch-function.ts';

const TRACE_ID = '1-0a1b2c3d-000000000000000000000001';
const HEADER = '{"format":"json","version":1}\n';

async function startDaemon(options?: Parameters<typeof startXrayDaemon>[0]): Promise<XrayDaemon> {
  const daemon = await startXrayDaemon(options);
  onTestFinished(() => daemon.stop());
  return daemon;
}

function send(daemon: XrayDaemon, ...packets: readonly string[]): Promise<unknown> {
  const socket = createSocket('udp4');
  onTestFinished(() => void socket.close());
  const [host, port] = daemon.address.split(':');
  return Promise.all(
    packets.map(
      (packet) =>
        new Promise((resolve) => {
          socket.send(packet, Number(port), host, resolve);
        }),
    ),
  );
}

const segment = (fields: object): string =>
  HEADER +
  JSON.stringify({ trace_id: TRACE_ID, id: '1'.repeat(16), name: 'worker', start_time: 100, ...fields });

describe('the X-Ray daemon', () => {
  it('puts the documents of a trace together, in whatever order they come', async () => {
    const daemon = await startDaemon();
    await send(
      daemon,
      segment({
        type: 'subsegment',
        id: '2'.repeat(16),
        parent_id: '1'.repeat(16),
        name: 'read',
        start_time: 100.5,
        end_time: 100.75,
        annotations: { kind: 'full' },
        subsegments: [
          { id: '3'.repeat(16), name: 'call', start_time: 100.6, end_time: 100.7, throttle: true },
        ],
      }),
      segment({ end_time: 101, fault: true }),
      segment({ in_progress: true }),
    );
    await expect.poll(() => daemon.traces.all()[0]?.roots[0]?.problem).toBe('fault');
    expect(daemon.traces.all()).toMatchObject([
      {
        id: TRACE_ID,
        roots: [
          {
            name: 'worker',
            ms: 1_000,
            children: [
              {
                name: 'read',
                ms: 250,
                annotations: { kind: 'full' },
                children: [{ name: 'call', problem: 'throttle' }],
              },
            ],
          },
        ],
      },
    ]);
    expect(daemon.traces.where({ annotation: { kind: 'full' } })).toHaveLength(1);
    expect(daemon.traces.where({ annotation: { kind: 'none' } })).toEqual([]);
    expect(daemon.traces.where({ name: 'call', id: TRACE_ID })).toHaveLength(1);
  });

  it('keeps a span whose parent never came', async () => {
    const daemon = await startDaemon();
    await send(daemon, segment({ type: 'subsegment', parent_id: 'f'.repeat(16), in_progress: true }));
    await expect.poll(() => daemon.traces.all()[0]?.roots).toMatchObject([{ name: 'worker', ms: undefined }]);
  });

  it.each([
    ['no header', '{"trace_id":"x"}'],
    ['another format', segment({ end_time: 101 }).replace('json', 'xml')],
    ['no JSON', `${HEADER}{`],
    ['a trace id of another form', segment({ trace_id: '1-2-3', end_time: 101 })],
    ['a subsegment without its parent', segment({ type: 'subsegment', end_time: 101 })],
    ['neither an end nor progress', segment({})],
    ['annotations that are objects', segment({ end_time: 101, annotations: { a: { b: 1 } } })],
  ])('counts a packet with %s and goes on', async (_what, packet) => {
    const daemon = await startDaemon();
    await send(daemon, packet);
    await expect.poll(() => daemon.traces.badPackets).toBe(1);
    await send(daemon, segment({ end_time: 101 }));
    await expect.poll(() => daemon.traces.all()).toHaveLength(1);
  });

  it('keeps the last 500 traces', async () => {
    const daemon = await startDaemon();
    for (let index = 0; index < 501; index += 1) daemon.begin({ name: `f${index}`, tracing: true }, []);
    expect(daemon.traces.all()).toHaveLength(500);
    expect(daemon.traces.where({ name: 'f0' })).toEqual([]);
    expect(daemon.traces.where({ name: 'f500' })).toHaveLength(1);
  });
});

/** Does what the tracer does: one subsegment to the daemon, below the invocation's segment. */
const TRACED = `
import { createSocket } from 'node:dgram';
export const handler = async (event) => {
  const header = process.env._X_AMZN_TRACE_ID;
  const { Root, Parent } = Object.fromEntries(header.split(';').map((part) => part.split('=')));
  const [host, port] = process.env.AWS_XRAY_DAEMON_ADDRESS.split(':');
  const now = Date.now() / 1000;
  const document = { trace_id: Root, parent_id: Parent, id: '00000000000000aa', type: 'subsegment', name: '## work', start_time: now, end_time: now + 0.01, annotations: { part: event.part } };
  const socket = createSocket('udp4');
  await new Promise((done) => socket.send('{"format":"json","version":1}\\n' + JSON.stringify(document), Number(port), host, done));
  socket.close();
  if (event.fail) throw new Error('no');
  return header;
};`;

async function runTraced(tracing: boolean) {
  const told: Trace[] = [];
  const daemon = await startDaemon({ onTrace: (trace) => told.push(trace) });
  const resource = scratchFunction(TRACED, { tracing });
  const runner = createFunctionRunner({
    deployment: { functions: [resource], region: 'us-east-1' },
    aws: {
      addresses: { awsUrl: 'http://127.0.0.1:9', loginUrl: 'http://127.0.0.1:8' },
      credentialsFor: () => ({ accessKeyId: 'AKIDWORKER', secretAccessKey: 'secret' }),
    },
    xray: daemon,
    logDirectory: scratchDirectory(),
  });
  onTestFinished(() => runner.stop());
  return { daemon, told, invoke: runner.invoke.bind(runner, resource.arn) };
}

describe('a function with active tracing', () => {
  it('has a trace for each invocation, with its subsegments below Lambda’s own segment', async () => {
    const { daemon, told, invoke } = await runTraced(true);
    const headers = [await invoke({ part: 1 }), await invoke({ part: 2 })].map((outcome) =>
      outcome.kind === 'result' ? String(JSON.parse(outcome.payload)) : '',
    );
    for (const header of headers) {
      expect(header).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=1$/);
    }
    expect(new Set(headers).size).toBe(2);
    await expect.poll(() => told.length).toBe(2);
    const [trace] = daemon.traces.where({ annotation: { part: 2 } });
    expect(trace).toMatchObject({
      links: [],
      roots: [
        { name: 'worker', problem: undefined, children: [{ name: '## work', ms: expect.closeTo(10) }] },
      ],
    });
  });

  it('that fails has a segment with a fault', async () => {
    const { told, invoke } = await runTraced(true);
    await invoke({ part: 1, fail: true });
    await expect.poll(() => told).toMatchObject([{ roots: [{ problem: 'fault', children: [{}] }] }]);
  });

  it('is linked to the traces of the messages that it received', async () => {
    const { daemon, invoke } = await runTraced(true);
    const sender = `Root=${TRACE_ID};Parent=${'1'.repeat(16)};Sampled=1`;
    await invoke({ part: 1 }, [sender, sender, 'nonsense']);
    expect(daemon.traces.where({ name: 'worker' })).toMatchObject([{ links: [TRACE_ID] }]);
  });
});

describe('a function without active tracing', () => {
  it('has a header that says not sampled, and no segment of Lambda’s', async () => {
    const { daemon, told, invoke } = await runTraced(false);
    const outcome = await invoke({ part: 1 });
    expect(outcome.kind === 'result' && outcome.payload).toContain('Sampled=0');
    expect(daemon.traces.where({ name: 'worker' })).toEqual([]);
    expect(told).toEqual([]);
  });
});
