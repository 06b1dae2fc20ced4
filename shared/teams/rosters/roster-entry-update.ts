import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { INDEXES, keys, PARTITION_KEY } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import { retryOnConflict, type Table } from '#shared/table/table.ts';
import { rosterEntrySchema, type RosterEntry } from './roster-entry.ts';

export const ROSTER_ENTRY = 'roster_entry';

export const toRosterEntry = (item: Readonly<Record<string, unknown>>): RosterEntry =>
  parseRow(rosterEntrySchema, ROSTER_ENTRY, item);

/** Changes of one entry's row, each with its condition. */
export function createRosterEntryUpdates(table: Table) {
  /** SET of the fields, REMOVE of the pending index; names and values made of the fields. */
  const updateOf = (
    competitorId: string,
    set: Readonly<Record<string, unknown>>,
    options: {
      readonly settled?: boolean;
      readonly sameWish?: RosterEntry;
      readonly pending?: boolean;
      readonly settledOnly?: boolean;
    } = {},
  ) => {
    const { gsi2 } = INDEXES;
    const conditions = ['attribute_exists(#pk)'];
    const names: Record<string, string> = { '#pk': PARTITION_KEY };
    const values: Record<string, unknown> = {};
    if (options.sameWish !== undefined) {
      conditions.push('#wantedAt = :wasWantedAt and #wantedTeamId = :wasWanted');
      Object.assign(names, { '#wantedAt': 'wantedAt', '#wantedTeamId': 'wantedTeamId' });
      values[':wasWantedAt'] = options.sameWish.wantedAt;
      values[':wasWanted'] = options.sameWish.wantedTeamId;
    }
    if (options.pending === true) {
      conditions.push('attribute_exists(#pending)');
      names['#pending'] = gsi2.partitionKey;
    }
    if (options.settledOnly === true) {
      conditions.push('attribute_not_exists(#pending)');
      names['#pending'] = gsi2.partitionKey;
    }
    for (const [field, value] of Object.entries(set)) {
      names[`#${field}`] = field;
      values[`:${field}`] = value;
    }
    const sets = Object.keys(set)
      .map((field) => `#${field} = :${field}`)
      .join(', ');
    const remove = options.settled === true ? ` REMOVE ${gsi2.partitionKey}, ${gsi2.sortKey}` : '';
    return {
      TableName: table.name,
      Key: keys.rosterEntry(competitorId),
      ConditionExpression: conditions.join(' and '),
      UpdateExpression: `SET ${sets}${remove}`,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: values,
    };
  };

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
