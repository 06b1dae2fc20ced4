import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { isErased, tombstoneItems, type Tombstone } from '#shared/competitors/privacy/erasure-repository.ts';
import { indexKeys, keys } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import { aCompetitor } from '#test/support/competitors.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { replayErasures } from '../../../scripts/operations/replay-erasures.ts';

const now = () => new Date('2026-11-30T12:00:00Z');

const tombstoneOf = (competitorId: string, gamePlatformId: string | null): Tombstone => ({
  competitorId,
  coachId: 'coa_1',
  gamePlatformId,
  erasedAt: '2026-11-29T09:00:00.000Z',
  jobId: `job_erase_${competitorId}`,
});

const putAll = async (table: Table, items: readonly Readonly<Record<string, unknown>>[]): Promise<void> => {
  for (const Item of items) await table.client.send(new PutCommand({ TableName: table.name, Item }));
};

describe('the replay of erasures', () => {
  const newTable = useTestTables();

  it('erases whom the restore brought back, with all rows, and keeps everybody else', async () => {
    const [old, restored] = [await newTable(), await newTable()];
    await putAll(old, tombstoneItems(tombstoneOf('cmp_1', 'gp_1')));
    const competitors = createCompetitorRepository(restored);
    await competitors.create(aCompetitor({ id: 'cmp_1' }));
    await competitors.create(aCompetitor({ id: 'cmp_2', email: 'other@example.org' }));
    await putAll(restored, [
      { ...keys.solve('cmp_1', 'odl', 'e', 1), type: 'solve' },
      { ...keys.syncState('cmp_1'), type: 'sync_state' },
      {
        ...keys.activity('coa_1', '2026-11-01T00:00:00.000Z', 'act_1'),
        ...indexKeys.activityAbout('cmp_1', '2026-11-01T00:00:00.000Z', 'act_1'),
        type: 'activity',
        coachId: 'coa_1',
      },
    ]);
    const other = await itemsOf(restored, keys.competitorPartition('cmp_2'));

    expect(await replayErasures(old, restored, now)).toEqual({ erasedAgain: 1, notThere: 0 });
    expect(await itemsOf(restored, keys.competitorPartition('cmp_1'))).toMatchObject([
      { type: 'tombstone', erasedAt: '2026-11-29T09:00:00.000Z', gamePlatformId: 'gp_1' },
    ]);
    // Nobody may claim the account that the platform still has, though the restored record did not know it yet.
    expect(await isErased(restored, 'gp_1')).toBe(true);
    expect(await itemsOf(restored, 'ACTIVITY#coa_1')).toEqual([]);
    expect(await itemsOf(restored, keys.competitorPartition('cmp_2'))).toEqual(other);

    expect(await replayErasures(old, restored, now)).toEqual({ erasedAgain: 0, notThere: 1 });
  });

  it('puts the tombstone also of those who were not there yet, so that nothing late makes them anew', async () => {
    const [old, restored] = [await newTable(), await newTable()];
    await putAll(old, tombstoneItems(tombstoneOf('cmp_9', null)));
    expect(await replayErasures(old, restored, now)).toEqual({ erasedAgain: 0, notThere: 1 });
    await expect(
      createCompetitorRepository(restored).create(aCompetitor({ id: 'cmp_9' })),
    ).rejects.toBeInstanceOf(Error);
  });

  it('ends an erasure that was under way at the point of the restore', async () => {
    const [old, restored] = [await newTable(), await newTable()];
    for (const table of [old, restored]) await putAll(table, tombstoneItems(tombstoneOf('cmp_1', null)));
    await putAll(restored, [{ ...keys.solve('cmp_1', 'odl', 'e', 1), type: 'solve' }]);
    expect(await replayErasures(old, restored, now)).toEqual({ erasedAgain: 0, notThere: 1 });
    expect((await itemsOf(restored, keys.competitorPartition('cmp_1'))).map(({ type }) => type)).toEqual([
      'tombstone',
    ]);
  });
});
