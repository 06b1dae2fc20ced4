import { createWriteStream, mkdirSync, renameSync, statSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import type { LocalAws } from '../aws/local-aws.ts';
import type { Deployment, FunctionResource } from '../deployment.ts';
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
      onLine: (line) => {
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
