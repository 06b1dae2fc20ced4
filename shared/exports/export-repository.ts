import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { condition, equals, notExists } from '#shared/table/expressions.ts';
import { keys } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import type { Table } from '#shared/table/table.ts';

/** How far a file is. It holds ids and counts; what is in the file lies in the bucket alone. */
const exportProgressSchema = z.object({
  jobId: z.string(),
  /** Counted up with every change, so that of two workers one goes on. */
  version: z.int(),
  /** The job's attempt that began the file; a later one begins it again, with what is true then. */
  attempt: z.int(),
  uploadId: z.string(),
  parts: z.array(z.object({ etag: z.string(), checksum: z.string() })),
  /** Where lines lie that were too few for a part when the time was over. */
  rest: z.string().nullable(),
  /** Where the source goes on. */
  cursor: z.record(z.string(), z.unknown()).nullable(),
  ended: z.boolean(),
  rows: z.int(),
  bytes: z.int(),
});
export type ExportProgress = z.infer<typeof exportProgressSchema>;

export interface ExportRepository {
  readonly byJob: (jobId: string) => Promise<ExportProgress | undefined>;
  /** False when another worker changed it since this version; null: there was none. */
  readonly save: (progress: ExportProgress, since: number | null) => Promise<boolean>;
}

export function createExportRepository(table: Table): ExportRepository {
  return {
    async byJob(jobId) {
      const { Item: item } = await table.client.send(
        new GetCommand({ TableName: table.name, Key: keys.exportFile(jobId), ConsistentRead: true }),
      );
      return item === undefined ? undefined : parseRow(exportProgressSchema, 'export_file', item);
    },

    async save(progress, since) {
      try {
        await table.client.send(
          new PutCommand({
            TableName: table.name,
            Item: { ...keys.exportFile(progress.jobId), type: 'export_file', ...progress },
            ...condition(since === null ? notExists('pk') : equals('version', since)),
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
  };
}
