import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { atMost, condition, equals, notExists, or, setAll, update } from './expressions.ts';
import { keys, TTL_ATTRIBUTE } from './keys.ts';
import type { Table } from './table.ts';

export interface LeaseRepository {
  /**
   * True when `owner` now holds the lease until `until`. Free are leases that nobody has, that ran out, or that this
   * owner has already (so that a repeated request is no refusal).
   */
  readonly take: (name: string, owner: string, until: Date, now: Date) => Promise<boolean>;
  /** Gives it back, at once or from `quietUntil` on. Does nothing when somebody else has it by now. */
  readonly end: (name: string, owner: string, quietUntil: Date | null) => Promise<void>;
}

const seconds = (time: Date): number => Math.ceil(time.getTime() / 1000);

/** True when the condition held. */
async function held(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

export function createLeaseRepository(table: Table): LeaseRepository {
  return {
    take: (name, owner, until, now) =>
      held(() =>
        table.client.send(
          new PutCommand({
            TableName: table.name,
            Item: {
              ...keys.lease(name),
              type: 'lease',
              owner,
              until: until.getTime(),
              [TTL_ATTRIBUTE]: seconds(until),
            },
            ...condition(or(notExists('pk'), atMost('until', now.getTime()), equals('owner', owner))),
          }),
        ),
      ),
    end: async (name, owner, quietUntil) => {
      const row = { TableName: table.name, Key: keys.lease(name) };
      const mine = equals('owner', owner);
      await held(() =>
        quietUntil === null
          ? table.client.send(new DeleteCommand({ ...row, ...condition(mine) }))
          : table.client.send(
              new UpdateCommand({
                ...row,
                ...update([setAll({ until: quietUntil.getTime(), [TTL_ATTRIBUTE]: seconds(quietUntil) })], {
                  when: mine,
                }),
              }),
            ),
      );
    },
  };
}
