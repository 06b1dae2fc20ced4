import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import {
  and,
  equals,
  exists,
  notExists,
  remove,
  setAll,
  update,
  type AttributeValue,
  type Condition,
} from '#shared/table/expressions.ts';
import { keys } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import { retryOnConflict, type Table } from '#shared/table/table.ts';
import { rosterEntrySchema, type RosterEntry } from './roster-entry.ts';

export const ROSTER_ENTRY = 'roster_entry';

export const toRosterEntry = (item: Readonly<Record<string, unknown>>): RosterEntry =>
  parseRow(rosterEntrySchema, ROSTER_ENTRY, item);

/** Nobody edited the entry since. */
export const sameDesiredState = ({ wantedAt, wantedTeamId }: RosterEntry): Condition =>
  and(equals('wantedAt', wantedAt), equals('wantedTeamId', wantedTeamId));

/** The entry waits for the platform. */
export const PENDING = exists('gsi2pk');
export const SETTLED = notExists('gsi2pk');
/** Has it wait no longer. */
export const SETTLE = remove('gsi2pk', 'gsi2sk');

/** Changes of one entry's row, each with its condition. */
export function createRosterEntryUpdates(table: Table) {
  /** Of an entry that is there, where the other conditions hold. */
  const updateOf = (
    competitorId: string,
    fields: Readonly<Record<string, AttributeValue>>,
    { when = [], settled = false }: { readonly when?: readonly Condition[]; readonly settled?: boolean } = {},
  ) => ({
    TableName: table.name,
    Key: keys.rosterEntry(competitorId),
    ...update([setAll(fields), settled ? SETTLE : undefined], { when: and(exists('pk'), ...when) }),
  });

  const held = async (input: ReturnType<typeof updateOf>): Promise<boolean> => {
    try {
      await retryOnConflict(() => table.client.send(new UpdateCommand(input)));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };

  return { updateOf, held };
}
