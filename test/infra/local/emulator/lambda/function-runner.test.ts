import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { FunctionResource } from '#infra/local/emulator/deployment.ts';
import { createFunctionRunner, type RunnerOptions } from '#infra/local/emulator/lambda/function-runner.ts';
import { scratchDirectory, scratchFunction } from './scratch-function.ts';

const untraced: RunnerOptions['xray'] = {
  address: '127.0.0.1:7',
  begin: () => ({ header: '', end: () => undefined }),
};

function run(
  resource: FunctionResource,
  options: Partial<Pick<RunnerOptions, 'concurrency' | 'idleMs' | 'freezesIdle' | 'xray'>> = {},
) {
  const lines: string[] = [];
  const logDirectory = scratchDirectory();
  const runner = createFunctionRunner({
    deployment: { functions: [resource], region: 'us-east-1' },
    aws: {
      addresses: { awsUrl: 'http://127.0.0.1:9', loginUrl: 'http://127.0.0.1:8' },
      credentialsFor: () => ({ accessKeyId: 'AKIDWORKER', secretAccessKey: 'secret' }),
    },
    xray: untraced,
    logDirectory,
    onLine: (_name, line) => lines.push(line),
    ...options,
  });
  onTestFinished(() => runner.stop());
  return { runner, lines, logDirectory, invoke: (event: unknown) => runner.invoke(resource.arn, event) };
}

const payloadOf = async <Payload = unknown>(
  outcome: ReturnType<ReturnType<typeof run>['invoke']>,
): Promise<Payload> => {
  const done = await outcome;
  if (done.kind === 'failed') throw new Error(done.fault.errorMessage);
  return JSON.parse(done.payload) as Payload;
};

/** Answers with its version after as long as the event says. */
const versionCode = (version: string): string =>
  `export const handler = async (event) => { await new Promise((r) => setTimeout(r, event.ms ?? 0)); return '${version}'; };`;

