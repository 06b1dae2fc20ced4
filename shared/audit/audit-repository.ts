import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { condition, notExists } from '#shared/table/expressions.ts';
import { indexKeys, keys } from '#shared/table/keys.ts';
import type { Table, TransactItem } from '#shared/table/table.ts';
import type { AuditEntry } from './audit-entry.ts';
import { kept } from './retention.ts';

export interface AuditRepository {
  /** An entry as a part of the transaction that makes the change, so that neither is there without the other. */
  readonly appendTransaction: (entry: AuditEntry) => TransactItem;
  readonly append: (entry: AuditEntry) => Promise<void>;
  /** Keeps the entry unless one of this id and hour is there: the same person looking again in the same hour. */
  readonly appendOncePerHour: (entry: AuditEntry) => Promise<void>;
}

/** Entries lie by UTC day, so that no partition grows without end. */
const UTC_DAY_LENGTH = 10;
const UTC_HOUR_LENGTH = 13;

export function createAuditRepository(table: Table): AuditRepository {
  const put = (entry: AuditEntry, at = entry.at) => ({
    TableName: table.name,
    Item: {
      ...keys.audit(entry.at.slice(0, UTC_DAY_LENGTH), at, entry.id),
      ...indexKeys.auditAbout(entry.subject, entry.at, entry.id),
      ...kept(entry.at),
      type: 'audit',
      ...entry,
    },
  });
  return {
    appendTransaction: (entry) => ({ Put: put(entry) }),
    async append(entry) {
      await table.client.send(new PutCommand(put(entry)));
    },
    async appendOncePerHour(entry) {
      const hour = `${entry.at.slice(0, UTC_HOUR_LENGTH)}:00:00.000Z`;
      try {
        await table.client.send(new PutCommand({ ...put(entry, hour), ...condition(notExists('pk')) }));
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
}
