import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { addDays } from '#shared/kernel/days.ts';
import { between, condition, equals, notExists, query } from '#shared/table/expressions.ts';
import { indexKeys, keys } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import { queryPage, type Table, type TransactItem } from '#shared/table/table.ts';
import { auditEntrySchema, type AuditEntry } from './audit-entry.ts';
import { kept } from './retention.ts';

export interface AuditRepository {
  /** An entry as a part of the transaction that makes the change, so that neither is there without the other. */
  readonly appendTransaction: (entry: AuditEntry) => Promise<TransactItem>;
  readonly append: (entry: AuditEntry) => Promise<void>;
  /** Keeps the entry unless one of this id and hour is there: the same person looking again in the same hour. */
  readonly appendOncePerHour: (entry: AuditEntry) => Promise<void>;
  /** Newest first. Of a subject or an actor from an index, otherwise day by day. */
  readonly page: (asked: AuditPageOf) => Promise<AuditPage>;
}

/** What is looked for, and how much of it. */
export interface AuditPageOf {
  readonly actor?: string | undefined;
  readonly subject?: string | undefined;
  readonly matches: (entry: AuditEntry) => boolean;
  /** UTC days, both included. */
  readonly from: string;
  readonly to: string;
  readonly limit: number;
  /** The position that an earlier page ended with. */
  readonly before: string | null;
}

export interface AuditPage {
  readonly items: readonly AuditEntry[];
  /** Pass it as `before` to go on; null at the end. A page may be short, or empty, and still have a next one. */
  readonly next: string | null;
}

/** Rows that are looked at for one page, at most, and days where neither actor nor subject is asked for. */
const MOST_ROWS = 1_000;
const MOST_DAYS = 31;
const ROWS_AT_ONCE = 200;
/** Sorts behind every time. */
const LAST = '~';

/** Entries lie by UTC day, so that no partition grows without end. */
const TYPE = 'audit';
const UTC_DAY_LENGTH = 10;
const UTC_HOUR_LENGTH = 13;

interface Key {
  readonly pkName: 'pk' | 'gsi1pk' | 'gsi2pk';
  readonly skName: 'sk' | 'gsi1sk' | 'gsi2sk';
  readonly pk: string;
}

interface Scanned {
  /** Rows looked at so far. */
  readonly looked: number;
  readonly next: string | null;
}

export function createAuditRepository(table: Table): AuditRepository {
  const put = async (entry: AuditEntry, kind: 'audit' | 'readLog' = 'audit', at = entry.at) => ({
    TableName: table.name,
    Item: {
      ...keys.audit(entry.at.slice(0, UTC_DAY_LENGTH), at, entry.id),
      ...indexKeys.auditAbout(entry.subject, entry.at, entry.id),
      ...indexKeys.auditBy(entry.actor, entry.at, entry.id),
      ...(await kept(table, kind, entry.at)),
      type: TYPE,
      ...entry,
    },
  });
  /** Looks at rows of one partition, newest first, until there are enough or too many were looked at. */
  async function scan(key: Key, asked: AuditPageOf, found: AuditEntry[], rows: number): Promise<Scanned> {
    let looked = rows;
    const end = `${asked.to}${LAST}`;
    let before = asked.before !== null && asked.before < end ? asked.before : end;
    while (looked < MOST_ROWS) {
      const size = Math.min(ROWS_AT_ONCE, MOST_ROWS - looked);
      const items = await queryPage(
        table,
        {
          ...query(equals(key.pkName, key.pk), between(key.skName, asked.from, before)),
          ScanIndexForward: false,
        },
        { limit: size + 1, after: undefined },
      );
      for (const item of items) {
        const position = String(item[key.skName]);
        // The bounds are included; the row that a page ended with is not shown twice.
        if (position === before) continue;
        const entry = parseRow(auditEntrySchema, TYPE, item);
        looked += 1;
        if (asked.matches(entry)) found.push(entry);
        before = position;
        if (found.length === asked.limit) return { looked, next: position };
      }
      if (items.length <= size) return { looked, next: null };
    }
    return { looked, next: before };
  }

  return {
    async page(asked) {
      const items: AuditEntry[] = [];
      const { actor, subject } = asked;
      if (subject !== undefined) {
        const pk = indexKeys.auditAbout(subject, '', '').gsi1pk;
        const { next } = await scan({ pkName: 'gsi1pk', skName: 'gsi1sk', pk }, asked, items, 0);
        return { items, next };
      }
      if (actor !== undefined) {
        const pk = indexKeys.auditBy(actor, '', '').gsi2pk;
        const { next } = await scan({ pkName: 'gsi2pk', skName: 'gsi2sk', pk }, asked, items, 0);
        return { items, next };
      }
      let day = (asked.before ?? asked.to).slice(0, UTC_DAY_LENGTH);
      if (day > asked.to) day = asked.to;
      let rows = 0;
      for (let back = 0; back < MOST_DAYS && day >= asked.from; back += 1) {
        const { pk } = keys.audit(day, '', '');
        const scanned = await scan({ pkName: 'pk', skName: 'sk', pk }, { ...asked, to: day }, items, rows);
        if (scanned.next !== null) return { items, next: scanned.next };
        rows = scanned.looked;
        day = addDays(day, -1);
      }
      return { items, next: day < asked.from ? null : `${day}${LAST}` };
    },

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
