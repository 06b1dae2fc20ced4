import { beforeEach, describe, expect, test } from 'vitest';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { competitorViewSchema } from '#shared/competitors/contract.ts';
import { createDynamoPersonRepository } from '#shared/composition/erasure.ts';
import { problemSchema } from '#shared/kernel/problem.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import { UNCHANGED_SYNC_SETTINGS } from '#shared/settings/sync-settings.ts';
import { rosterEntrySchema } from '#shared/teams/rosters/roster-entry.ts';
import { createRosterRepository } from '#shared/teams/rosters/roster-repository.ts';
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

const onTeam = async (wantedTeamId: string) => {
  await createRosterRepository(table).put({
    ...rosterEntrySchema.parse({
      competitorId: 'cmp_1',
      coachId: 'coa_a',
      wantedTeamId,
      wantedAt: '2026-11-01T18:00:00.000Z',
      editedBy: 'ada',
    }),
  });
};
const pending = async () => {
  const due: unknown[] = [];
  const end = new Date('2100-01-01T00:00:00.000Z');
  for await (const entry of createRosterRepository(table).pendingDue(end)) due.push(entry);
  return due;
};

describe('consent taken back', () => {
  test('nobody is read who is on hold, and a new release begins it again', async () => {
    await onPlatform();
    const held = await patch(1, { consentWithdrawnDate: '2026-11-18' });
    expect(competitorViewSchema.parse(held.body)).toMatchObject({
      status: 'complete',
      onHold: { because: 'withdrawn', since: '2026-11-18' },
      missing: [{ field: 'mediaReleaseDate' }],
    });
    expect(await stateNow()).toBeUndefined();
    const lifted = await patch(2, { mediaReleaseDate: '2026-11-18' });
    expect(competitorViewSchema.parse(lifted.body)).toMatchObject({ onHold: null, missing: [] });
    expect(await stateNow()).toEqual({ ...state, readBefore: true });
    const actions: string[] = [];
    for await (const line of createDynamoPersonRepository(table).auditAbout('cmp_1')) {
      actions.push(String(line['action']));
    }
    expect(actions).toEqual(expect.arrayContaining(['competitor.hold', 'competitor.lift_hold']));
  });

  test('a reactivation during a hold begins no reading', async () => {
    await onPlatform();
    await patch(1, { mediaReleaseDate: null });
    await patch(2, { active: false });
    await patch(3, { active: true });
    expect(await stateNow()).toBeUndefined();
    expect(await itemsOf(table, keys.totalsDuePartition)).toEqual([]);
  });

  test('a team that waited for the release is due once that is in', async () => {
    await onPlatform();
    const competitors = createCompetitorRepository(table);
    const known = await competitors.byId('cmp_1');
    if (known === undefined) throw new Error('Nobody is there.');
    await competitors.put({ ...known, teamId: 'tea_1', mediaReleaseDate: null });
    await onTeam('tea_1');
    expect(await pending()).toEqual([]);
    await patch(1, { mediaReleaseDate: '2026-11-18' });
    expect(await pending()).toMatchObject([{ competitorId: 'cmp_1', wantedTeamId: 'tea_1' }]);
  });

  test('a release from before the season is refused, new or changed; none is the default', async () => {
    const early = { firstName: 'Juno', lastName: 'Vale', mediaReleaseDate: '2026-07-31' };
    expect((await api.call('POST /api/competitors', { body: early })).status).toBe(201);
    await createSettingsRepository(table).saveSyncSettings({
      ...UNCHANGED_SYNC_SETTINGS,
      version: 1,
      program: { ...UNCHANGED_SYNC_SETTINGS.program, seasonStart: '2026-08-01' },
    });
    const refused = await api.call('POST /api/competitors', { body: early });
    expect(refused.status).toBe(422);
    expect(problemSchema.parse(refused.body).errors).toMatchObject([{ path: 'mediaReleaseDate' }]);
    await onPlatform();
    expect((await patch(1, { mediaReleaseDate: '2026-07-31' })).status).toBe(422);
    expect((await patch(1, { mediaReleaseDate: '2026-08-01' })).status).toBe(200);
  });
});
