import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
  type BatchWriteCommandInput,
  type PutCommandInput,
  type QueryCommandInput,
  type TransactWriteCommandInput,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { chunks, mapAtOnce } from '#shared/kernel/at-once.ts';
import { requestTimeouts } from '#shared/kernel/aws-requests.ts';
import { NO_TRACING, type Tracing } from '#shared/kernel/tracing.ts';
import { condition, equals, notExists } from './expressions.ts';
import { OwnError } from '#shared/kernel/errors.ts';

/** One write of a transaction. All its fields are optional, so that a promise of one would pass for one. */
export type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number] & {
  readonly then?: never;
};

/** The table as repositories see it. */
export interface Table {
  readonly name: string;
  readonly client: DynamoDBDocumentClient;
}

/** DynamoDB answers in milliseconds; a call that takes longer than this is tried again on another connection. */
const REQUEST_TIMEOUT_MS = 5_000;

export function createTable(name: string, tracing: Pick<Tracing, 'client'> = NO_TRACING): Table {
  const client = new DynamoDBClient({
    maxAttempts: 5,
    requestHandler: requestTimeouts(REQUEST_TIMEOUT_MS),
  });
  return { name, client: documentClientOf(tracing.client(client)) };
}

/**
 * The client as every repository expects it. Without the SDK's logging, which walks through each answer to hide what is
 * secret in it, also when nobody logs: a tenth of the time that a large answer takes.
 */
export function documentClientOf(client: DynamoDBClient): DynamoDBDocumentClient {
  client.middlewareStack.remove('loggerMiddleware');
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}

/** All items of a query, page after page. The caller parses each item. */
export async function* queryAll(
  table: Table,
  input: Omit<QueryCommandInput, 'TableName'>,
): AsyncGenerator<Record<string, unknown>> {
  let startKey: QueryCommandInput['ExclusiveStartKey'];
  do {
    const page = await table.client.send(
      new QueryCommand({ ...input, TableName: table.name, ExclusiveStartKey: startKey }),
    );
    yield* page.Items ?? [];
    startKey = page.LastEvaluatedKey;
  } while (startKey !== undefined);
}

/** At most `limit` items of a query, after this key; fewer: there are no more. The caller parses each item. */
export async function queryPage(
  table: Table,
  input: Omit<QueryCommandInput, 'TableName'>,
  { limit, after }: { readonly limit: number; readonly after: Record<string, unknown> | undefined },
): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  let start = after;
  do {
    const page = await table.client.send(
      new QueryCommand({
        ...input,
        TableName: table.name,
        Limit: limit - found.length,
        ExclusiveStartKey: start,
      }),
    );
    found.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start !== undefined && found.length < limit);
  return found;
}

const CONFLICT_ATTEMPTS = 6;
const CONFLICT_BASE_MS = 25;

/** A condition failed, and nothing was written. */
export class TransactionRefusedError extends OwnError {
  override readonly name = 'TransactionRefusedError';
  constructor(
    /** Cancellation reason codes by item, in the order of the request; `None` where that item was fine. */
    readonly reasons: readonly string[],
    options?: ErrorOptions,
  ) {
    super(`The transaction was refused: ${reasons.join(', ')}`, options);
  }
}

/** Other transactions or throttling outlasted every try; nothing was written, and no condition is known to have failed. */
export class TransactionContendedError extends OwnError {
  override readonly name = 'TransactionContendedError';
  constructor(
    /** As those of {@link TransactionRefusedError}. */
    readonly reasons: readonly string[],
    options?: ErrorOptions,
  ) {
    super(`The transaction did not get through: ${reasons.join(', ')}`, options);
  }
}

/**
 * Whether somebody else wrote the same items first or is writing them: the change has to be decided anew. Throttling is
 * not that.
 */
export const lostRace = (error: unknown): boolean =>
  error instanceof TransactionRefusedError ||
  (error instanceof TransactionContendedError &&
    error.reasons.every((code) => code === 'None' || code === 'TransactionConflict'));

/**
 * Writes all items or none. Conflicts with another transaction and throttling are tried again with full-jitter
 * exponential backoff, and are {@link TransactionContendedError} when that does not help; a failed condition is
 * {@link TransactionRefusedError}.
 */
export async function transactWrite(
  table: Table,
  items: NonNullable<TransactWriteCommandInput['TransactItems']>,
  random: () => number = Math.random,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await table.client.send(new TransactWriteCommand({ TransactItems: items }));
      return;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const reasons = (error.CancellationReasons ?? []).map((reason) => reason.Code ?? 'None');
      if (reasons.includes('ConditionalCheckFailed'))
        throw new TransactionRefusedError(reasons, { cause: error });
      if (reasons.includes('ValidationError')) throw error;
      if (attempt >= CONFLICT_ATTEMPTS) throw new TransactionContendedError(reasons, { cause: error });
      await new Promise((resolve) => {
        setTimeout(resolve, random() * CONFLICT_BASE_MS * 2 ** attempt);
      });
    }
  }
}

