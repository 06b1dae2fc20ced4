import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { SEPARATORS } from '#shared/kernel/csv/read-csv.ts';
import { beginsWith, equals, or, query, set, update } from '#shared/table/expressions.ts';
import { indexKeys, keys, PARTITION_KEY, SORT_KEY, TTL_ATTRIBUTE } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import { COLUMN_FIELDS } from './import-file.ts';
import { teamAnswersSchema } from './import-teams.ts';
import { queryAll, type Table } from '#shared/table/table.ts';

/** An uploaded file on its way into the records. Kept for a day, encrypted like the table; the rows hold the file. */
export const importUploadSchema = z.object({
  id: z.string(),
  coachId: z.string(),
  encoding: z.string(),
  separator: z.enum(SEPARATORS),
  rows: z.int(),
  /** Line of the file with the names of the columns. */
  headerLine: z.int().optional(),
  /** Which column holds what, where somebody chose it; else the names of the columns say so. */
  columns: z.partialRecord(z.enum(COLUMN_FIELDS), z.int()).nullable().default(null),
  /** What becomes of names of teams that no team has. */
  teams: teamAnswersSchema.default({}),
  /** What the dry run found; null before its first part. */
  digest: z.string().nullable(),
  createdAt: z.iso.datetime(),
  /** Unix seconds; the table deletes late, so it is checked. */
  expiresAt: z.int(),
});
export type ImportUpload = z.infer<typeof importUploadSchema>;

/** An item holds 400 KB, its keys included. */
const CHUNK_BYTES = 350_000;
const KEPT_SECONDS = 24 * 3600;

export interface ImportRepository {
  readonly save: (upload: Omit<ImportUpload, 'expiresAt' | 'digest'>, text: string) => Promise<void>;
  /** The upload with its file; undefined when it is gone or its day is over. */
  readonly byId: (
    importId: string,
    now: Date,
  ) => Promise<{ readonly upload: ImportUpload; readonly text: string } | undefined>;
  /** Whether the upload is there and its day is not over. */
  readonly kept: (importId: string, now: Date) => Promise<boolean>;
  /** Keeps what the first part of the dry run found; false when another part found something else. */
  readonly confirmDigest: (importId: string, digest: string) => Promise<boolean>;
  readonly ofCoach: (coachId: string) => AsyncGenerator<string>;
  readonly remove: (importId: string) => Promise<void>;
}

export function createImportRepository(table: Table): ImportRepository {
  const rowsOf = (importId: string) =>
    queryAll(table, {
      ...query(equals('pk', keys.importUpload(importId).pk)),
      ConsistentRead: true,
    });
  return {
    async save(upload, text) {
      const expiresAt = Math.floor(Date.parse(upload.createdAt) / 1000) + KEPT_SECONDS;
      const packed = deflateRawSync(text);
      const pieces = Array.from({ length: Math.ceil(packed.length / CHUNK_BYTES) }, (_, piece) => ({
        ...keys.importChunk(upload.id, piece),
        type: 'import_chunk',
        bytes: packed.subarray(piece * CHUNK_BYTES, (piece + 1) * CHUNK_BYTES),
        [TTL_ATTRIBUTE]: expiresAt,
      }));
      for (const Item of pieces) await table.client.send(new PutCommand({ TableName: table.name, Item }));
      // The head last: whoever finds it finds the whole file.
      const Item = {
        ...keys.importUpload(upload.id),
        ...indexKeys.importOfCoach(upload.coachId, upload.id),
        type: 'import',
        ...upload,
        digest: null,
        [TTL_ATTRIBUTE]: expiresAt,
      };
      await table.client.send(new PutCommand({ TableName: table.name, Item }));
    },

    async byId(importId, now) {
      let upload: ImportUpload | undefined;
      const pieces: Uint8Array[] = [];
      for await (const row of rowsOf(importId)) {
        if (row['type'] === 'import') upload = parseRow(importUploadSchema, 'import', row);
        else if (row['bytes'] instanceof Uint8Array) pieces.push(row['bytes']);
      }
      if (upload === undefined || upload.expiresAt * 1000 <= now.getTime()) return undefined;
      return { upload, text: inflateRawSync(Buffer.concat(pieces)).toString('utf8') };
    },

    async kept(importId, now) {
      const { Item: item } = await table.client.send(
        new GetCommand({ TableName: table.name, Key: keys.importUpload(importId), ConsistentRead: true }),
      );
      if (item === undefined) return false;
      return parseRow(importUploadSchema, 'import', item).expiresAt * 1000 > now.getTime();
    },

    async confirmDigest(importId, digest) {
      try {
        await table.client.send(
          new UpdateCommand({
            TableName: table.name,
            Key: keys.importUpload(importId),
            ...update([set('digest', digest)], {
              when: or(equals('digest', digest), equals('digest', null)),
            }),
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },

    async *ofCoach(coachId) {
      const { gsi1pk, gsi1sk } = indexKeys.importOfCoach(coachId, '');
      const rows = queryAll(table, query(equals('gsi1pk', gsi1pk), beginsWith('gsi1sk', gsi1sk)));
      for await (const row of rows) yield String(row['id']);
    },

    async remove(importId) {
      const { Items: found = [] } = await table.client.send(
        new QueryCommand({
          TableName: table.name,
          ...query(equals('pk', keys.importUpload(importId).pk), undefined, {
            fields: [PARTITION_KEY, SORT_KEY],
          }),
          ConsistentRead: true,
        }),
      );
      for (const Key of found) await table.client.send(new DeleteCommand({ TableName: table.name, Key }));
    },
  };
}
