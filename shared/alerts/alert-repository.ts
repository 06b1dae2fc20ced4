import type { AuditEntry } from '#shared/audit/audit-entry.ts';
import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import { equals, query } from '#shared/table/expressions.ts';
import { keys } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import {
  batchGetAll,
  putIf,
  queryAll,
  replacesVersion,
  transactIfStill,
  type Table,
} from '#shared/table/table.ts';
import { alertRecordSchema, type AlertRecord } from './alert-record.ts';

export interface AlertRepository {
  /** At most one record per cause. Consistent. */
  /** Of these coaches and causes, those that there are. */
  readonly byCause: (
    wanted: readonly { readonly coachId: string; readonly cause: string }[],
  ) => Promise<AlertRecord[]>;
  readonly ofCoach: (coachId: string) => Promise<AlertRecord[]>;
  /** False, with nothing written, when somebody else wrote this version already. */
  readonly put: (record: AlertRecord) => Promise<boolean>;
  /** The same together with its audit entry. */
  readonly putAudited: (record: AlertRecord, entry: AuditEntry) => Promise<boolean>;
}

const write = (record: AlertRecord) => ({
  Item: { ...keys.alert(record.coachId, record.cause), type: 'alert', ...record },
  ...replacesVersion(record.version - 1),
});

export function createAlertRepository(table: Table): AlertRepository {
  const audit = createAuditRepository(table);
  return {
    async ofCoach(coachId) {
      const records: AlertRecord[] = [];
      const wanted = query(equals('pk', keys.alertsOfCoach(coachId)));
      for await (const item of queryAll(table, { ...wanted, ConsistentRead: true })) {
        records.push(parseRow(alertRecordSchema, 'alert', item));
      }
      return records;
    },
    byCause: async (wanted) =>
      (
        await batchGetAll(
          table,
          wanted.map(({ coachId, cause }) => keys.alert(coachId, cause)),
        )
      ).map((item) => parseRow(alertRecordSchema, 'alert', item)),
    put: (record) => putIf(table, write(record)),
    putAudited: async (record, entry) =>
      transactIfStill(table, [
        { Put: { TableName: table.name, ...write(record) } },
        await audit.appendTransaction(entry),
      ]),
  };
}
