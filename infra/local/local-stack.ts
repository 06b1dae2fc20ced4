import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DASHBOARD_TASKS } from '#shared/dashboard/tasks.ts';
import { ROUTES } from '#shared/http/routes.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import type { Table } from '#shared/table/table.ts';
import type { SimulatorOptions } from '#test/game-platform-simulator/index.ts';
import { readCloudAssembly, type EditTemplate } from './emulator/assembly/cloud-assembly.ts';
import { loadDeployment } from './emulator/assembly/load-deployment.ts';
import type { LocalAws, SentMessage } from './emulator/aws/local-aws.ts';
import { build, FUNCTIONS, isBuilt, SITE } from './build/build-product.ts';
import { synthesize } from './build/synthesize.ts';
import type { Deployment, FunctionResource } from './emulator/deployment.ts';
import type { EdgeServer } from './emulator/edge/edge-server.ts';
import { createDistribution } from './emulator/edge/distribution.ts';
import { createHttpApi } from './emulator/edge/http-api.ts';
import { discoverKeys } from './emulator/edge/jwt-authorizer.ts';
import {
  GAME_PLATFORM_STAND_IN,
  openGamePlatform,
  setLocalPace,
  type GamePlatform,
  type Vendor,
} from './product/game-platform.ts';
import type { Trace } from './emulator/xray/trace-store.ts';
import { startXrayDaemon, type Traces } from './emulator/xray/xray-daemon.ts';
import { runCustomResources } from './emulator/lambda/custom-resources.ts';
import { createFunctionRunner, type FunctionRunner } from './emulator/lambda/function-runner.ts';
import { createOperator, openAws, portsOf } from './open-aws.ts';
import { LOCAL_SETTINGS } from './local-settings.ts';
import { openSitePort } from './emulator/edge/open-site-port.ts';
import { signInAsBrowser } from './product/sign-ins/browser-sign-in.ts';
import { createSignIns } from './product/sign-ins/create-sign-ins.ts';
import type { DemoUser } from './product/sign-ins/demo-people.ts';
import { createDemoFilling, progressLine, type DemoFilling } from './product/demo/demo-filling.ts';
import { withDemoNotice } from './product/demo/demo-notice.ts';
import type { SeedDemo } from './product/demo/seed-demo.ts';
import type { OnStackEvent } from './stack-events.ts';
import { announceRunning } from './state/running-stack.ts';
import { openStateFile, resetState } from './state/stack-state.ts';
import { lockState } from './state/state-lock.ts';
import { createTraceFile } from './state/trace-file.ts';
import { wiringProblems } from './product/wiring-problems.ts';
import { startWorkload } from './emulator/lambda/workload.ts';

export interface LiveParts {
  /** Belongs to the caller. */
  readonly edge: EdgeServer;
  /** Folder of a function's code; undefined for that of the assembly. */
  codeDirectory(functionName: string): string | undefined;
}

export interface LocalStackOptions {
  readonly stateDirectory: string;
  /** Port of the site on 127.0.0.1, 0 for any free one. @default the first free one from 4173 on */
  readonly port?: number;
  /** Sign-ins and nothing else. @default false */
  readonly empty?: boolean;
  /** Forgets everything that an earlier stack kept in the folder. @default false */
  readonly reset?: boolean;
  /** Changes the templates before they are read, as if the CDK app had written them so. */
  readonly editTemplate?: EditTemplate;
  /** Another table than the stage's, as after a restore; one that is there already keeps its rows. */
  readonly tableName?: string;
  /** Another vendor than the simulator. */
  readonly vendor?: Vendor;
  readonly simulator?: Omit<SimulatorOptions, 'port' | 'token'>;
  /** Fills the table on the first start. */
  readonly seedDemo?: SeedDemo;
  /** Starts when who can sign in finds everything of theirs, and puts the rest of the demo while it runs. @default false */
  readonly seedsBehind?: boolean;
  /** Freezes functions between invocations, as Lambda does. @default false */
  readonly freezesIdle?: boolean;
  readonly onEvent?: OnStackEvent;
  /** Each trace once, when its invocation has ended. */
  readonly onTrace?: (trace: Trace) => void;
  /** Each message when it enters a queue. */
  readonly onMessage?: (message: SentMessage) => void;
  /** Runs code that changes while the stack runs: nothing is built, and the edge outlives the stack. */
  readonly live?: LiveParts;
  /** Gives up starting, in order. */
  readonly signal?: AbortSignal;
}