/** The same; false, with nothing written, when a condition no longer holds. */
export async function transactIfStill(table: Table, items: readonly TransactItem[]): Promise<boolean> {
  try {
    await transactWrite(table, [...items]);
    return true;
  } catch (error) {
    if (error instanceof TransactionRefusedError) return false;
    throw error;
  }
}

/** A single write that met a running transaction on the same item is tried again; the SDK does not do that. */
export async function retryOnConflict<T>(
  write: () => Promise<T>,
  random: () => number = Math.random,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof TransactionConflictException) || attempt >= CONFLICT_ATTEMPTS) throw error;
      await new Promise((resolve) => {
        setTimeout(resolve, random() * CONFLICT_BASE_MS * 2 ** attempt);
      });
    }
  }
}

/** BatchGetItem takes at most this many keys. */
const BATCH_GET_KEYS = 100;
const BATCHES_AT_ONCE = 4;
const UNPROCESSED_ATTEMPTS = 8;

/**
 * The items of these keys, in no particular order; missing ones are left out. Unprocessed keys are asked for again
 * with full-jitter exponential backoff. Eventually consistent unless told.
 */
export async function batchGetAll(
  table: Table,
  wanted: readonly { readonly pk: string; readonly sk: string }[],
  options: { readonly consistent?: boolean; readonly random?: () => number } = {},
): Promise<Record<string, unknown>[]> {
  const found = await mapAtOnce(chunks(wanted, BATCH_GET_KEYS), BATCHES_AT_ONCE, async (batch) => {
    const items: Record<string, unknown>[] = [];
    let keysLeft: Record<string, unknown>[] = batch.map(({ pk, sk }) => ({ pk, sk }));
    for (let attempt = 1; keysLeft.length > 0; attempt += 1) {
      const answer = await table.client.send(
        new BatchGetCommand({
          RequestItems: { [table.name]: { Keys: keysLeft, ConsistentRead: options.consistent ?? false } },
        }),
      );
      items.push(...(answer.Responses?.[table.name] ?? []));
      keysLeft = answer.UnprocessedKeys?.[table.name]?.Keys ?? [];
      if (keysLeft.length === 0) break;
      if (attempt >= UNPROCESSED_ATTEMPTS)
        throw new OwnError(`The table left ${keysLeft.length} keys unprocessed.`);
      const wait = (options.random ?? Math.random)() * CONFLICT_BASE_MS * 2 ** attempt;
      await new Promise((resolve) => {
        setTimeout(resolve, wait);
      });
    }
    return items;
  });
  return found.flat();
}

/** BatchWriteItem takes at most this many items. */
export const BATCH_PUT_ITEMS = 25;

/**
 * Puts at most {@link BATCH_PUT_ITEMS} items of different keys, each for itself. Unprocessed ones are sent again with
 * full-jitter exponential backoff; after an error some may be written.
 */
export async function batchPut(
  table: Table,
  items: readonly Record<string, unknown>[],
  random: () => number = Math.random,
): Promise<void> {
  let left: NonNullable<BatchWriteCommandInput['RequestItems']>[string] = items.map((Item) => ({
    PutRequest: { Item },
  }));
  for (let attempt = 1; left.length > 0; attempt += 1) {
    const answer = await table.client.send(new BatchWriteCommand({ RequestItems: { [table.name]: left } }));
    left = answer.UnprocessedItems?.[table.name] ?? [];
    if (left.length === 0) return;
    if (attempt >= UNPROCESSED_ATTEMPTS)
      throw new OwnError(`The table left ${left.length} items unprocessed.`);
    const wait = random() * CONFLICT_BASE_MS * 2 ** attempt;
    await new Promise((resolve) => {
      setTimeout(resolve, wait);
    });
  }
}

/** The item after the update; undefined when the condition fails. */
export async function updateIf(
  table: Table,
  input: Omit<UpdateCommandInput, 'TableName'>,
): Promise<Record<string, unknown> | undefined> {
  try {
    const answer = await retryOnConflict(() =>
      table.client.send(new UpdateCommand({ ...input, TableName: table.name, ReturnValues: 'ALL_NEW' })),
    );
    return answer.Attributes;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}

/** A put under a condition; false when it does not hold. */
export async function putIf(table: Table, input: Omit<PutCommandInput, 'TableName'>): Promise<boolean> {
  try {
    await retryOnConflict(() => table.client.send(new PutCommand({ ...input, TableName: table.name })));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** The condition of a put that replaces a row of this version; 0: there must be none. */
export const replacesVersion = (before: number) =>
  condition(before === 0 ? notExists('pk') : equals('version', before));
