import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { condition, notExists } from '#shared/table/expressions.ts';
import { indexKeys, keys } from '#shared/table/keys.ts';
import type { Table, TransactItem } from '#shared/table/table.ts';
import type { AuditEntry } from './audit-entry.ts';
import { kept } from './retention.ts';

export interface AuditRepository {
  /** An entry as a part of the transaction that makes the change, so that neither is there without the other. */
  readonly appendTransaction: (entry: AuditEntry) => Promise<TransactItem>;
  readonly append: (entry: AuditEntry) => Promise<void>;
  /** Keeps the entry unless one of this id and hour is there: the same person looking again in the same hour. */
  readonly appendOncePerHour: (entry: AuditEntry) => Promise<void>;
}

/** Entries lie by UTC day, so that no partition grows without end. */
const UTC_DAY_LENGTH = 10;
const UTC_HOUR_LENGTH = 13;

export function createAuditRepository(table: Table): AuditRepository {
  const put = async (entry: AuditEntry, kind: 'audit' | 'readLog' = 'audit', at = entry.at) => ({
    TableName: table.name,
    Item: {
      ...keys.audit(entry.at.slice(0, UTC_DAY_LENGTH), at, entry.id),
      ...indexKeys.auditAbout(entry.subject, entry.at, entry.id),
      ...(await kept(table, kind, entry.at)),
      type: 'audit',
      ...entry,
    },
  });
  return {
    appendTransaction: async (entry) => ({ Put: await put(entry) }),
    async append(entry) {
      await table.client.send(new PutCommand(await put(entry)));
    },
    async appendOncePerHour(entry) {
      const hour = `${entry.at.slice(0, UTC_HOUR_LENGTH)}:00:00.000Z`;
      try {
        const item = await put(entry, 'readLog', hour);
        await table.client.send(new PutCommand({ ...item, ...condition(notExists('pk')) }));
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
}
