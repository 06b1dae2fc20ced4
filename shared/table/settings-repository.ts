import { PutCommand } from '@aws-sdk/lib-dynamodb';
import {
  platformHoldSchema,
  PROCESSING_ON,
  processingSchema,
  type PlatformHold,
  type Processing,
} from '../settings/processing.ts';
import { keys } from './keys.ts';
import { batchGetAll, type Table } from './table.ts';

const PROCESSING = keys.setting('processing');
const HOLD = keys.setting('platform-hold');

export interface SettingsRepository {
  /** On unless somebody switched it off. One read for both rows. */
  processing(): Promise<{ readonly processing: Processing; readonly hold: PlatformHold | null }>;
  saveProcessing(processing: Processing): Promise<void>;
  saveHold(hold: PlatformHold): Promise<void>;
}

export function createSettingsRepository(table: Table): SettingsRepository {
  const put = async (item: Record<string, unknown>) => {
    await table.client.send(new PutCommand({ TableName: table.name, Item: item }));
  };
  return {
    async processing() {
      const items = await batchGetAll(table, [PROCESSING, HOLD], { consistent: true });
      const row = (sk: string) => items.find((item) => item['sk'] === sk);
      const hold = row(HOLD.sk);
      return {
        processing: processingSchema.parse(row(PROCESSING.sk) ?? PROCESSING_ON),
        hold: hold === undefined ? null : platformHoldSchema.parse(hold),
      };
    },
    saveProcessing: (processing) => put({ ...PROCESSING, type: 'setting', ...processing }),
    saveHold: (hold) => put({ ...HOLD, type: 'setting', ...hold }),
  };
}