describe('a function', () => {
  it('sees the template’s environment, Lambda’s own variables, and nothing of the person’s', async () => {
    process.env['PRIVATE_THING'] = 'mine';
    const { invoke } = run(scratchFunction('export const handler = async () => process.env;'));
    const environment = await payloadOf(invoke({}));
    delete process.env['PRIVATE_THING'];
    expect(environment).toMatchObject({
      TABLE_NAME: 'rows',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIDWORKER',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      AWS_LAMBDA_FUNCTION_NAME: 'worker',
    });
    expect(environment).not.toHaveProperty('PRIVATE_THING');
    expect(environment).not.toHaveProperty('PATH');
  });

  it('gets Lambda’s context, with the time that is left', async () => {
    const code = `export const handler = async (event, context) =>
      ({ event, name: context.functionName, arn: context.invokedFunctionArn, id: context.awsRequestId, left: context.getRemainingTimeInMillis() });`;
    const result = await payloadOf<{ left: number }>(run(scratchFunction(code)).invoke({ a: 1 }));
    expect(result).toMatchObject({
      event: { a: 1 },
      name: 'worker',
      arn: expect.stringContaining(':function:worker'),
    });
    expect(result.left).toBeGreaterThan(0);
    expect(result.left).toBeLessThanOrEqual(5_000);
  });

  it('keeps its module between invocations and runs one at a time in each thread', async () => {
    const code = `let count = 0, running = 0;
      export const handler = async () => { running += 1; const most = running; await new Promise((r) => setTimeout(r, 20)); running -= 1; count += 1; return { count, most }; };`;
    const { runner, invoke } = run(scratchFunction(code), { concurrency: 2 });
    const results = await Promise.all(
      Array.from({ length: 6 }, () => payloadOf<{ most: number; count: number }>(invoke({}))),
    );
    expect(results.every(({ most }) => most === 1)).toBe(true);
    expect(results.reduce((sum, { count }) => Math.max(sum, count), 0)).toBeGreaterThanOrEqual(3);
    expect(runner.instances()).toBe(2);
  });

  it('is released when idle', async () => {
    const { runner, invoke } = run(scratchFunction('export const handler = async () => 1;'), { idleMs: 20 });
    await invoke({});
    await expect.poll(() => runner.instances()).toBe(0);
  });

  it('that throws is a failed invocation, and its instance goes on', async () => {
    const code = `let calls = 0; export const handler = async (event) => { calls += 1; if (event.fail) throw new TypeError('no good'); return calls; };`;
    const { invoke, lines } = run(scratchFunction(code));
    expect(await invoke({ fail: true })).toMatchObject({
      kind: 'failed',
      timedOut: false,
      fault: { errorType: 'TypeError', errorMessage: 'no good' },
    });
    expect(await payloadOf(invoke({}))).toBe(2);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ level: 'ERROR', errorType: 'TypeError', functionName: 'worker' }),
    ]);
  });

  it('that takes too long is really ended: the thread does nothing more, and the next call starts a new one', async () => {
    const code = `let calls = 0;
      export const handler = async (event) => { calls += 1; if (event.hang) { for (;;) {} } return calls; };`;
    const { runner, invoke } = run(scratchFunction(code, { timeoutSeconds: 0.2 }));
    expect(await payloadOf(invoke({}))).toBe(1);
    expect(await invoke({ hang: true })).toMatchObject({
      kind: 'failed',
      timedOut: true,
      fault: { errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out after 0.20 seconds' },
    });
    expect(runner.instances()).toBe(0);
    expect(await payloadOf(invoke({}))).toBe(1);
  });

  it.each([
    ['process.exit', 'process.exit(3);', 'Runtime.ExitError'],
    [
      'an error outside the handler’s promise',
      `setTimeout(() => { throw new RangeError('late'); }, 0);`,
      'RangeError',
    ],
  ])('that crashes by %s is a failed invocation', async (_how, crash, errorType) => {
    const code = `export const handler = async (event) => { if (event.crash) { ${crash} await new Promise(() => {}); } return 'fine'; };`;
    const { invoke } = run(scratchFunction(code));
    expect(await invoke({ crash: true })).toMatchObject({ kind: 'failed', fault: { errorType } });
    expect(await payloadOf(invoke({}))).toBe('fine');
  });

  it.each([
    ['no handler', 'export const other = 1;', 'Runtime.HandlerNotFound'],
    [
      'an error while loading',
      'throw new SyntaxError("broken module"); export const handler = 1;',
      'SyntaxError',
    ],
  ])('with %s fails every invocation', async (_what, code, errorType) => {
    const { invoke } = run(scratchFunction(code));
    expect(await invoke({})).toMatchObject({ kind: 'failed', fault: { errorType } });
    expect(await invoke({})).toMatchObject({ kind: 'failed', fault: { errorType } });
  });

  it('cannot return or take more than 6 MB', async () => {
    const { invoke } = run(
      scratchFunction(`export const handler = async (event) => 'x'.repeat(event.size ?? 0);`),
    );
    expect(await invoke({ size: 6 * 1024 * 1024 })).toMatchObject({
      kind: 'failed',
      fault: { errorType: 'Function.ResponseSizeTooLarge' },
    });
    expect(await invoke({ text: 'x'.repeat(6 * 1024 * 1024) })).toMatchObject({
      kind: 'failed',
      fault: { errorType: 'RequestTooLarge' },
    });
  });

  it('that returns something JSON cannot hold fails', async () => {
    const { invoke } = run(scratchFunction('export const handler = async () => ({ big: 1n });'));
    expect(await invoke({})).toMatchObject({ kind: 'failed', fault: { errorType: 'TypeError' } });
  });

  it('has its output in a log file of its own, line by line', async () => {
    const { runner, invoke, lines, logDirectory } = run(
      scratchFunction(
        `export const handler = async () => { console.log(JSON.stringify({ message: 'hello' })); console.error('oh'); };`,
      ),
    );
    await invoke({});
    await expect.poll(() => lines.toSorted()).toEqual(['oh', '{"message":"hello"}']);
    await runner.stop();
    expect(readFileSync(join(logDirectory, 'worker.log'), 'utf8').trim().split('\n').toSorted()).toEqual(
      lines.toSorted(),
    );
  });

  it.each([
    [{}, false],
    [{ NODE_OPTIONS: '--enable-source-maps' }, true],
  ])('takes Node’s options from the template’s environment: %j', async (environment, expected) => {
    const { invoke } = run(
      scratchFunction('export const handler = async () => process.sourceMapsEnabled;', { environment }),
    );
    expect(await payloadOf(invoke({}))).toBe(expected);
  });

  it('runs new code after a refresh, and ends a running invocation with the old', async () => {
    const resource = scratchFunction(versionCode('old'));
    const { runner, invoke } = run(resource);
    expect(await payloadOf(invoke({}))).toBe('old');
    const running = payloadOf(invoke({ ms: 300 }));
    writeFileSync(join(resource.codeDirectory, 'index.mjs'), versionCode('new'));
    runner.refresh(resource.arn);
    expect(await payloadOf(invoke({}))).toBe('new');
    expect(await running).toBe('old');
    expect(await payloadOf(invoke({}))).toBe('new');
    await expect.poll(() => runner.instances()).toBe(1);
  });

  it.each([
    ['DEBUG', ['debug', 'no level', 'metrics', 'warn', 'error', 'oh']],
    ['INFO', ['no level', 'metrics', 'warn', 'error', 'oh']],
    ['WARN', ['warn', 'error', 'oh']],
  ] as const)(
    'with the log level %s writes no line below it, metrics included',
    async (logLevel, expected) => {
      const code = `const line = (what, level, timestamp = '2026-11-24T07:00:00.000Z') => console.log(JSON.stringify({ what, level, timestamp }));
      export const handler = async () => {
        line('debug', 'DEBUG'); line('no level'); line('warn', 'warn'); line('error', 'ERROR');
        console.log(JSON.stringify({ what: 'metrics', _aws: { CloudWatchMetrics: [] } }));
        console.error(JSON.stringify({ what: 'oh' }));
      };`;
      const { invoke, lines } = run(scratchFunction(code, { logLevel }));
      await invoke({});
      await expect
        .poll(() => new Set(lines.map((line) => JSON.parse(line).what)))
        .toEqual(new Set<string>(expected));
    },
  );

  it('takes a level without a time for INFO', async () => {
    const code = `export const handler = async () => {
        console.log(JSON.stringify({ level: 'ERROR', what: 'untimed' })); console.error('end'); };`;
    const { invoke, lines } = run(scratchFunction(code, { logLevel: 'WARN' }));
    await invoke({});
    await expect.poll(() => lines).toEqual(['end']);
  });

  it('that is not deployed is an error', async () => {
    const { runner } = run(scratchFunction(''));
    await expect(runner.invoke('arn:aws:lambda:us-east-1:111122223333:function:nobody', {})).rejects.toThrow(
      'No function',
    );
  });
});

