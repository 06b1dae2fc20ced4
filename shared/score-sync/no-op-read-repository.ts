import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import {
  add,
  beginsWith,
  equals,
  query,
  setAll,
  update,
  type AttributeValue,
} from '#shared/table/expressions.ts';
import { keys, syncBucketOf, TTL_ATTRIBUTE } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import { batchGetAll, queryAll, type Table } from '#shared/table/table.ts';
import { withNoOpRead, type NoOpRead } from './no-op-read.ts';
import { packFlash, packOdl, unpackFlash, unpackOdl } from './packed-no-op-read.ts';
import type { SyncState } from './score-records.ts';

/**
 * Where no-op reads lie: as many competitors share a row of a sync bucket as it holds below 1 KB, each with a slot for good, given
 * out in the order of their first reads. So a read alone costs one write as it would in a row of its own, and a job over
 * everyone a small part of that. Rows have no names; slots of states that are gone are never used again.
 */
export const SLOTS_IN_ROW = 22;

/** A row none of whose competitors was read for so long says nothing worth keeping. */
const KEPT_MS = 90 * 86_400_000;

export interface PendingNoOpRead {
  readonly competitorId: string;
  readonly slot: number;
  readonly read: NoOpRead;
}

export interface NoOpReadRepository {
  /** Slots for competitors that have none; each call gives out new ones. One write for each of their buckets. */
  slotsFor(competitorIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** One write for each row. A slot takes the reads as they come: an older one that comes late means one read more. */
  save(reads: readonly PendingNoOpRead[]): Promise<void>;
  /** All no-op reads of a sync bucket, by slot. */
  ofBucket(bucket: number): Promise<ReadonlyMap<number, NoOpRead>>;
  /** States as they are with their no-op reads. */
  mergedInto(states: readonly SyncState[], options?: { readonly consistent?: boolean }): Promise<SyncState[]>;
}

const PLACES = Array.from({ length: SLOTS_IN_ROW }, (_, place) => place);
const rowSchema = z.object({
  row: z.int().nonnegative(),
  odl: z.array(z.string().optional()),
  flash: z.array(z.string().optional()),
});
const odlOf = (place: number): string => `o${place.toString(36)}`;
const flashOf = (place: number): string => `f${place.toString(36)}`;

const rowOf = (slot: number): number => Math.floor(slot / SLOTS_IN_ROW);

/** No-op reads of a row, by slot. */
function readsOf(item: Readonly<Record<string, unknown>>): Map<number, NoOpRead> {
  const { row, odl, flash } = parseRow(rowSchema, 'no-op reads', {
    ...item,
    odl: PLACES.map((place) => item[odlOf(place)]),
    flash: PLACES.map((place) => item[flashOf(place)]),
  });
  const reads = new Map<number, NoOpRead>();
  for (const place of PLACES) {
    const [ofOdl, ofFlash] = [odl[place], flash[place]];
    if (ofOdl === undefined && ofFlash === undefined) continue;
    reads.set(row * SLOTS_IN_ROW + place, {
      ...(ofOdl === undefined ? {} : { odl: unpackOdl(ofOdl) }),
      ...(ofFlash === undefined ? {} : { flash: unpackFlash(ofFlash) }),
    });
  }
  return reads;
}

/** What a row's write sets, by attribute. */
function attributesOf(reads: readonly PendingNoOpRead[]): Record<string, AttributeValue> {
  const attributes: Record<string, AttributeValue> = {};
  for (const { slot, read } of reads) {
    const place = slot % SLOTS_IN_ROW;
    if (read.odl !== undefined) attributes[odlOf(place)] = packOdl(read.odl);
    if (read.flash !== undefined) attributes[flashOf(place)] = packFlash(read.flash);
  }
  return attributes;
}

const keyOf = (bucket: number, row: number): string => `${bucket} ${row}`;

export function createNoOpReadRepository(table: Table): NoOpReadRepository {
  async function takeSlots(bucket: number, ids: readonly string[]): Promise<[string, number][]> {
    const { Attributes: attributes } = await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keys.noOpSlots(bucket),
        ...update([add('taken', ids.length)]),
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    const { taken } = parseRow(z.object({ taken: z.int() }), 'no-op slots', attributes ?? {});
    return ids.map((id, index) => [id, taken - ids.length + index]);
  }

  async function saveRow(bucket: number, row: number, reads: readonly PendingNoOpRead[]) {
    const newest = Math.max(...reads.map(({ read }) => Math.max(read.odl?.at ?? 0, read.flash?.at ?? 0)));
    await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keys.noOpReads(bucket, row),
        ...update([
          setAll({
            ...attributesOf(reads),
            row,
            type: 'quiet_reads',
            [TTL_ATTRIBUTE]: Math.ceil((newest + KEPT_MS) / 1_000),
          }),
        ]),
      }),
    );
  }

  return {
    async slotsFor(competitorIds) {
      const byBucket = Map.groupBy(competitorIds, syncBucketOf);
      const taken = await Promise.all([...byBucket].map(([bucket, ids]) => takeSlots(bucket, ids)));
      return new Map(taken.flat());
    },

    async save(reads) {
      const rows = Map.groupBy(reads, ({ competitorId, slot }) =>
        keyOf(syncBucketOf(competitorId), rowOf(slot)),
      );
      await Promise.all(
        [...rows.values()].map(async (some) => {
          const [first] = some;
          if (first !== undefined) await saveRow(syncBucketOf(first.competitorId), rowOf(first.slot), some);
        }),
      );
    },

    async ofBucket(bucket) {
      const { pk, skPrefix } = keys.noOpBucket(bucket);
      const reads = new Map<number, NoOpRead>();
      const rows = queryAll(table, query(equals('pk', pk), beginsWith('sk', skPrefix)));
      for await (const item of rows) for (const [slot, read] of readsOf(item)) reads.set(slot, read);
      return reads;
    },

    async mergedInto(states, options = {}) {
      const wanted = new Map<string, ReturnType<typeof keys.noOpReads>>();
      for (const { competitorId, quietSlot } of states) {
        if (quietSlot === undefined) continue;
        const bucket = syncBucketOf(competitorId);
        wanted.set(keyOf(bucket, rowOf(quietSlot)), keys.noOpReads(bucket, rowOf(quietSlot)));
      }
      const found = new Map<string, NoOpRead>();
      for (const item of await batchGetAll(table, [...wanted.values()], options)) {
        for (const [slot, read] of readsOf(item)) found.set(`${String(item['pk'])} ${slot}`, read);
      }
      return states.map((state) => {
        if (state.quietSlot === undefined) return state;
        const { pk } = keys.noOpReads(syncBucketOf(state.competitorId), 0);
        const read = found.get(`${pk} ${state.quietSlot}`);
        return read === undefined ? state : withNoOpRead(state, read);
      });
    },
  };
}
