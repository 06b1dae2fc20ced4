import { createWriteStream, mkdirSync, renameSync, statSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { LocalAws } from '../aws/local-aws.ts';
import { LOG_LEVELS, type Deployment, type FunctionResource, type LogLevel } from '../deployment.ts';
import type { XrayDaemon } from '../xray/xray-daemon.ts';
import { functionEnvironment } from './environment.ts';
import { createPool, type FunctionPool } from './function-pool.ts';
import type { InvocationOutcome } from './function-instance.ts';

export interface FunctionRunner {
  /**
   * Runs the function once; never rejects for what the handler does. Throws for a function that is not deployed.
   *
   * @param messageHeaders `AWSTraceHeader` of the messages that the event holds
   */
  invoke(functionArn: string, event: unknown, messageHeaders?: readonly string[]): Promise<InvocationOutcome>;
  /** The function's next invocations run the code that is in its folder now; running ones end with the old. */
  refresh(functionArn: string): void;
  /** For functions that are frozen now, this much time will have gone by when they go on. */
  passFrozenTime(ms: number): void;
  /** Running instances over all functions. */
  instances(): number;
  stop(): Promise<void>;
}

export interface RunnerOptions {
  readonly deployment: Pick<Deployment, 'functions' | 'region'>;
  readonly aws: Pick<LocalAws, 'addresses' | 'credentialsFor'>;
  readonly xray: Pick<XrayDaemon, 'address' | 'begin'>;
  /** Each function's output goes to `<function>.log` in this folder. */
  readonly logDirectory: string;
  /** One line of a function's output, as it wrote it. */
  readonly onLine?: (functionName: string, line: string) => void;
  readonly concurrency?: number;
  readonly idleMs?: number;
  /** Stops functions between invocations, as Lambda does. @default false */
  readonly freezesIdle?: boolean;
}

/** Per function: enough for one machine, where each instance takes some 40 MB. A queue's cap is its event source's. */
const CONCURRENCY = 4;
const IDLE_MS = 120_000;

/** A log that has grown is put aside when its function starts; the one before it goes. */
const LOG_LIMIT_BYTES = 20 * 1024 * 1024;

function logFileFor(directory: string, functionName: string): string {
  const file = join(directory, `${functionName}.log`);
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_LIMIT_BYTES) renameSync(file, `${file}.1`);
  return file;
}

/** A line that Lambda reads the level of: JSON with both. */
const levelledSchema = z.object({
  level: z.string().toUpperCase().pipe(z.enum(LOG_LEVELS)),
  timestamp: z.iso.datetime({ offset: true }),
});

/**
 * Whether a line gets into the log group. What says no level, as metrics in CloudWatch's embedded format, is `INFO`;
 * what was written with `console.error` is no less than `ERROR`.
 */
function isWritten(line: string, stream: 'stdout' | 'stderr', lowest: LogLevel | undefined): boolean {
  if (lowest === undefined) return true;
  let level: LogLevel = stream === 'stderr' ? 'ERROR' : 'INFO';
  try {
    level = levelledSchema.parse(JSON.parse(line)).level;
  } catch {
    // No JSON, or without a level.
  }
  return LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(lowest);
}

/** Every function of the deployment, started when first called. */
export function createFunctionRunner(options: RunnerOptions): FunctionRunner {
  const {
    deployment,
    aws,
    xray,
    logDirectory,
    onLine,
    concurrency = CONCURRENCY,
    idleMs = IDLE_MS,
    freezesIdle = false,
  } = options;
  mkdirSync(logDirectory, { recursive: true });
  const pools = new Map<string, FunctionPool>();
  const logs: WriteStream[] = [];

  function startPool(resource: FunctionResource): FunctionPool {
    const log = createWriteStream(logFileFor(logDirectory, resource.name), { flags: 'a' });
    // A full disk must not end the stack; the callback still tells each line.
    log.on('error', () => undefined);
    logs.push(log);
    const environment = functionEnvironment(resource, {
      region: deployment.region,
      credentials: aws.credentialsFor(resource.roleArn),
      awsUrl: aws.addresses.awsUrl,
      xrayAddress: xray.address,
    });
    return createPool(resource, environment, {
      concurrency,
      idleMs,
      beginTrace: xray.begin,
      freezesIdle,
      onLine: (line, stream) => {
        if (!isWritten(line, stream, resource.logLevel)) return;
        log.write(`${line}\n`);
        onLine?.(resource.name, line);
      },
    });
  }

  return {
    invoke(functionArn, event, messageHeaders = []) {
      let pool = pools.get(functionArn);
      if (pool === undefined) {
        const resource = deployment.functions.find(({ arn }) => arn === functionArn);
        if (resource === undefined)
          return Promise.reject(new Error(`No function ${functionArn} is deployed.`));
        pool = startPool(resource);
        pools.set(functionArn, pool);
      }
      return pool.invoke(event, messageHeaders);
    },
    refresh: (functionArn) => pools.get(functionArn)?.refresh(),
    passFrozenTime: (ms) => {
      for (const pool of pools.values()) pool.passFrozenTime(ms);
    },
    instances: () => [...pools.values()].reduce((sum, pool) => sum + pool.instances, 0),
    async stop() {
      await Promise.all([...pools.values()].map((pool) => pool.stop()));
      await Promise.all(
        logs.map(
          (log) =>
            new Promise<void>((resolve) => {
              log.end(resolve);
            }),
        ),
      );
    },
  };
}
