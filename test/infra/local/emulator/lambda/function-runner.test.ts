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
  options: Partial<Pick<RunnerOptions, 'concurrency' | 'idleMs' | 'xray'>> = {},
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

  it('that is not deployed is an error', async () => {
    const { runner } = run(scratchFunction(''));
    await expect(runner.invoke('arn:aws:lambda:us-east-1:111122223333:function:nobody', {})).rejects.toThrow(
      'No function',
    );
  });
});