/** Counts how often a timer fired, and keeps something for a minute by the clock on the wall. */
const CLOCKWORK = `let ticks = 0, keptAt = 0, reads = 0;
  setInterval(() => { ticks += 1; }, 5);
  export const handler = async (event) => {
    if (Date.now() - keptAt > 60_000) { keptAt = Date.now(); reads += 1; }
    if (event.ms) await new Promise((resolve) => setTimeout(resolve, event.ms));
    return { ticks, reads, now: Date.now(), made: new Date().getTime(), isDate: new Date() instanceof Date };
  };`;
interface Clockwork {
  readonly ticks: number;
  readonly reads: number;
  readonly now: number;
  readonly made: number;
  readonly isDate: boolean;
}

describe('a function that is frozen between invocations', () => {
  it('does nothing until the next one, and then goes on in the same instance', async () => {
    const { runner, invoke } = run(scratchFunction(CLOCKWORK), { freezesIdle: true });
    const before = await payloadOf<Clockwork>(invoke({ ms: 50 }));
    await new Promise((resolve) => {
      setTimeout(resolve, 500);
    });
    const after = await payloadOf<Clockwork>(invoke({}));
    expect(before.ticks).toBeGreaterThan(2);
    // Some 100 without the ice; a few before it sets in, and one at the thaw.
    expect(after.ticks - before.ticks).toBeLessThan(30);
    expect(after.reads).toBe(1);
    expect(runner.instances()).toBe(1);
  });

  it('finds that time has gone by when it goes on', async () => {
    const { runner, invoke } = run(scratchFunction(CLOCKWORK), { freezesIdle: true });
    await payloadOf(invoke({}));
    runner.passFrozenTime(10 * 60_000);
    const after = await payloadOf<Clockwork>(invoke({}));
    expect(after.reads).toBe(2);
    expect(after.now - Date.now()).toBeGreaterThan(9 * 60_000);
    expect(after).toMatchObject({ made: expect.closeTo(after.now, -4), isDate: true });
  });

  it('takes one invocation after the other without a pause, and still has its time limit', async () => {
    const { runner, invoke } = run(scratchFunction(CLOCKWORK, { timeoutSeconds: 0.5 }), {
      freezesIdle: true,
    });
    for (let index = 0; index < 20; index += 1) await payloadOf(invoke({ ms: index % 3 }));
    runner.passFrozenTime(10 * 60_000);
    await payloadOf(invoke({}));
    expect(runner.instances()).toBe(1);
    expect(await invoke({ ms: 5_000 })).toMatchObject({ kind: 'failed', timedOut: true });
  });

  it('is ended like any other', async () => {
    const { runner, invoke } = run(scratchFunction(CLOCKWORK), { freezesIdle: true, idleMs: 100 });
    await payloadOf(invoke({}));
    await expect.poll(() => runner.instances()).toBe(0);
    await payloadOf(invoke({}));
    await new Promise((resolve) => {
      setTimeout(resolve, 60);
    });
    await runner.stop();
    expect(runner.instances()).toBe(0);
  });
});
