import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, inject } from 'vitest';
import { startLocalStack, type LocalStack, type LocalStackOptions } from '#infra/local/local-stack.ts';
import { signInAsBrowser } from '#infra/local/product/sign-ins/browser-sign-in.ts';
import type { StackEvent } from '#infra/local/stack-events.ts';
import type { JobView } from '#shared/jobs/contract.ts';
import { allRows, namelessRows, notePeople, PersonalData, type Leak } from './personal-data.ts';
import { copySeededState } from './seeded-state.ts';

/** The whole product on a free port, with a state folder of its own that is gone afterwards. */

export interface TestStack extends LocalStack {
  /** What the stack told so far. */
  readonly events: readonly StackEvent[];
  /** Fires the schedule of the minute's dispatch now. */
  dispatch(): void;
  /** Has the minute's dispatch come every second until the work has ended. */
  dispatching<T>(work: Promise<T>): Promise<T>;
  /** Next invocations run in new execution environments, which remember no settings, no switch and no token. */
  renewFunctions(): void;
  /** Who is named where nobody may be; `stop` fails for anybody. */
  leaks(): Promise<readonly Leak[]>;
  /** What a test itself put where nobody may be named. */
  readonly planted: Set<string>;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  // Tests look into whatever came.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

export type Api = (method: string, path: string, init?: ApiCall) => Promise<ApiAnswer>;
export interface ApiCall {
  readonly body?: unknown;
  /** Sent as it is, instead of `body` as JSON. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const ADMIN = 'admin@example.com';
export const COACH = 'coach@example.com';
export const OTHER_COACH = 'coach-two@example.com';

/** Whom the tests of this file named in what they sent. */
const sentPeople: unknown[] = [];

export const newStateDirectory = (): string => mkdtempSync(join(tmpdir(), 'coach-dashboard-'));
export const removeStateDirectory = (directory: string): void =>
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });

export async function startTestStack(
  options: Partial<LocalStackOptions> & { readonly stateDirectory: string },
): Promise<TestStack> {
  const events: StackEvent[] = [];
  const told = new Map<string, string[]>([
    ['log', []],
    ['trace', []],
    ['message', []],
  ]);
  const tell = (where: string, text: string) => told.get(where)?.push(text);
  const stack = await startLocalStack({
    port: 0,
    ...options,
    onEvent: (event) => {
      events.push(event);
      if (event.event === 'functionLog') tell('log', event.line);
      options.onEvent?.(event);
    },
    onTrace: (trace) => {
      tell('trace', JSON.stringify(trace));
      options.onTrace?.(trace);
    },
    onMessage: (message) => {
      tell('message', JSON.stringify(message));
      options.onMessage?.(message);
    },
  });
  const planted = new Set<string>();
  const people = new PersonalData();
  notePeople(people, await allRows(stack.table));

  /** Nobody may be named in what the functions told, nor in rows that outlive an erasure. */
  async function leaks(): Promise<Leak[]> {
    const rows = await allRows(stack.table);
    notePeople(people, rows);
    const users = stack.gamePlatform.simulator?.model.people() ?? [];
    for (const person of [...users, ...sentPeople]) people.note(person);
    const found = people.find(new Map([...told, ...namelessRows(rows)]));
    return found.filter(({ what }) => !planted.has(what));
  }
  const dispatch = () => {
    for (const { name } of stack.deployment.scheduleGroups) stack.aws.fireSchedule(name, 'job-dispatcher');
  };
  return {
    ...stack,
    events,
    dispatch,
    dispatching: (work) => {
      const timer = setInterval(dispatch, 1_000);
      return work.finally(() => clearInterval(timer));
    },
    renewFunctions: () => {
      for (const { arn } of stack.deployment.functions) stack.functions.refresh(arn);
    },
    leaks,
    planted,
    stop: async () => {
      stack.aws.clearFaults();
      const found = await leaks();
      await stack.stop();
      if (found.length > 0) throw new Error(`Somebody is named: ${JSON.stringify(found.slice(0, 20))}`);
    },
  };
}

/**
 * One stack for the test file, with the demo of the two coaches who can sign in: copied from the one that was seeded
 * for the whole run, or put anew by `seedDemo`.
 */
export function useLocalStack(options: Partial<LocalStackOptions> = {}): () => TestStack {
  const stateDirectory = newStateDirectory();
  let stack: TestStack | undefined;
  beforeAll(async () => {
    if (options.seedDemo === undefined) copySeededState(inject('seededState'), stateDirectory);
    stack = await startTestStack({ stateDirectory, ...options });
  });
  afterAll(async () => {
    await stack?.stop();
    removeStateDirectory(stateDirectory);
  });
  return () => {
    if (stack === undefined) throw new Error('The stack runs in hooks and tests only.');
    return stack;
  };
}

/** Calls the API as somebody; `undefined`: as nobody. */
export async function apiOf(
  stack: Pick<LocalStack, 'url' | 'users'>,
  email: string | undefined,
): Promise<Api> {
  const user = stack.users.find((one) => one.email === email);
  const tokens = user === undefined ? undefined : await signInAsBrowser({ url: stack.url, ...user });
  return apiWithToken(stack.url, tokens?.accessToken);
}

export function apiWithToken(url: string, token: string | undefined): Api {
  return async (method, path, { body, text: sent, headers = {} } = {}) => {
    // The name of a schedule is nobody's.
    if (!path.startsWith('/api/admin/schedules')) sentPeople.push(body);
    const content = sent ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(content === undefined ? {} : { body: content }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  };
}

/** Generous, since it tells nothing about speed: a killed worker's claim and the dispatcher's minute fit into it. */
export const PATIENCE_MS = 300_000;

/** Asks again until it is so: ever more slowly, since each answer takes processor time from what is waited for. */
export async function until<T>(ask: () => Promise<T>, isSo: (value: T) => boolean, what: string): Promise<T> {
  const since = Date.now();
  for (;;) {
    const value = await ask();
    if (isSo(value)) return value;
    const waited = Date.now() - since;
    if (waited > PATIENCE_MS)
      throw new Error(`Waited in vain for: ${what}. Last seen: ${JSON.stringify(value)}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 100 + Math.min(waited / 8, 900));
    });
  }
}

/** Starts a job as an admin and waits for its end. */
export async function runJob(api: Api, taskType: string, payload: unknown = {}): Promise<JobView> {
  const started = await api('POST', '/api/admin/jobs', { body: { taskType, payload } });
  if (started.status !== 202) throw new Error(`The job was not started: ${JSON.stringify(started.body)}`);
  return finished(api, started.body.jobId);
}

export const finished = (api: Api, jobId: string): Promise<JobView> =>
  until(
    async (): Promise<JobView> => (await api('GET', `/api/jobs/${jobId}`)).body,
    (job) => job.finishedAt !== null,
    `the end of job ${jobId}`,
  );
