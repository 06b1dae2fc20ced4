import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** What DynamoDB's units were spent on. */
export const PLACES = [
  'sync state',
  'reads without news',
  'jobs and parts',
  'reading guard',
  'call budget',
  'settings',
  'solves and counters',
  'totals flags',
  'Flash CTF',
  'policy',
  'other',
] as const;
export type Place = (typeof PLACES)[number];

/** The first that fits the partition key of the row (or index) that a call is about. */
const PLACE_OF: readonly (readonly [RegExp, Place])[] = [
  [/^SYNC#/, 'sync state'],
  [/^QUIET#/, 'reads without news'],
  [/^JOB/, 'jobs and parts'],
  [/^READING$/, 'reading guard'],
  [/^BUDGET/, 'call budget'],
  [/^SETTINGS$/, 'settings'],
  [/^TOTALS_/, 'totals flags'],
  [/^FLASH_/, 'Flash CTF'],
  [/^SYNC_/, 'policy'],
  [/^COMP#/, 'solves and counters'],
];

export interface Units {
  readonly reads: number;
  readonly writes: number;
}

export interface Metered {
  readonly units: Readonly<Record<Place, Units>>;
  /** Calls to DynamoDB, and requests to SQS. */
  readonly tableCalls: number;
  /** Items that DynamoDB gave. */
  readonly items: number;
  readonly queueRequests: number;
}

type Fields = Readonly<Record<string, unknown>>;
type Send = (command: { readonly constructor: { readonly name: string }; readonly input: Fields }) => unknown;

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};

/** Partition keys that a request names, wherever it names them. */
function partitionsIn(input: Fields): string[] {
  const keysOf = (value: unknown): string[] => {
    const { pk } = fieldsOf(value);
    return typeof pk === 'string' ? [pk] : [];
  };
  const transaction = Array.isArray(input['TransactItems']) ? input['TransactItems'] : [];
  const batches = Object.values(fieldsOf(input['RequestItems'])).map(fieldsOf);
  return [
    ...keysOf(input['Key']),
    ...keysOf(input['Item']),
    ...transaction.flatMap((item) => Object.values(fieldsOf(item)).map(fieldsOf).flatMap(partitionsIn)),
    ...batches.flatMap(({ Keys: wanted }) => (Array.isArray(wanted) ? wanted.flatMap(keysOf) : [])),
    // A query compares its partition key first.
    ...(input['KeyConditionExpression'] === undefined
      ? []
      : Object.values(fieldsOf(input['ExpressionAttributeValues']))
          .slice(0, 1)
          .filter((pk) => typeof pk === 'string')),
  ];
}

/** What a call is about. Where it is about several things, the one that it would not be made without. */
export function placeOf(input: Fields): Place {
  const found = partitionsIn(input).map(
    (partition) => PLACE_OF.find(([pattern]) => pattern.test(partition))?.[1] ?? 'other',
  );
  return found.find((place) => place === 'solves and counters') ?? found[0] ?? 'other';
}

function unitsOf(answer: unknown): number {
  const consumed = fieldsOf(answer)['ConsumedCapacity'];
  return [consumed]
    .flat()
    .reduce((sum: number, each) => sum + Number(fieldsOf(each)['CapacityUnits'] ?? 0), 0);
}

/** Of a get, a query, or a batch. */
function itemsIn(answer: unknown): number {
  const { Item: one, Items: some, Responses: batches } = fieldsOf(answer);
  const lists = [some, ...Object.values(fieldsOf(batches))];
  return lists.reduce(
    (sum: number, list) => sum + (Array.isArray(list) ? list.length : 0),
    one === undefined ? 0 : 1,
  );
}

const READS = /^(Get|BatchGet|Query|Scan|TransactGet)/;

export class Meter {
  readonly #units = new Map<Place, { reads: number; writes: number }>();
  #tableCalls = 0;
  #items = 0;
  #queueRequests = 0;
  readonly #undo: (() => void)[] = [];

  /** Counts what every client of this process asks for from now on, but for {@link unmetered} ones. */
  start(): void {
    this.#hook(DynamoDBDocumentClient.prototype, async (send, command) => {
      Object.assign(command.input, { ReturnConsumedCapacity: 'TOTAL' });
      const answer = await send(command);
      this.#tableCalls += 1;
      this.#items += itemsIn(answer);
      const place = placeOf(command.input);
      const kept = this.#units.get(place) ?? { reads: 0, writes: 0 };
      kept[READS.test(command.constructor.name) ? 'reads' : 'writes'] += unitsOf(answer);
      this.#units.set(place, kept);
      return answer;
    });
    this.#hook(SQSClient.prototype, (send, command) => {
      this.#queueRequests += 1;
      return send(command);
    });
  }

  stop(): void {
    for (const undo of this.#undo.splice(0)) undo();
  }

  /** What was counted since the last time. */
  take(): Metered {
    const units = Object.fromEntries(
      PLACES.map((place) => [place, { ...(this.#units.get(place) ?? { reads: 0, writes: 0 }) }]),
    ) as Record<Place, Units>;
    const taken = {
      units,
      tableCalls: this.#tableCalls,
      items: this.#items,
      queueRequests: this.#queueRequests,
    };
    this.#units.clear();
    this.#tableCalls = 0;
    this.#items = 0;
    this.#queueRequests = 0;
    return taken;
  }

  #hook(prototype: object, around: (send: Send, command: Parameters<Send>[0]) => unknown): void {
    const inherited = (prototype as { send: Send }).send;
    Object.defineProperty(prototype, 'send', {
      configurable: true,
      value(this: unknown, command: Parameters<Send>[0], ...more: unknown[]) {
        return around((one) => Reflect.apply(inherited, this, [one, ...more]), command);
      },
    });
    this.#undo.push(() => Reflect.deleteProperty(prototype, 'send'));
  }
}

/** The same client, never counted. */
export function unmetered(client: DynamoDBDocumentClient): DynamoDBDocumentClient {
  const send = client.send.bind(client);
  return Object.assign(Object.create(client) as DynamoDBDocumentClient, { send });
}

export const totalOf = ({ units }: Metered): Units =>
  Object.values(units).reduce(
    (sum, { reads, writes }) => ({ reads: sum.reads + reads, writes: sum.writes + writes }),
    { reads: 0, writes: 0 },
  );
