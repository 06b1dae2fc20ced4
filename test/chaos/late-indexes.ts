import { BatchGetCommand, BatchWriteCommand, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { INDEXES, PARTITION_KEY, SORT_KEY } from '#shared/table/keys.ts';
import type { Random } from '#test/game-platform-simulator/random.ts';
import type { Command } from './edges.ts';
import type { SendCommand } from './lean-client.ts';

type Row = Readonly<Record<string, unknown>>;

interface Change {
  readonly id: string;
  readonly key: Row;
  /** The item as it was written; undefined: deleted. */
  readonly item: Row | undefined;
  /** When the indexes have it, on the world's clock. */
  readonly due: number;
}

/** How late an index may be. */
const LATEST_MS = 2_000;
const WRITES_OF_A_BATCH = 25;
const INDEX_KEYS = Object.values(INDEXES).map(({ partitionKey }) => partitionKey);

const rowOf = (value: unknown): Row => Object(value);
const listOf = (value: unknown): readonly Row[] => (Array.isArray(value) ? value.map(rowOf) : []);
const keyOf = (row: Row): Row => ({ [PARTITION_KEY]: row[PARTITION_KEY], [SORT_KEY]: row[SORT_KEY] });
const idOf = (row: Row): string => JSON.stringify([row[PARTITION_KEY], row[SORT_KEY]]);
const isIndexed = (row: Row | undefined): boolean => INDEX_KEYS.some((name) => row?.[name] !== undefined);

/** What a command writes: whole items, and keys of items that it changes or deletes. */
function writesOf(command: Command): { readonly puts: readonly Row[]; readonly keys: readonly Row[] } {
  const { input } = command;
  switch (command.constructor.name) {
    case 'PutCommand':
      return { puts: [rowOf(input['Item'])], keys: [] };
    case 'UpdateCommand':
    case 'DeleteCommand':
      return { puts: [], keys: [rowOf(input['Key'])] };
    case 'TransactWriteCommand': {
      const items = listOf(input['TransactItems']);
      return {
        puts: items.flatMap(({ Put }) => (Put === undefined ? [] : [rowOf(rowOf(Put)['Item'])])),
        keys: items.flatMap(({ Update, Delete }) =>
          [Update, Delete].flatMap((one) => (one === undefined ? [] : [rowOf(rowOf(one)['Key'])])),
        ),
      };
    }
    case 'BatchWriteCommand': {
      const requests = Object.values(rowOf(input['RequestItems'])).flatMap(listOf);
      return {
        puts: requests.flatMap(({ PutRequest }) =>
          PutRequest === undefined ? [] : [rowOf(rowOf(PutRequest)['Item'])],
        ),
        keys: requests.flatMap(({ DeleteRequest }) =>
          DeleteRequest === undefined ? [] : [rowOf(rowOf(DeleteRequest)['Key'])],
        ),
      };
    }
    default:
      return { puts: [], keys: [] };
  }
}

/**
 * A table whose indexes have each change of an item up to two seconds later, in the order in which it was changed. The
 * indexes are those of a second table, which is told late.
 */
export class LateIndexes {
  /** Reads of an index that had not been told everything. */
  readonly hits: string[] = [];
  readonly #ask: SendCommand;
  readonly #table: string;
  readonly #copy: string;
  readonly #now: () => number;
  readonly #random: Random;
  readonly #copied = new Set<string>();
  readonly #lastDue = new Map<string, number>();
  #late: Change[] = [];
  #begun = false;

  constructor(
    ask: SendCommand,
    tables: { readonly table: string; readonly copy: string },
    clock: { readonly now: () => number; readonly random: Random },
  ) {
    this.#ask = ask;
    this.#table = tables.table;
    this.#copy = tables.copy;
    this.#now = clock.now;
    this.#random = clock.random;
  }

  /** From now on the indexes are late; they have what there is by now. */
  async begin(): Promise<void> {
    let from: Record<string, unknown> | undefined;
    do {
      const page = rowOf(
        await this.#ask(new ScanCommand({ TableName: this.#table, ExclusiveStartKey: from })),
      );
      for (const item of listOf(page['Items'])) this.#note(item, item, 0);
      from = page['LastEvaluatedKey'] === undefined ? undefined : rowOf(page['LastEvaluatedKey']);
    } while (from !== undefined);
    this.#begun = true;
  }

  readonly send: SendCommand = async (command) => {
    if (!this.#begun) return this.#ask(command);
    if (command instanceof QueryCommand && command.input.IndexName !== undefined) {
      await this.#tellIndexes();
      if (this.#late.length > 0) this.hits.push('read late');
      return this.#ask(new QueryCommand({ ...command.input, TableName: this.#copy }));
    }
    const answer = await this.#ask(command);
    const { puts, keys } = writesOf(command);
    for (const item of puts) this.#note(item, item, LATEST_MS);
    for (const [key, item] of await this.#itemsOf(keys)) this.#note(key, item, LATEST_MS);
    return answer;
  };

  #note(key: Row, item: Row | undefined, latestMs: number): void {
    const id = idOf(key);
    if (!isIndexed(item) && !this.#copied.has(id)) return;
    this.#copied.add(id);
    const due = Math.max(this.#now() + this.#random() * latestMs, this.#lastDue.get(id) ?? 0);
    this.#lastDue.set(id, due);
    this.#late.push({ id, key: keyOf(key), item: isIndexed(item) ? item : undefined, due });
  }

  async #itemsOf(keys: readonly Row[]): Promise<readonly (readonly [Row, Row | undefined])[]> {
    if (keys.length === 0) return [];
    const RequestItems = { [this.#table]: { Keys: keys.map(keyOf), ConsistentRead: true } };
    const answer = rowOf(await this.#ask(new BatchGetCommand({ RequestItems })));
    const items = listOf(rowOf(answer['Responses'])[this.#table]);
    const byId = new Map(items.map((item) => [idOf(item), item]));
    return keys.map((key) => [key, byId.get(idOf(key))]);
  }

  /** Brings the indexes to what they have by now. */
  async #tellIndexes(): Promise<void> {
    const now = this.#now();
    const due = this.#late.filter((change) => change.due <= now);
    this.#late = this.#late.filter((change) => change.due > now);
    const last = [...new Map(due.map((change) => [change.id, change])).values()];
    for (let start = 0; start < last.length; start += WRITES_OF_A_BATCH) {
      const requests = last
        .slice(start, start + WRITES_OF_A_BATCH)
        .map(({ key, item }) =>
          item === undefined ? { DeleteRequest: { Key: key } } : { PutRequest: { Item: item } },
        );
      await this.#ask(new BatchWriteCommand({ RequestItems: { [this.#copy]: requests } }));
    }
  }
}
