import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { keys, syncBucketOf, TTL_ATTRIBUTE } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import { batchGetAll, queryAll, type Table } from '#shared/table/table.ts';
import { withQuietRead, type QuietRead } from './no-op-read.ts';
import type { SyncState } from './score-records.ts';

/**
 * Where quiet reads lie: eight people share a row of a sync bucket, each with a slot for good, given out in the order
 * of their first reads. A row stays below 1 KB, so that a read alone costs one write as it would in a row of its own,
 * and a job over everybody an eighth of that. Rows name nobody; slots of states that are gone are never used again.
 */
const PEOPLE_A_ROW = 8;

/** A row that nobody of was read for so long says nothing worth keeping. */
const KEPT_MS = 90 * 86_400_000;

export interface KeptQuietRead {
  readonly competitorId: string;
  readonly slot: number;
  readonly read: QuietRead;
}

export interface QuietReadRepository {
  /** Slots for people who have none; each call gives out new ones. One write for each of their buckets. */
  slotsFor(competitorIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** One write for each row. A slot takes the reads as they come: an older one that comes late means one read more. */
  save(reads: readonly KeptQuietRead[], at: Date): Promise<void>;
  /** All quiet reads of a sync bucket, by slot. */
  ofBucket(bucket: number): Promise<ReadonlyMap<number, QuietRead>>;
}

const PLACES = Array.from({ length: PEOPLE_A_ROW }, (_, place) => place);
const at = z.int().positive();
const rowSchema = z.object({
  row: z.int().nonnegative(),
  odl: z.array(z.tuple([at, z.string(), z.string()]).optional()),
  flash: z.array(z.tuple([at]).rest(z.string()).optional()),
});
const odlOf = (place: number): string => `o${place}`;
const flashOf = (place: number): string => `f${place}`;

const rowOf = (slot: number): number => Math.floor(slot / PEOPLE_A_ROW);

/** Quiet reads of a row, by slot. */
function readsOf(item: Readonly<Record<string, unknown>>): Map<number, QuietRead> {
  const { row, odl, flash } = parseRow(rowSchema, 'quiet reads', {
    ...item,
    odl: PLACES.map((place) => item[odlOf(place)]),
    flash: PLACES.map((place) => item[flashOf(place)]),
  });
  const reads = new Map<number, QuietRead>();
  for (const place of PLACES) {
    const [odlAt, jobId, reason] = odl[place] ?? [];
    const [flashAt, flashJob] = flash[place] ?? [];
    if (odlAt === undefined && flashAt === undefined) continue;
    reads.set(row * PEOPLE_A_ROW + place, {
      ...(odlAt === undefined || jobId === undefined || reason === undefined
        ? {}
        : { odl: { at: odlAt, jobId, reason } }),
      ...(flashAt === undefined
        ? {}
        : { flash: { at: flashAt, ...(flashJob === undefined ? {} : { jobId: flashJob }) } }),
    });
  }
  return reads;
}

/** What a row's write sets, by attribute. */
function attributesOf(reads: readonly KeptQuietRead[]): Record<string, unknown> {
  const attributes: Record<string, unknown> = {};
  for (const { slot, read } of reads) {
    const place = slot % PEOPLE_A_ROW;
    if (read.odl !== undefined) attributes[odlOf(place)] = [read.odl.at, read.odl.jobId, read.odl.reason];
    if (read.flash !== undefined) attributes[flashOf(place)] = [read.flash.at, read.flash.jobId ?? []].flat();
  }
  return attributes;
}

const keyOf = (bucket: number, row: number): string => `${bucket} ${row}`;

/** States as they are with their quiet reads. */
export async function withQuietReads(
  table: Table,
  states: readonly SyncState[],
  options: { readonly consistent?: boolean } = {},
): Promise<SyncState[]> {
  const wanted = new Map<string, ReturnType<typeof keys.quietReads>>();
  for (const { competitorId, quietSlot } of states) {
    if (quietSlot === undefined) continue;
    const bucket = syncBucketOf(competitorId);
    wanted.set(keyOf(bucket, rowOf(quietSlot)), keys.quietReads(bucket, rowOf(quietSlot)));
  }
  const found = new Map<string, QuietRead>();
  for (const item of await batchGetAll(table, [...wanted.values()], options)) {
    for (const [slot, read] of readsOf(item)) found.set(`${String(item['pk'])} ${slot}`, read);
  }
  return states.map((state) => {
    if (state.quietSlot === undefined) return state;
    const { pk } = keys.quietReads(syncBucketOf(state.competitorId), 0);
    const read = found.get(`${pk} ${state.quietSlot}`);
    return read === undefined ? state : withQuietRead(state, read);
  });
}

export function createQuietReadRepository(table: Table): QuietReadRepository {
  async function takeSlots(bucket: number, ids: readonly string[]): Promise<[string, number][]> {
    const { Attributes: attributes } = await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keys.quietSlots(bucket),
        UpdateExpression: 'ADD #taken :more',
        ExpressionAttributeNames: { '#taken': 'taken' },
        ExpressionAttributeValues: { ':more': ids.length },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    const { taken } = parseRow(z.object({ taken: z.int() }), 'quiet slots', attributes ?? {});
    return ids.map((id, index) => [id, taken - ids.length + index]);
  }

  async function saveRow(bucket: number, row: number, reads: readonly KeptQuietRead[], now: Date) {
    const set: Record<string, unknown> = {
      ...attributesOf(reads),
      row,
      type: 'quiet_reads',
      [TTL_ATTRIBUTE]: Math.ceil((now.getTime() + KEPT_MS) / 1_000),
    };
    const names = Object.keys(set);
    await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keys.quietReads(bucket, row),
        UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
        ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
        ExpressionAttributeValues: Object.fromEntries(names.map((name) => [`:${name}`, set[name]])),
      }),
    );
  }

  return {
    async slotsFor(competitorIds) {
      const byBucket = Map.groupBy(competitorIds, syncBucketOf);
      const taken = await Promise.all([...byBucket].map(([bucket, ids]) => takeSlots(bucket, ids)));
      return new Map(taken.flat());
    },

    async save(reads, now) {
      const rows = Map.groupBy(reads, ({ competitorId, slot }) =>
        keyOf(syncBucketOf(competitorId), rowOf(slot)),
      );
      await Promise.all(
        [...rows.values()].map(async (some) => {
          const [first] = some;
          if (first !== undefined)
            await saveRow(syncBucketOf(first.competitorId), rowOf(first.slot), some, now);
        }),
      );
    },

    async ofBucket(bucket) {
      const { pk, skPrefix } = keys.quietBucket(bucket);
      const reads = new Map<number, QuietRead>();
      const rows = queryAll(table, {
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': pk, ':prefix': skPrefix },
      });
      for await (const item of rows) for (const [slot, read] of readsOf(item)) reads.set(slot, read);
      return reads;
    },
  };
}
