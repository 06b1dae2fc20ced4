import { randomUUID } from 'node:crypto';
import type { FunctionResource } from '../deployment.ts';
import type { XrayDaemon } from '../xray/xray-daemon.ts';
import { startInstance, type FunctionInstance, type InvocationOutcome } from './function-instance.ts';

/** Lambda refuses payloads over 6 MB each way. */
const PAYLOAD_LIMIT_BYTES = 6 * 1024 * 1024;

export interface PoolOptions {
  /** How many invocations run at once at most; further ones wait. */
  readonly concurrency: number;
  /** An instance that had nothing to do for this long is released. */
  readonly idleMs: number;
  readonly freezesIdle: boolean;
  readonly onLine: (line: string, stream: 'stdout' | 'stderr') => void;
  readonly beginTrace: XrayDaemon['begin'];
}

export interface FunctionPool {
  /** @param messageHeaders `AWSTraceHeader` of the messages that it is about */
  invoke(event: unknown, messageHeaders: readonly string[]): Promise<InvocationOutcome>;
  readonly instances: number;
  /** As {@link FunctionInstance.passFrozenTime}, for those that have nothing to do. */
  passFrozenTime(ms: number): void;
  /** Loads the code anew: idle instances end at once, running ones after their invocation. */
  refresh(): void;
  /** Ends all instances; running invocations fail. */
  stop(): Promise<void>;
}

type Failure = Extract<InvocationOutcome, { kind: 'failed' }>;

interface Entry {
  readonly instance: FunctionInstance;
  busy: boolean;
  /** Has old code, and ends after its invocation. */
  outdated: boolean;
  idleTimer: NodeJS.Timeout | undefined;
}

const failure = (errorType: string, errorMessage: string): Failure => ({
  kind: 'failed',
  fault: { errorType, errorMessage, trace: '' },
  timedOut: false,
});

/** All execution environments of one function: reused when free, started when needed, released when idle. */
export function createPool(
  resource: FunctionResource,
  environment: Readonly<Record<string, string>>,
  options: PoolOptions,
): FunctionPool {
  const entries = new Set<Entry>();
  const waiting: (() => void)[] = [];
  let starts = 0;
  let stopped = false;

  async function acquire(): Promise<Entry | undefined> {
    if (stopped) return undefined;
    const free = [...entries].find(({ busy }) => !busy);
    if (free !== undefined) {
      free.busy = true;
      clearTimeout(free.idleTimer);
      return free;
    }
    if (entries.size < options.concurrency) {
      starts += 1;
      const stream = `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${starts}`;
      const entry: Entry = {
        instance: startInstance(
          resource,
          { ...environment, AWS_LAMBDA_LOG_STREAM_NAME: stream },
          { onLine: options.onLine, freezesIdle: options.freezesIdle },
        ),
        busy: true,
        outdated: false,
        idleTimer: undefined,
      };
      entries.add(entry);
      return entry;
    }
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
    });
    return acquire();
  }

  function release(entry: Entry): void {
    entry.busy = false;
    if (entry.outdated || !entry.instance.alive) {
      entries.delete(entry);
      void entry.instance.end();
    } else {
      entry.idleTimer = setTimeout(() => {
        entries.delete(entry);
        void entry.instance.end();
      }, options.idleMs);
      entry.idleTimer.unref();
    }
    waiting.shift()?.();
  }

  async function run(
    payload: string,
    requestId: string,
    messageHeaders: readonly string[],
  ): Promise<InvocationOutcome> {
    if (Buffer.byteLength(payload) > PAYLOAD_LIMIT_BYTES) {
      return failure('RequestTooLarge', `Request must be smaller than ${PAYLOAD_LIMIT_BYTES} bytes`);
    }
    const entry = await acquire();
    if (entry === undefined) return failure('Runtime.Ended', 'The local stack is stopping.');
    try {
      const trace = options.beginTrace(resource, messageHeaders);
      const outcome = await entry.instance.invoke(payload, requestId, trace.header);
      trace.end(outcome);
      return outcome.kind === 'result' && Buffer.byteLength(outcome.payload) > PAYLOAD_LIMIT_BYTES
        ? failure(
            'Function.ResponseSizeTooLarge',
            'Response payload size exceeded maximum allowed payload size.',
          )
        : outcome;
    } finally {
      release(entry);
    }
  }

  return {
    get instances() {
      return entries.size;
    },
    async invoke(event, messageHeaders) {
      const requestId = randomUUID();
      const outcome = await run(JSON.stringify(event), requestId, messageHeaders);
      if (outcome.kind === 'failed') options.onLine(failureLine(resource.name, requestId, outcome), 'stdout');
      return outcome;
    },
    passFrozenTime(ms) {
      for (const { instance, busy } of entries) if (!busy) instance.passFrozenTime(ms);
    },
    refresh() {
      for (const entry of entries) {
        entry.outdated = true;
        if (entry.busy) continue;
        entries.delete(entry);
        clearTimeout(entry.idleTimer);
        void entry.instance.end();
      }
    },
    async stop() {
      stopped = true;
      const ending = [...entries].map(({ instance, idleTimer }) => {
        clearTimeout(idleTimer);
        return instance.end();
      });
      entries.clear();
      for (const wake of waiting.splice(0)) wake();
      await Promise.all(ending);
    },
  };
}

/** The line that Lambda itself writes for a failed invocation. */
function failureLine(functionName: string, requestId: string, { fault, timedOut }: Failure): string {
  return JSON.stringify({
    timestamp: new Date().toISOString(),
    level: 'ERROR',
    message: timedOut ? fault.errorMessage : 'Invoke Error',
    requestId,
    functionName,
    errorType: fault.errorType,
    errorMessage: fault.errorMessage,
    stackTrace: fault.trace.split('\n'),
  });
}