export interface LocalStack {
  /** The site and, under /api, the API. */
  readonly url: string;
  readonly aws: LocalAws;
  readonly deployment: Deployment;
  readonly gamePlatform: GamePlatform;
  /** Rows with all rights, for tests. */
  readonly table: Table;
  readonly users: readonly DemoUser[];
  readonly functions: FunctionRunner;
  /** What functions told X-Ray. */
  readonly traces: Traces;
  /** Resolves when all of the demo is there; rejects when it was stopped or failed before. */
  readonly demoComplete: Promise<void>;
  /** Runs a function by the name of its folder; the result, or an error for a failed invocation. */
  invoke(functionName: string, event: unknown): Promise<unknown>;
  /** Ends in order: running invocations have a few seconds. */
  stop(): Promise<void>;
  /** Ends invocations in the middle of what they do. */
  kill(): Promise<void>;
}

/** A step that takes longer is told of while it runs. */
const SLOW_STEP_MS = 1_000;

export const STAGE = 'dev';
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Starts the product on this machine from its own CDK app: builds and synthesizes what has changed, makes what the
 * templates say, and runs it. Resolves once a sign-in has succeeded.
 *
 * @throws {Error} for whatever is missing, in the templates or on the machine, after everything started has ended
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const cleanUps: (() => Promise<void> | void)[] = [];
  const refusals: string[] = [];
  const onEvent: OnStackEvent = (event) => {
    if (event.event === 'refusal') refusals.push(event.message);
    options.onEvent?.(event);
  };
  try {
    return await start({ ...options, onEvent }, cleanUps);
  } catch (error) {
    await cleanUp(cleanUps);
    if (refusals.length === 0) throw error;
    // The error is often only what a refused call led to.
    const message = error instanceof Error ? error.message : String(error);
    throw new Error([message, 'AWS would have refused:', ...refusals].join('\n  '), { cause: error });
  }
}

/** Last begun, first ended; one that fails keeps no other from running. */
async function cleanUp(cleanUps: (() => Promise<void> | void)[]): Promise<void> {
  for (const end of cleanUps.splice(0).toReversed()) {
    try {
      await end();
    } catch (error) {
      console.error(error);
    }
  }
}

