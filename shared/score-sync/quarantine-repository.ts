import { createHash } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import { condition, equals, lessThan, notExists, query } from '#shared/table/expressions.ts';
import { indexKeys, keys, TTL_ATTRIBUTE } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import { queryAll, queryPage, type Table } from '#shared/table/table.ts';
import type { Rejected, Subject } from './solve-mapping.ts';

/** DynamoDB items end at 400 KB; a record that does not parse may be anything. */
const MAX_REDACTED = 10_000;
/** Of one person, from the index: more says nothing new. */
const MOST_OF_PERSON = 1_000;
const DAYS_AT_ONCE = 31;
const DAY_SECONDS = 86_400;

const quarantineRowSchema = z.object({
  sk: z.string(),
  competitorId: z.string(),
  coachId: z.string(),
  source: z.enum(['odl', 'ctf', 'ctf_event']),
  eventId: z.string(),
  issues: z.array(z.object({ path: z.string(), message: z.string() })),
  redacted: z.string(),
  readAt: z.iso.datetime(),
  [TTL_ATTRIBUTE]: z.int(),
});

export interface QuarantineRow extends Omit<
  z.infer<typeof quarantineRowSchema>,
  'sk' | typeof TTL_ATTRIBUTE
> {
  readonly id: string;
}

export interface QuarantinePage {
  readonly competitorId?: string | undefined;
  /** `YYYY-MM-DD`, UTC, both included. */
  readonly from: string;
  readonly to: string;
  readonly limit: number;
  /** Exclusive; see {@link quarantinePosition}. */
  readonly before: string | null;
  readonly now: Date;
}

export interface QuarantineRepository {
  /** Keeps a record that did not parse. The same record on the same day is one row, however often it is read. */
  put(subject: Subject, rejected: Rejected, at: Date): Promise<void>;
  /** How long records that come now are kept. */
  keptDays(): Promise<number>;
  /** At most `limit` records, newest first, from the index; fewer: there are no more. */
  page(page: QuarantinePage): Promise<QuarantineRow[]>;
}

/** The name of a place in the list of records, newest first. */
export const quarantinePosition = (row: Pick<QuarantineRow, 'readAt' | 'id'>): string =>
  `${row.readAt}#${row.id}`;

const UTC_DAY_LENGTH = 10;
const DAY_MS = 86_400_000;

function* daysBack(from: string, to: string): Generator<string> {
  for (let at = Date.parse(to); at >= Date.parse(from); at -= DAY_MS) {
    yield new Date(at).toISOString().slice(0, UTC_DAY_LENGTH);
  }
}

const toRow = (item: Readonly<Record<string, unknown>>, now: Date): QuarantineRow[] => {
  const { sk, [TTL_ATTRIBUTE]: expiresAt, ...row } = parseRow(quarantineRowSchema, 'quarantine', item);
  // Time to live deletes late.
  return expiresAt * 1_000 > now.getTime() ? [{ id: sk, ...row }] : [];
};

export function createQuarantineRepository(table: Table): QuarantineRepository {
  async function ofDay(day: string, { before, limit, now }: QuarantinePage): Promise<QuarantineRow[]> {
    const items = await queryPage(
      table,
      {
        ...query(
          equals('gsi2pk', indexKeys.quarantineOfDay(day, '', '').gsi2pk),
          before === null ? undefined : lessThan('gsi2sk', before),
        ),
        ScanIndexForward: false,
      },
      { limit, after: undefined },
    );
    return items.flatMap((item) => toRow(item, now));
  }

  async function ofPerson(competitorId: string, page: QuarantinePage): Promise<QuarantineRow[]> {
    const rows: QuarantineRow[] = [];
    const { gsi1pk } = indexKeys.quarantineAbout(competitorId, '');
    for await (const item of queryAll(table, query(equals('gsi1pk', gsi1pk)))) {
      rows.push(...toRow(item, page.now));
      if (rows.length >= MOST_OF_PERSON) break;
    }
    const { from, to, before, limit } = page;
    return rows
      .filter(({ readAt }) => readAt >= from && readAt.slice(0, UTC_DAY_LENGTH) <= to)
      .toSorted((a, b) => (quarantinePosition(a) < quarantinePosition(b) ? 1 : -1))
      .filter((row) => before === null || quarantinePosition(row) < before)
      .slice(0, limit);
  }

  const settings = createSettingsRepository(table);
  // Asked for each, since few records do not parse.
  const keptDays = async () => (await settings.syncSettings()).program.keepDays.quarantine;

  return {
    keptDays,

    async put({ competitorId, coachId }, { source, eventId, unparsed }, at) {
      const redacted = JSON.stringify(unparsed.redacted ?? null);
      const id = createHash('sha256')
        .update(JSON.stringify([competitorId, source, eventId, unparsed.issues, redacted]))
        .digest('hex')
        .slice(0, 24);
      const readAt = at.toISOString();
      const day = readAt.slice(0, UTC_DAY_LENGTH);
      try {
        await table.client.send(
          new PutCommand({
            TableName: table.name,
            Item: {
              ...keys.quarantine(day, id),
              ...indexKeys.quarantineAbout(competitorId, id),
              ...indexKeys.quarantineOfDay(day, readAt, id),
              type: 'quarantine',
              competitorId,
              coachId,
              source,
              eventId,
              issues: unparsed.issues,
              redacted: redacted.slice(0, MAX_REDACTED),
              readAt,
              [TTL_ATTRIBUTE]: Math.floor(at.getTime() / 1000) + (await keptDays()) * DAY_SECONDS,
            },
            // The first read of a day stays: its time is the row's place in the list.
            ...condition(notExists('pk')),
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },

    async page(page) {
      if (page.competitorId !== undefined) return ofPerson(page.competitorId, page);
      const last = page.before === null ? page.to : page.before.slice(0, UTC_DAY_LENGTH);
      const days = [...daysBack(page.from, last < page.to ? last : page.to)];
      const found: QuarantineRow[] = [];
      for (let from = 0; from < days.length && found.length < page.limit; from += DAYS_AT_ONCE) {
        const some = days.slice(from, from + DAYS_AT_ONCE);
        found.push(...(await Promise.all(some.map((day) => ofDay(day, page)))).flat());
      }
      return found.slice(0, page.limit);
    },
  };
}
