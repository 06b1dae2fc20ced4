import crypto from 'node:crypto';
import type { TimerOptions } from 'node:timers';
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Turns } from './turns.ts';

/** What the functions reach of the world outside, as one seed answers it. */
export interface Outside {
  readonly turns: Turns;
  /** DynamoDB, by the command that the SDK's client is given. */
  readonly table: (command: Command) => Promise<unknown>;
  /** SQS. */
  readonly queues: (command: Command) => Promise<unknown>;
  /** Secrets Manager. */
  readonly secrets: (command: Command) => Promise<unknown>;
  /** The game platform. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
}

export interface Command {
  readonly input: Readonly<Record<string, unknown>>;
}

let outside: Outside | undefined;

/** Whose world the invocations that begin from now on live in. */
export function liveIn(next: Outside | undefined): void {
  outside = next;
}

/** The world of the invocation that asks; undefined for whatever is none, such as the test runner. */
const around = (): Outside | undefined => (outside?.turns.inside === undefined ? undefined : outside);

const real = {
  Date: globalThis.Date,
  setTimeout: globalThis.setTimeout,
  sleep: timers.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  fetch: globalThis.fetch,
  random: Math.random,
  timeout: AbortSignal.timeout.bind(AbortSignal),
  randomBytes: crypto.randomBytes,
};

class WorldDate extends real.Date {
  constructor(...given: unknown[]) {
    const world = around();
    if (given.length === 0 && world !== undefined) super(world.turns.now);
    else super(...(given as []));
  }
  static override now(): number {
    return around()?.turns.now ?? real.Date.now();
  }
}

function replaceSend(client: { readonly prototype: object }, edge: 'table' | 'queues' | 'secrets'): void {
  const prototype = client.prototype as { send: (command: Command, ...rest: unknown[]) => Promise<unknown> };
  const send = prototype.send;
  prototype.send = function sendInWorld(this: unknown, command, ...rest) {
    const world = around();
    return world === undefined ? send.call(this, command, ...rest) : world[edge](command);
  };
}

const randomBytes = (size: number): Buffer => {
  const world = around();
  return world === undefined
    ? real.randomBytes(size)
    : Buffer.from(Array.from({ length: size }, () => Math.floor(world.turns.random() * 256)));
};

const sleep = <T>(ms?: number, value?: T, options?: TimerOptions): Promise<T | undefined> => {
  const world = around();
  if (world === undefined) return real.sleep(ms, value, options);
  return new Promise((resolve) => {
    world.turns.after(ms ?? 0, () => resolve(value));
  });
};

let replaced = false;

/**
 * From now on clock, timers, chance, `fetch` and the AWS clients of code that runs in an invocation are the world's;
 * for all other code they stay what they are. To be called before the functions' code is loaded.
 */
export function replaceEdges(): void {
  if (replaced) return;
  replaced = true;
  globalThis.Date = WorldDate as unknown as DateConstructor;
  globalThis.setTimeout = ((work: () => void, ms = 0, ...rest: []) =>
    around()?.turns.after(ms, work) ?? real.setTimeout(work, ms, ...rest)) as typeof setTimeout;
  globalThis.clearTimeout = (timer: Parameters<typeof clearTimeout>[0]) => {
    outside?.turns.cancel(timer);
    if (typeof timer !== 'object' || !('fire' in timer)) real.clearTimeout(timer);
  };
  globalThis.fetch = (input, init) => {
    const world = around();
    return world === undefined
      ? real.fetch(input, init)
      : world.fetch(input instanceof Request ? input.url : String(input), init ?? {});
  };
  Math.random = () => around()?.turns.random() ?? real.random();
  AbortSignal.timeout = (ms) => (around() === undefined ? real.timeout(ms) : new AbortController().signal);
  timers.setTimeout = sleep as typeof timers.setTimeout;
  crypto.randomBytes = randomBytes as typeof crypto.randomBytes;
  syncBuiltinESMExports();
  replaceSend(DynamoDBDocumentClient, 'table');
  replaceSend(SQSClient, 'queues');
  replaceSend(SecretsManagerClient, 'secrets');
}