async function start(
  options: LocalStackOptions,
  cleanUps: (() => Promise<void> | void)[],
): Promise<LocalStack> {
  const { live, onEvent = () => undefined } = options;
  const stateDirectory = resolve(options.stateDirectory);
  const step = async <Result>(title: string, work: () => Promise<Result>): Promise<Result> => {
    options.signal?.throwIfAborted();
    const since = performance.now();
    const slow = setTimeout(() => onEvent({ event: 'slowStep', title }), SLOW_STEP_MS);
    const result = await work().finally(() => clearTimeout(slow));
    onEvent({ event: 'step', title, seconds: Math.round(performance.now() - since) / 1_000 });
    return result;
  };
  const onProblem = (message: string) => onEvent({ event: 'log', level: 'error', source: 'wiring', message });

  const { noticeMail, siteUrl } = LOCAL_SETTINGS;
  const mailDomains = [noticeMail.verifiedDomain];
  mkdirSync(stateDirectory, { recursive: true });
  cleanUps.push(lockState(stateDirectory, randomUUID()));
  if (options.reset === true) resetState(stateDirectory);
  const state = openStateFile(stateDirectory);
  const edge = live?.edge ?? (await openSitePort(options.port, onProblem));
  cleanUps.push(() => (live === undefined ? edge.stop() : edge.serve(undefined)));

  const changed = live === undefined ? [FUNCTIONS, SITE].filter((product) => !isBuilt(ROOT, product)) : [];
  const opening = {
    gamePlatform: step('Start the game platform', async () => {
      const { ports, simulatorToken } = state.read();
      const kept = { port: ports.simulator, token: simulatorToken };
      const platform = await openGamePlatform(options.vendor, kept, stateDirectory, options.simulator ?? {});
      cleanUps.push(() => platform.simulator?.stop());
      if (platform.simulator !== undefined) {
        state.change({
          simulatorToken: platform.token,
          ports: { ...state.read().ports, simulator: Number(new URL(platform.baseUrl).port) },
        });
      }
      return platform;
    }),
    aws: step('Start AWS stand-ins', async () => {
      const standIns = await openAws(
        stateDirectory,
        state.read().ports,
        onEvent,
        mailDomains,
        options.onMessage,
      );
      cleanUps.push(() => standIns.stop());
      return standIns;
    }),
  };
  const assembling = (after?: Promise<unknown>) =>
    synthesize({
      root: ROOT,
      stage: STAGE,
      gamePlatformApiBaseUrl: GAME_PLATFORM_STAND_IN,
      tableName: options.tableName,
      signal: options.signal,
      after,
    });
  const builds = changed.map((product) => step(product.title, () => build(ROOT, product, options.signal)));
  const assembled = builds.length === 0 ? undefined : assembling(allOrError(builds));
  assembled?.catch(() => undefined);
  await allOrError([...Object.values(opening), ...builds]);
  const gamePlatform = await opening.gamePlatform;
  const aws = await opening.aws;
  state.change({ ports: { ...state.read().ports, ...portsOf(aws) } });

  const assembly = await step('Synthesize the CDK app', () => assembled ?? assembling());
  const stacks = readCloudAssembly(assembly.directory, options.editTemplate);
  const loading = {
    stacks,
    stage: STAGE,
    addresses: { ...aws.addresses, siteUrl: edge.url },
    replacements: {
      [GAME_PLATFORM_STAND_IN]: gamePlatform.baseUrl,
      [siteUrl]: edge.url,
    },
  };
  const deployment = await step('Deploy tables, queues, secrets and sign-in', async () => {
    await aws.deploy(loadDeployment(loading), {
      [`coach-dashboard/${STAGE}/game-platform-token`]: gamePlatform.token,
    });
    const loaded = loadDeployment({ ...loading, secretLookup: (name) => aws.secretValue(name) });
    return { ...loaded, functions: loaded.functions.map((one) => withCode(one, live)) };
  });
  const operator = createOperator(aws, deployment);
  await operator.putSecret(`coach-dashboard/${STAGE}/game-platform-token`, gamePlatform.token);

  const traceFile = createTraceFile(stateDirectory);
  const xray = await startXrayDaemon({
    onTrace(trace) {
      traceFile.add(trace);
      options.onTrace?.(trace);
    },
  });
  cleanUps.push(() => xray.stop());
  const functions = createFunctionRunner({
    deployment,
    aws,
    xray,
    logDirectory: join(stateDirectory, 'logs'),
    ...(options.freezesIdle === undefined ? {} : { freezesIdle: options.freezesIdle }),
    onLine: (functionName, line) => onEvent({ event: 'functionLog', functionName, line }),
  });
  cleanUps.push(() => functions.stop());
  await step('Run custom resources', async () => {
    const physicalIds = await runCustomResources({
      deployment,
      runner: functions,
      known: state.read().physicalIds,
    });
    state.change({ physicalIds });
  });

  const password = state.read().password ?? newPassword();
  state.change({ password });
  const users = await step('Make the sign-ins', () => {
    const [userPool] = deployment.userPools;
    if (userPool === undefined) throw new Error('The CDK app has no user pool.');
    return createSignIns({
      client: operator.cognito,
      userPool,
      repository: createIdentityRepository(operator.table),
      password,
      now: () => new Date(),
    });
  });
  const { seedDemo } = options;
  const { simulator } = gamePlatform;
  await step('Set the pace', () =>
    setLocalPace(createSettingsRepository(operator.table), simulator === undefined ? 'vendor' : 'simulator'),
  );
  // Never into another vendor's roster: the demo's platform accounts exist in the simulator only.
  const fills = options.empty !== true && seedDemo !== undefined && simulator !== undefined;
  const stopping = new AbortController();
  const filling =
    fills && !state.read().seeded
      ? createDemoFilling(
          seedDemo,
          {
            table: operator.table,
            simulator,
            gamePlatformToken: gamePlatform.token,
            timeZone: programTimeZone(deployment),
            signal:
              options.signal === undefined
                ? stopping.signal
                : AbortSignal.any([options.signal, stopping.signal]),
          },
          state,
          {
            now: () => new Date(),
            onProgress: (progress) =>
              onEvent({ event: 'log', level: 'info', source: 'demo', message: progressLine(progress) }),
          },
        )
      : undefined;
  if (!fills && state.read().demo === undefined) state.change({ seeded: true });
  if (filling !== undefined && options.seedsBehind === true) {
    await step('Put the demo data of the coaches who can sign in', () => filling.untilUsable());
  } else if (filling !== undefined) await step('Put the demo data', () => filling.fillUp());

  const api = createHttpApi({ deployment, runner: functions, keysOf: discoverKeys(), onProblem });
  const site = createDistribution({ distribution: deployment.distribution, api, onProblem });
  edge.serve(filling === undefined ? site : withDemoNotice(site, filling.progress));
  await step('Sign in once', async () => {
    const [user] = users;
    if (user !== undefined) await signInAsBrowser({ url: edge.url, ...user });
  });
  for (const problem of wiringProblems(deployment, ROUTES)) onProblem(problem);
  const workload = startWorkload(deployment, aws, functions, onProblem);
  cleanUps.push(() => workload.stop());

  const mailboxUrl = `${aws.addresses.loginUrl}/mailbox`;
  const running = {
    url: edge.url,
    gamePlatformUrl: gamePlatform.baseUrl,
    mailboxUrl,
    users,
    aws: { url: aws.addresses.awsUrl, ...aws.operatorCredentials },
  };
  cleanUps.push(announceRunning(stateDirectory, running));
  onEvent({ event: 'ready', ...running });

  const demoComplete = filling === undefined ? Promise.resolve() : fillBehind(filling, deployment, aws);
  cleanUps.push(async () => {
    stopping.abort();
    await demoComplete.catch(() => undefined);
  });
  demoComplete.catch((error: unknown) => {
    if (stopping.signal.aborted) return;
    const message = `The demo data is not complete, the next start goes on: ${String(error)}`;
    onEvent({ event: 'log', level: 'error', source: 'demo', message });
  });
  return {
    demoComplete,
    url: edge.url,
    aws,
    deployment,
    gamePlatform,
    table: operator.table,
    users,
    functions,
    traces: xray.traces,
    async invoke(functionName, event) {
      const target = deployment.functions.find(
        ({ name }) => name === functionName || name.endsWith(`-${functionName}`),
      );
      if (target === undefined) throw new Error(`No function ${functionName} is deployed.`);
      const outcome = await functions.invoke(target.arn, event);
      if (outcome.kind === 'failed')
        throw new Error(`${outcome.fault.errorType}: ${outcome.fault.errorMessage}`);
      return JSON.parse(outcome.payload);
    },
    stop: () => cleanUp(cleanUps),
    async kill() {
      await workload.kill();
      await cleanUp(cleanUps);
    },
  };
}

