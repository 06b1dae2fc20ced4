import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { editTimeBucket, editTimeMonth } from '../rosters/edit-times.ts';
import { keys } from './keys.ts';
import type { Table } from './table.ts';

export interface EditTimesRepository {
  /** Counts one edit. A worker that dies just before leaves it uncounted; nothing is counted twice. */
  readonly count: (seconds: number, at: Date) => Promise<void>;
}

export function createEditTimesRepository(table: Table): EditTimesRepository {
  return {
    async count(seconds, at) {
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: keys.editTimes(editTimeMonth(at)),
          UpdateExpression: 'ADD #bucket :one, #edits :one SET #type = :type',
          ExpressionAttributeNames: {
            '#bucket': editTimeBucket(seconds),
            '#edits': 'edits',
            '#type': 'type',
          },
          ExpressionAttributeValues: { ':one': 1, ':type': 'edit_times' },
        }),
      );
    },
  };
}
