import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { equals, query } from '#shared/table/expressions.ts';
import { keys, stableHash, TTL_ATTRIBUTE } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import { queryAll, type Table } from '#shared/table/table.ts';

/** A change of somebody's team goes first: readings give way to it. */
export type Presence = 'reads' | 'goesFirst';

export interface ReadingRepository {
  /** Says who is at work on these people until then, instead of what it said before. Told before anybody looks. */
  enter(
    name: string,
    competitorIds: readonly string[],
    until: Date,
    options?: { readonly first: boolean },
  ): Promise<void>;
  /** Those of the people whom somebody else is at work on, and how; consistent. */
  others(name: string, competitorIds: readonly string[], now: Date): Promise<ReadonlyMap<string, Presence>>;
  leave(name: string): Promise<void>;
}

const readingSchema = z.object({
  name: z.string(),
  until: z.iso.datetime(),
  people: z.array(z.number()),
  first: z.boolean().default(false),
});

/**
 * Who is at work on whom on the platform at this moment. People are kept as 32-bit hashes, so that a part of a hundred
 * is one write unit; two people with one hash only wait for each other. There are as many rows as workers.
 */
export function createReadingRepository(table: Table): ReadingRepository {
  return {
    async enter(name, competitorIds, until, { first } = { first: false }) {
      await table.client.send(
        new PutCommand({
          TableName: table.name,
          Item: {
            ...keys.reading(name),
            type: 'reading',
            name,
            until: until.toISOString(),
            people: competitorIds.map(stableHash),
            ...(first ? { first } : {}),
            [TTL_ATTRIBUTE]: Math.ceil(until.getTime() / 1000),
          },
        }),
      );
    },

    async others(name, competitorIds, now) {
      const busy = new Map<number, Presence>();
      const rows = queryAll(table, {
        ...query(equals('pk', keys.readingPartition)),
        ConsistentRead: true,
      });
      for await (const row of rows) {
        const reading = parseRow(readingSchema, 'reading', row);
        if (reading.name === name || Date.parse(reading.until) <= now.getTime()) continue;
        for (const hash of reading.people) {
          if (busy.get(hash) !== 'goesFirst') busy.set(hash, reading.first ? 'goesFirst' : 'reads');
        }
      }
      const found = new Map<string, Presence>();
      for (const id of busy.size === 0 ? [] : competitorIds) {
        const presence = busy.get(stableHash(id));
        if (presence !== undefined) found.set(id, presence);
      }
      return found;
    },

    async leave(name) {
      await table.client.send(new DeleteCommand({ TableName: table.name, Key: keys.reading(name) }));
    },
  };
}
