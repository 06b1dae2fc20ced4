import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { keys, PARTITION_KEY, stableHash, TTL_ATTRIBUTE } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import { queryAll, type Table } from '#shared/table/table.ts';

export interface ReadingRepository {
  /** Says that these people are being asked about until then. Told before it is looked who else is. */
  enter(name: string, competitorIds: readonly string[], until: Date): Promise<void>;
  /** Those of the people whom somebody else is asking about; consistent. */
  others(name: string, competitorIds: readonly string[], now: Date): Promise<ReadonlySet<string>>;
  leave(name: string): Promise<void>;
}

const readingSchema = z.object({ name: z.string(), until: z.iso.datetime(), people: z.array(z.number()) });

/**
 * Who is asking the platform about whom at this moment. People are kept as 32-bit hashes, so that a part of a hundred
 * is one write unit; two people with one hash only wait for each other. There are as many rows as workers.
 */
export function createReadingRepository(table: Table): ReadingRepository {
  return {
    async enter(name, competitorIds, until) {
      await table.client.send(
        new PutCommand({
          TableName: table.name,
          Item: {
            ...keys.reading(name),
            type: 'reading',
            name,
            until: until.toISOString(),
            people: competitorIds.map(stableHash),
            [TTL_ATTRIBUTE]: Math.ceil(until.getTime() / 1000),
          },
        }),
      );
    },

    async others(name, competitorIds, now) {
      const busy = new Set<number>();
      const rows = queryAll(table, {
        KeyConditionExpression: '#pk = :pk',
        ExpressionAttributeNames: { '#pk': PARTITION_KEY },
        ExpressionAttributeValues: { ':pk': keys.readingPartition },
        ConsistentRead: true,
      });
      for await (const row of rows) {
        const reading = parseRow(readingSchema, 'reading', row);
        if (reading.name === name || Date.parse(reading.until) <= now.getTime()) continue;
        for (const hash of reading.people) busy.add(hash);
      }
      return new Set(busy.size === 0 ? [] : competitorIds.filter((id) => busy.has(stableHash(id))));
    },

    async leave(name) {
      await table.client.send(new DeleteCommand({ TableName: table.name, Key: keys.reading(name) }));
    },
  };
}
