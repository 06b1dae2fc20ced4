import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { equals, query } from '#shared/table/expressions.ts';
import type { Table } from '#shared/table/table.ts';
import { createEmptyTable, openDynoxide, type Dynoxide } from './dynoxide.ts';

/**
 * One DynamoDB for the test file, a new empty table at each call of the function returned. Call it at the top of the
 * file or of a `describe`.
 */
export function useTestTables(): () => Promise<Table> {
  let dynoxide: Dynoxide | undefined;
  beforeAll(async () => {
    dynoxide = await openDynoxide();
  });
  afterAll(() => dynoxide?.stop());
  return async () => {
    if (dynoxide === undefined) throw new Error('Tables can be made in hooks and tests only.');
    return createEmptyTable(dynoxide.client);
  };
}

/** The items of a partition as they lie in the table, for assertions about what was written. */
export async function itemsOf(table: Table, partition: string): Promise<Record<string, unknown>[]> {
  const answer = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      ...query(equals('pk', partition)),
      ConsistentRead: true,
    }),
  );
  return answer.Items ?? [];
}