/** Puts the rest of the demo; then the figures of all coaches are made anew, which else would be ten minutes later. */
async function fillBehind(
  filling: DemoFilling,
  { scheduleGroups }: Deployment,
  aws: LocalAws,
): Promise<void> {
  const { schedule } = DASHBOARD_TASKS.dashboard_rollup;
  if (!(await filling.fillUp()) || schedule === undefined) return;
  for (const { name } of scheduleGroups) aws.fireSchedule(name, schedule.name);
}

const withCode = (resource: FunctionResource, live: LiveParts | undefined): FunctionResource => ({
  ...resource,
  codeDirectory: live?.codeDirectory(resource.name) ?? resource.codeDirectory,
});

/** Waits for all of them also when one fails, so that what they opened can be closed. */
async function allOrError(work: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** As the template gives it to every function. */
function programTimeZone({ functions }: Deployment): string {
  const timeZone = functions
    .map(({ environment }) => environment['PROGRAMME_TIME_ZONE'])
    .find((zone) => zone);
  if (timeZone === undefined) throw new Error('No function has a PROGRAMME_TIME_ZONE.');
  return timeZone;
}

/** Long enough for any password policy, with every kind of character in it. */
const newPassword = (): string => `Demo-${randomBytes(9).toString('base64url')}-7a`;
