import {
  ProvisionedThroughputExceededException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import type { Random } from '#test/game-platform-simulator/random.ts';
import type { Command } from './edges.ts';
import type { SendCommand } from './lean-client.ts';

/**
 * What can go wrong with a call of the table: refused for its rate; in conflict with another transaction; done, and the
 * answer lost for good; done, the answer lost, and asked again by the SDK; a batch of reads answered in part.
 */
export const TABLE_TROUBLES = ['throttled', 'conflict', 'lostAnswer', 'askedAgain', 'unprocessed'] as const;
export type TableTrouble = (typeof TABLE_TROUBLES)[number];

const $metadata = {};
const WRITES = new Set(['PutCommand', 'UpdateCommand', 'DeleteCommand']);

const nameOf = (command: Command): string => command.constructor.name;

const listOf = (command: Command): readonly unknown[] => {
  const items = command.input['TransactItems'];
  return Array.isArray(items) ? items : [];
};

function refused(command: Command, code: string, message: string): TransactionCanceledException {
  const [, ...others] = listOf(command);
  const CancellationReasons = [{ Code: code }, ...others.map(() => ({ Code: 'None' }))];
  return new TransactionCanceledException({ message, $metadata, CancellationReasons });
}

/** The first half of the keys that are asked for, and the others. */
function halves(command: Command): readonly [Command, Record<string, unknown>] | undefined {
  const [asked] = Object.entries(Object(command.input['RequestItems']));
  if (asked === undefined) return undefined;
  const [name, request] = asked;
  const keys: unknown = Object(request)['Keys'];
  if (!Array.isArray(keys) || keys.length < 2) return undefined;
  const middle = Math.ceil(keys.length / 2);
  const withKeys = (some: readonly unknown[]) => ({ [name]: { ...Object(request), Keys: some } });
  const first = Object.assign(Object.create(Object.getPrototypeOf(command)), command, {
    input: { ...command.input, RequestItems: withKeys(keys.slice(0, middle)) },
  });
  return [first, withKeys(keys.slice(middle))];
}

/** The table as a process reaches it through the network. */
export class TroubledTable {
  /** How many more calls may go wrong, and how likely each does. */
  left = 0;
  chance = 0;
  kinds: readonly TableTrouble[] = [];
  readonly hits: string[] = [];
  readonly #send: SendCommand;
  readonly #random: Random;

  constructor(send: SendCommand, random: Random) {
    this.#send = send;
    this.#random = random;
  }

  #draw(command: Command): TableTrouble | undefined {
    if (this.left === 0) return undefined;
    this.left -= 1;
    if (this.#random() >= this.chance) return undefined;
    const name = nameOf(command);
    const transaction = name === 'TransactWriteCommand';
    const fitting = this.kinds.filter((kind) => {
      if (kind === 'conflict' || kind === 'askedAgain') return transaction || WRITES.has(name);
      return kind !== 'unprocessed' || (name === 'BatchGetCommand' && halves(command) !== undefined);
    });
    return fitting[Math.floor(this.#random() * fitting.length)];
  }

  readonly send = async (command: Command): Promise<unknown> => {
    const trouble = this.#draw(command);
    const ask = this.#send;
    if (trouble === undefined) return ask(command);
    this.hits.push(trouble);
    const transaction = nameOf(command) === 'TransactWriteCommand';
    switch (trouble) {
      case 'throttled': {
        const message = 'The level of configured provisioned throughput for the table was exceeded.';
        if (transaction) throw refused(command, 'ThrottlingError', message);
        throw new ProvisionedThroughputExceededException({ message, $metadata });
      }
      case 'conflict': {
        const message = 'Transaction is ongoing for the item';
        if (transaction) throw refused(command, 'TransactionConflict', message);
        throw new TransactionConflictException({ message, $metadata });
      }
      case 'lostAnswer':
        await ask(command);
        throw Object.assign(new Error('Connection timed out'), { name: 'TimeoutError' });
      case 'askedAgain': {
        const answer = await ask(command);
        // A transaction carries a token, by which the second is known to be the first.
        return transaction ? answer : ask(command);
      }
      case 'unprocessed': {
        const [first, left] = halves(command) ?? [command, {}];
        const answer = await ask(first);
        return { ...Object(answer), UnprocessedKeys: left };
      }
      default:
        throw new Error('Such trouble is not known here.');
    }
  };
}
