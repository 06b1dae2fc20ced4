import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { ApiReply } from '#shared/http/api-types.ts';
import type { ApiHandlers, SentRequest } from '#test/support/api-handlers.ts';
import type { HandleMessage } from '#shared/jobs/queue-entry.ts';
import type { QueueName } from '#shared/jobs/task-definition.ts';
import { SYSTEM_SCHEDULES } from '#shared/composition/tasks.ts';
import { createLog } from '#shared/kernel/log.ts';
import type { Table } from '#shared/table/table.ts';
import { liveIn } from './edges.ts';
import { LateIndexes } from './late-indexes.ts';
import type { SendCommand } from './lean-client.ts';
import { API_LIMIT_MS, apiOf, QUEUE_FUNCTIONS, setEnvironment } from './functions.ts';
import { Queues, type Message } from './queues.ts';
import { TroubledTable } from './table-troubles.ts';
import { Turns, type End, type Invocation, type Kill } from './turns.ts';
import { BASE_URL, Vendor } from './vendor.ts';

export type Row = Readonly<Record<string, unknown>>;

/** Something that was begun, and what to do when it has ended. */
export interface Begun {
  readonly invocation: Invocation;
  readonly after: () => Promise<void>;
}

export interface Request {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const WARM = 2;
const CALLER = {
  sub: 'sub-1',
  role: 'admin',
  name: 'Marisol Vega',
  email: 'marisol@example.org',
  coachId: null,
  actingAs: null,
} as const;

/** The deployed functions, their queues and schedules, one table and one platform, on one clock. */
export class World {
  readonly turns: Turns;
  readonly vendor: Vendor;
  readonly queues: Queues;
  readonly troubled: TroubledTable;
  readonly indexes: LateIndexes;
  readonly table: Table;
  /** What happened, one line each. */
  readonly story: string[] = [];
  /** Errors that the functions logged. */
  readonly errors: string[] = [];
  readonly #warm = new Map<QueueName, HandleMessage[]>();
  readonly #warmApis = new Map<string, ApiHandlers>();
  #requests = 0;
  readonly #log = createLog((level, message, fields) => {
    if (level === 'error') this.errors.push(`${message} ${JSON.stringify(fields)}`);
  });

  /** @param indexCopy a second empty table, whose indexes stand for those of the first */
  constructor(seed: number, table: Table, indexCopy: Table, send: SendCommand, start: Date) {
    this.table = table;
    this.turns = new Turns(seed, start);
    this.vendor = new Vendor(seed, this.turns);
    this.queues = new Queues(() => this.turns.now);
    const { turns } = this;
    this.indexes = new LateIndexes(
      send,
      { table: table.name, copy: indexCopy.name },
      { now: () => turns.now, random: turns.random },
    );
    this.troubled = new TroubledTable(this.indexes.send, turns.random);
    liveIn({
      turns,
      table: (command) => turns.step(command.constructor.name, () => this.troubled.send(command)),
      queues: (command) => turns.step(command.constructor.name, () => this.queues.send(command)),
      secrets: (command) =>
        turns.step(command.constructor.name, () => Promise.resolve({ SecretString: 'platform-token' })),
      fetch: this.vendor.fetch,
    });
    setEnvironment(table.name, BASE_URL);
  }

  get nowUnix(): number {
    return Math.floor(this.turns.now / 1_000);
  }

  tell(line: string): void {
    this.story.push(`${new Date(this.turns.now).toISOString().slice(5, 19)} ${line}`);
  }

  /** Puts a schedule's message on its queue, as Scheduler does. */
  fire(name: string): void {
    const schedule = SYSTEM_SCHEDULES.find((one) => one.name === name);
    if (schedule === undefined) throw new Error(`There is no schedule ${name}.`);
    const at = new Date(this.turns.now - (this.turns.now % 60_000)).toISOString();
    this.queues.put('work', JSON.stringify(schedule.message).replace('<aws.scheduler.scheduled-time>', at));
  }

  /** A worker takes one of the visible messages; undefined when there is none. */
  take(queue: QueueName, kill?: Kill): Begun | undefined {
    const visible = this.queues.visible(queue);
    const message = visible[Math.floor(this.turns.random() * visible.length)];
    return message === undefined ? undefined : this.#work(queue, message, kill);
  }

  #work(queue: QueueName, message: Message, kill: Kill | undefined): Begun {
    const worker = QUEUE_FUNCTIONS[queue];
    const warm = this.#warm.get(queue) ?? [];
    const handle = warm.pop() ?? worker.build(this.#log);
    this.#warm.set(queue, warm);
    message.receives += 1;
    message.visibleAt = this.turns.now + worker.hiddenMs;
    const { receives } = message;
    const { invocation, end } = this.turns.begin(
      worker.name,
      { limitMs: worker.limitMs, kill },
      async (remainingMs) =>
        handle(
          JSON.parse(message.body),
          { receiveCount: receives, remainingMs, receiptHandle: message.id },
          this.#log,
        ),
    );
    const after = async () => {
      const ended = await end;
      const alive = ended.kind === 'done' || ended.kind === 'failed';
      if (alive && warm.length < WARM) warm.push(handle);
      if (ended.kind !== 'done' || ended.value !== 'acknowledge') {
        const how = ended.kind === 'failed' ? `failed: ${String(ended.error)}` : ended.kind;
        this.tell(`  ${worker.name} ${message.body} ${ended.kind === 'done' ? 'retry' : how}`);
        if (message.receives < worker.receives) return;
        this.queues.deadLetters.push({ queue, body: message.body });
        this.queues.hits.push('dead letter');
      }
      this.queues.remove(queue, message);
    };
    return { invocation, after };
  }

  /** A request of an admin, to a function of its own. `ended` is told what became of it. */
  request(route: string, request: Request, ended: (end: End<ApiReply>) => void, kill?: Kill): Begun {
    this.#requests += 1;
    const requestId = `req-${this.#requests}`;
    const { name, build } = apiOf(route);
    const handlers = this.#warmApis.get(name) ?? build(this.#log);
    this.#warmApis.set(name, handlers);
    const { invocation, end } = this.turns.begin('api', { limitMs: API_LIMIT_MS, kill }, (remainingMs) => {
      const full: SentRequest = {
        routeKey: route,
        params: request.params ?? {},
        query: request.query ?? {},
        headers: request.headers ?? {},
        body: request.body,
        rawBody: undefined,
        requestId,
        remainingMs,
        log: this.#log,
        caller: CALLER,
      };
      const handle = handlers[route];
      if (handle === undefined) throw new Error(`Nobody serves ${route}.`);
      return handle(full);
    });
    return {
      invocation,
      after: async () => {
        const one = await end;
        if (one.kind === 'died' || one.kind === 'timed_out') this.#warmApis.delete(name);
        const why =
          one.kind === 'done' ? one.value.status : one.kind === 'failed' ? String(one.error) : one.kind;
        this.tell(`  ${route} ${JSON.stringify(request)} → ${why}`);
        ended(one);
      },
    };
  }

  /** Lets all of these run to their ends, in turns. */
  async together(begun: readonly (Begun | undefined)[]): Promise<void> {
    const all = begun.filter((one) => one !== undefined);
    await this.turns.drive(all.map(({ invocation }) => invocation));
    for (const { after } of all) await after();
  }

  /** All messages that can be seen, and what they bring about, a few at a time. */
  async deliverAll(): Promise<void> {
    for (let round = 0; round < 300; round += 1) {
      const begun = (['work', 'sync', 'sync', 'roster', 'roster'] as const).map((queue) => this.take(queue));
      if (begun.every((one) => one === undefined)) return;
      await this.together(begun);
    }
    throw new Error('Messages make more messages without an end.');
  }

  async rows(): Promise<Row[]> {
    const rows: Row[] = [];
    let from: Record<string, unknown> | undefined;
    do {
      const page = await this.client.send(
        new ScanCommand({ TableName: this.table.name, ConsistentRead: true, ExclusiveStartKey: from }),
      );
      rows.push(...(page.Items ?? []));
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
    return rows;
  }

  get client(): DynamoDBDocumentClient {
    return this.table.client;
  }

  close(): void {
    liveIn(undefined);
  }
}
