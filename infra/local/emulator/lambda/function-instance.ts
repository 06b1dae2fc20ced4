import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import type { FunctionResource } from '../deployment.ts';
import type { Freezer, HandlerFault, InvokeMessage, ThreadData, ThreadMessage } from './protocol.ts';

/** Lambda gives 10 s; two cores shared with everything else need more. */
const INIT_TIMEOUT_MS = 30_000;

export type InvocationOutcome =
  | { readonly kind: 'result'; readonly payload: string }
  | { readonly kind: 'failed'; readonly fault: HandlerFault; readonly timedOut: boolean };

export interface FunctionInstance {
  /** Runs one invocation; never rejects. The instance is of no use afterwards when it was ended. */
  invoke(event: string, requestId: string, traceHeader: string): Promise<InvocationOutcome>;
  /** The function's clock will have gone on by so much more when it is thawed. */
  passFrozenTime(ms: number): void;
  readonly alive: boolean;
  end(): Promise<void>;
}

export interface InstanceOptions {
  /** One line of the function's standard output or error. */
  readonly onLine: (line: string, stream: 'stdout' | 'stderr') => void;
  /** The thread stands still between invocations: no timer fires in it, and no socket is looked at. */
  readonly freezesIdle: boolean;
}

const fault = (errorType: string, errorMessage: string): HandlerFault => ({
  errorType,
  errorMessage,
  trace: '',
});

const failed = (what: HandlerFault, timedOut = false): InvocationOutcome => ({
  kind: 'failed',
  fault: what,
  timedOut,
});

/** Finds the module of a `file.export` handler. */
function moduleOf({ codeDirectory, handler }: FunctionResource): { modulePath: string; exportName: string } {
  const dot = handler.lastIndexOf('.');
  const base = join(codeDirectory, handler.slice(0, dot));
  const modulePath = ['.mjs', '.js', '.cjs'].map((ending) => base + ending).find((path) => existsSync(path));
  return { modulePath: modulePath ?? `${base}.mjs`, exportName: handler.slice(dot + 1) };
}

/**
 * Starts one execution environment: a thread with exactly this environment. A failed start is told by the first
 * invocation, as on Lambda.
 */
export function startInstance(
  resource: FunctionResource,
  environment: Readonly<Record<string, string>>,
  { onLine, freezesIdle }: InstanceOptions,
): FunctionInstance {
  const freezer: Freezer | undefined = freezesIdle
    ? {
        invocations: new Int32Array(new SharedArrayBuffer(4)),
        jumpMs: new Int32Array(new SharedArrayBuffer(4)),
      }
    : undefined;
  const thaw = () => {
    if (freezer === undefined) return;
    Atomics.add(freezer.invocations, 0, 1);
    Atomics.notify(freezer.invocations, 0);
  };
  const worker = new Worker(new URL('runtime.mjs', import.meta.url), {
    workerData: { ...moduleOf(resource), freezer } satisfies ThreadData,
    env: { ...environment },
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: resource.memoryMb },
  });
  for (const stream of ['stdout', 'stderr'] as const) {
    createInterface({ input: worker[stream] }).on('line', (line) => onLine(line, stream));
  }

  let alive = true;
  let settle: ((outcome: InvocationOutcome) => void) | undefined;
  let death: HandlerFault | undefined;
  const started = Promise.withResolvers<void>();

  const die = (what: HandlerFault, timedOut = false) => {
    alive = false;
    death ??= what;
    started.resolve();
    settle?.(failed(what, timedOut));
    settle = undefined;
    // Ending a thread takes a moment in which nobody waits for it.
    void worker.terminate();
  };

  worker.on('message', (message: ThreadMessage) => {
    switch (message.kind) {
      case 'ready':
        started.resolve();
        break;
      case 'initFailed':
        die(message.fault);
        break;
      case 'result':
        settle?.({ kind: 'result', payload: message.payload });
        settle = undefined;
        break;
      case 'fault':
        settle?.(failed(message.fault));
        settle = undefined;
        break;
    }
  });
  worker.on('error', (error: unknown) => {
    die(
      error instanceof Error
        ? { errorType: error.name, errorMessage: error.message, trace: error.stack ?? '' }
        : fault('Runtime.UnhandledPromiseRejection', String(error)),
    );
  });
  worker.on('exit', (code) => {
    if (alive) die(fault('Runtime.ExitError', `RequestId: exited with code ${code}`));
  });

  const initTimer = setTimeout(() => {
    die(fault('Sandbox.Timedout', `Init timed out after ${INIT_TIMEOUT_MS / 1_000} seconds`), true);
  }, INIT_TIMEOUT_MS);
  void started.promise.then(() => clearTimeout(initTimer));

  return {
    get alive() {
      return alive;
    },
    async invoke(event, requestId, traceHeader) {
      await started.promise;
      if (death !== undefined) return failed(death);
      const timeoutMs = resource.timeoutSeconds * 1_000;
      const message: InvokeMessage = {
        requestId,
        event,
        traceHeader,
        deadline: Date.now() + timeoutMs,
        functionName: resource.name,
        functionArn: resource.arn,
        memoryMb: resource.memoryMb,
      };
      const outcome = Promise.withResolvers<InvocationOutcome>();
      settle = outcome.resolve;
      const timer = setTimeout(() => {
        die(
          fault('Sandbox.Timedout', `Task timed out after ${resource.timeoutSeconds.toFixed(2)} seconds`),
          true,
        );
      }, timeoutMs);
      thaw();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
      worker.postMessage(message);
      try {
        return await outcome.promise;
      } finally {
        clearTimeout(timer);
      }
    },
    passFrozenTime(ms) {
      if (freezer !== undefined) Atomics.add(freezer.jumpMs, 0, ms);
    },
    async end() {
      alive = false;
      thaw();
      started.resolve();
      death ??= fault('Runtime.Ended', 'The function was ended.');
      settle?.(failed(death));
      settle = undefined;
      await worker.terminate();
    },
  };
}
