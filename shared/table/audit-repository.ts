import type { AuditEntry } from '../activity/audit.ts';
import { keys } from './keys.ts';
import type { Table, TransactItem } from './table.ts';

export interface AuditRepository {
  /** An entry as a part of the transaction that makes the change, so that neither is there without the other. */
  readonly appendTransaction: (entry: AuditEntry) => TransactItem;
}

/** Entries lie by UTC day, so that no partition grows without end. */
const UTC_DAY_LENGTH = 10;

export function createAuditRepository(table: Table): AuditRepository {
  return {
    appendTransaction: (entry) => ({
      Put: {
        TableName: table.name,
        Item: {
          ...keys.audit(entry.at.slice(0, UTC_DAY_LENGTH), entry.at, entry.id),
          type: 'audit',
          ...entry,
        },
      },
    }),
  };
}
