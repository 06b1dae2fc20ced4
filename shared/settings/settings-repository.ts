import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { keys } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import {
  batchGetAll,
  replacesVersion,
  transactIfStill,
  type Table,
  type TransactItem,
} from '#shared/table/table.ts';
import {
  platformBlockSchema,
  PROCESSING_ON,
  processingSchema,
  type PlatformBlock,
  type Processing,
} from './processing.ts';
import { syncSettingsRowSchema, UNCHANGED_SYNC_SETTINGS, type SyncSettingsRow } from './sync-settings.ts';

const PROCESSING = keys.setting('processing');
const BLOCK = keys.setting('platform-hold');
const SYNC = keys.setting('sync');

export interface SettingsRepository {
  /** On unless somebody switched it off. One read for both rows. */
  processing(): Promise<{ readonly processing: Processing; readonly block: PlatformBlock | null }>;
  saveProcessing(processing: Processing): Promise<void>;
  saveBlock(block: PlatformBlock): Promise<void>;
  /** Consistent; the defaults, as version 0, while nobody changed any. */
  syncSettings(): Promise<SyncSettingsRow>;
  /** False when the stored version is no longer the one before this. */
  saveSyncSettings(row: SyncSettingsRow): Promise<boolean>;
  /** The same together with the switch, if that is given, and what else is written: all or nothing. */
  save(row: SyncSettingsRow, processing: Processing | null, also?: readonly TransactItem[]): Promise<boolean>;
}

export function createSettingsRepository(table: Table): SettingsRepository {
  const put = async (item: Record<string, unknown>) => {
    await table.client.send(new PutCommand({ TableName: table.name, Item: item }));
  };
  const save = (
    row: SyncSettingsRow,
    processing: Processing | null,
    also: readonly TransactItem[] = [],
  ): Promise<boolean> =>
    transactIfStill(table, [
      {
        Put: {
          TableName: table.name,
          Item: { ...SYNC, type: 'setting', ...row },
          ...replacesVersion(row.version - 1),
        },
      },
      ...(processing === null
        ? []
        : [{ Put: { TableName: table.name, Item: { ...PROCESSING, type: 'setting', ...processing } } }]),
      ...also,
    ]);
  return {
    async processing() {
      const items = await batchGetAll(table, [PROCESSING, BLOCK], { consistent: true });
      const row = (sk: string) => items.find((item) => item['sk'] === sk);
      const block = row(BLOCK.sk);
      return {
        processing: processingSchema.parse(row(PROCESSING.sk) ?? PROCESSING_ON),
        block: block === undefined ? null : platformBlockSchema.parse(block),
      };
    },
    saveProcessing: (processing) => put({ ...PROCESSING, type: 'setting', ...processing }),
    saveBlock: (block) => put({ ...BLOCK, type: 'setting', ...block }),

    async syncSettings() {
      const { Item: item } = await table.client.send(
        new GetCommand({ TableName: table.name, Key: SYNC, ConsistentRead: true }),
      );
      return item === undefined ? UNCHANGED_SYNC_SETTINGS : parseRow(syncSettingsRowSchema, 'setting', item);
    },

    saveSyncSettings: (row) => save(row, null),
    save,
  };
}
