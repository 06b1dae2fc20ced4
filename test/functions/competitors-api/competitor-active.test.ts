import { beforeEach, expect, test } from 'vitest';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { keys } from '#shared/table/keys.ts';
import { syncStateItem } from '#shared/score-sync/score-items.ts';
import { createSyncStateRepository } from '#shared/score-sync/sync-state-repository.ts';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '#shared/table/table.ts';
import { firstSyncState } from '#shared/score-sync/score-records.ts';
import { APPROVED_ACCOUNT, aCompetitor } from '#test/support/competitors.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { problemOf } from '../api-harness.ts';
import { competitorsApiOn, type CompetitorsApiHarness } from './harness.ts';

const newTable = useTestTables();
let table: Table;
let api: CompetitorsApiHarness;
beforeEach(async () => {
  table = await newTable();
  api = await competitorsApiOn(table);
});

const state = firstSyncState({ competitorId: 'cmp_1', coachId: 'coa_a', gamePlatformId: 'gp_1' });
const read = { ...state, cursorUnix: 1_793_000_000, lastReadAt: '2026-11-10T18:00:00.000Z' };
const states = () => createSyncStateRepository(table);
const stateNow = async () => (await states().byIds(['cmp_1'])).get('cmp_1');

const onPlatform = async () => {
  const competitor = aCompetitor({
    coachId: 'coa_a',
    gamePlatformId: 'gp_1',
    platform: APPROVED_ACCOUNT,
  });
  await createCompetitorRepository(table).put(competitor);
  await table.client.send(new PutCommand({ TableName: table.name, Item: syncStateItem(read) }));
};
const patch = (version: number, body: unknown) =>
  api.call('PATCH /api/competitors/{id}', { id: 'cmp_1', body, headers: { 'if-match': `"${version}"` } });

test('a deactivated competitor is read no more, not even by a worker that had begun', async () => {
  await onPlatform();
  expect((await patch(1, { active: false })).status).toBe(200);
  expect(await stateNow()).toBeUndefined();
  const endedAt = new Date('2026-11-10T19:00:00.000Z');
  const { recorded } = await states().recordRead(read, {
    jobId: 'job_1',
    reason: 'everyone',
    read: 'odl',
    outcome: 'skipped_no_new_data',
    lists: [],
    change: { lastReadAt: endedAt.toISOString() },
    endedAt,
  });
  expect(recorded).toBe(false);
  expect(await stateNow()).toBeUndefined();
});

test('an activation begins reading from the start, totals included', async () => {
  await onPlatform();
  await patch(1, { active: false });
  expect((await patch(2, { active: true })).status).toBe(200);
  expect(await stateNow()).toEqual({ ...state, readBefore: true });
  expect(await itemsOf(table, keys.totalsDuePartition)).toMatchObject([{ competitorId: 'cmp_1' }]);
});

test('any other change, and one that is refused, leave the reading alone', async () => {
  await onPlatform();
  expect((await patch(1, { grade: 10 })).status).toBe(200);
  expect(problemOf(await patch(1, { active: false }))).toEqual([412, 'STALE_VERSION']);
  expect(await stateNow()).toEqual(read);
});

test('without an account there is nothing to read before or after', async () => {
  await createCompetitorRepository(table).put(aCompetitor({ coachId: 'coa_a' }));
  await patch(1, { active: false });
  expect((await patch(2, { active: true })).status).toBe(200);
  expect(await stateNow()).toBeUndefined();
  expect(await itemsOf(table, keys.totalsDuePartition)).toEqual([]);
});
