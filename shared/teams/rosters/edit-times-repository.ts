import { QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { add, equals, query, set, update } from '#shared/table/expressions.ts';
import { keys, SORT_KEY } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import type { Table } from '#shared/table/table.ts';
import { editTimeBucket, editTimeMonth, type EditTimeCounts } from './edit-times.ts';

export interface EditTimesRepository {
  /** Counts one edit. A worker that dies just before leaves it uncounted; nothing is counted twice. */
  readonly count: (seconds: number, at: Date) => Promise<void>;
  /** The last months that had edits, newest first. */
  readonly months: (
    limit: number,
  ) => Promise<readonly { readonly month: string; readonly counts: EditTimeCounts }[]>;
}

const TYPE = 'edit_times';
const rowSchema = z.record(z.string(), z.union([z.string(), z.number()]));

export function createEditTimesRepository(table: Table): EditTimesRepository {
  return {
    async count(seconds, at) {
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: keys.editTimes(editTimeMonth(at)),
          ...update([set('type', TYPE), add(editTimeBucket(seconds), 1), add('edits', 1)]),
        }),
      );
    },

    async months(limit) {
      const { Items: items = [] } = await table.client.send(
        new QueryCommand({
          TableName: table.name,
          ...query(equals('pk', keys.editTimes('').pk)),
          ScanIndexForward: false,
          Limit: limit,
        }),
      );
      return items.map((item) => {
        const row = parseRow(rowSchema, TYPE, item);
        const counts = Object.entries(row).filter(
          (entry): entry is [string, number] => typeof entry[1] === 'number',
        );
        return { month: String(row[SORT_KEY]), counts: Object.fromEntries(counts) };
      });
    },
  };
}
