import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { keys, PARTITION_KEY, TTL_ATTRIBUTE } from './keys.ts';
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

const FREE = 'attribute_not_exists(#pk)';
const RAN_OUT = '#until <= :now';
const MINE = '#owner = :owner';

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
            ConditionExpression: `${FREE} OR ${RAN_OUT} OR ${MINE}`,
            ExpressionAttributeNames: { '#pk': PARTITION_KEY, '#until': 'until', '#owner': 'owner' },
            ExpressionAttributeValues: { ':now': now.getTime(), ':owner': owner },
          }),
        ),
      ),
    end: async (name, owner, quietUntil) => {
      const condition = {
        TableName: table.name,
        Key: keys.lease(name),
        ConditionExpression: MINE,
      };
      await held(() =>
        quietUntil === null
          ? table.client.send(
              new DeleteCommand({
                ...condition,
                ExpressionAttributeNames: { '#owner': 'owner' },
                ExpressionAttributeValues: { ':owner': owner },
              }),
            )
          : table.client.send(
              new UpdateCommand({
                ...condition,
                UpdateExpression: 'SET #until = :until, #ttl = :ttl',
                ExpressionAttributeNames: { '#owner': 'owner', '#until': 'until', '#ttl': TTL_ATTRIBUTE },
                ExpressionAttributeValues: {
                  ':owner': owner,
                  ':until': quietUntil.getTime(),
                  ':ttl': seconds(quietUntil),
                },
              }),
            ),
      );
    },
  };
}
