import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, test } from 'vitest';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { freshnessSchema } from '#shared/dashboard/contract.ts';
import { syncStateItem } from '#shared/score-sync/score-items.ts';
import type { Table } from '#shared/table/table.ts';
import { aCompetitor } from '#test/support/competitors.ts';
import { useTestTables } from '#test/support/dynamodb.ts';
import { aSyncState } from '#test/support/records.ts';
import { buildDependencies } from '../../../functions/dashboard-api/dependencies.ts';
import { apiOn, problemOf, type Call } from '../api-harness.ts';

const newTable = useTestTables();
const FRESHNESS = 'GET /api/game-platform/freshness';
const DASHBOARD = 'GET /api/game-platform/dashboard';
const ALERTS = 'GET /api/game-platform/alerts';
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();

let table: Table;
let call: Awaited<ReturnType<typeof apiOn<'dashboard-api'>>>;

/** Somebody on the platform, read so many hours ago. */
async function read(competitorId: string, coachId: string, lastReadAt: string): Promise<void> {
  const own = { coachId, gamePlatformId: competitorId, mediaReleaseDate: '2026-09-01' };
  await createCompetitorRepository(table).put(aCompetitor({ id: competitorId, ...own }));
  const Item = syncStateItem(aSyncState({ competitorId, coachId, lastReadAt }));
  await table.client.send(new PutCommand({ TableName: table.name, Item }));
}
const freshness = async (input: Call = {}) => freshnessSchema.parse((await call(FRESHNESS, input)).body);

beforeEach(async () => {
  table = await newTable();
  call = await apiOn(table, 'dashboard-api', buildDependencies);
});

describe('The age of scores', () => {
  test('is that of the coach’s people, and the same as on the dashboard', async () => {
    const [old, recent] = [hoursAgo(3), hoursAgo(1)];
    await read('cmp_1', 'coa_a', old);
    await read('cmp_2', 'coa_a', recent);
    await read('cmp_b', 'coa_b', hoursAgo(5));
    const own = await freshness();
    expect(own).toMatchObject({ asOf: old, lastReadAt: recent, late: 0, expected: 2 });
    expect((await call(DASHBOARD)).body.freshness).toEqual(own);
    expect(await freshness({ as: 'ines', query: { coachId: 'coa_a' } })).toEqual(own);
    expect(await freshness({ as: 'ines', actAs: 'coa_a' })).toEqual(own);
  });

  test('of all coaches is told to an admin', async () => {
    const old = hoursAgo(5);
    await read('cmp_1', 'coa_a', hoursAgo(1));
    await read('cmp_b', 'coa_b', old);
    expect(await freshness({ as: 'ines' })).toMatchObject({ asOf: old, expected: 2 });
  });

  test('of another coach, or of one that does not exist, is not there', async () => {
    const other = await call(FRESHNESS, { query: { coachId: 'coa_b' } });
    expect(problemOf(other)).toEqual([404, 'NOT_FOUND']);
    const unknown = await call(FRESHNESS, { as: 'ines', query: { coachId: 'coa_none' } });
    expect(problemOf(unknown)).toEqual([404, 'NOT_FOUND']);
  });
});

describe('Asked again with its tag', () => {
  test.each([FRESHNESS, DASHBOARD, ALERTS] as const)('%s says 304 until something changes', async (route) => {
    await read('cmp_1', 'coa_a', hoursAgo(30));
    const first = await call(route);
    const headers = { 'if-none-match': first.headers['etag'] ?? '' };
    const again = await call(route, { headers });
    expect([again.status, again.body, again.headers['etag']]).toEqual([
      304,
      undefined,
      first.headers['etag'],
    ]);
    await read('cmp_2', 'coa_a', hoursAgo(29));
    const changed = await call(route, { headers });
    expect(changed.status).toBe(200);
    expect(changed.headers['etag']).not.toBe(first.headers['etag']);
    expect((await call(route, { as: 'ben', headers })).status).toBe(200);
  });
});
