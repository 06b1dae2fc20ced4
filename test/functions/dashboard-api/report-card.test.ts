import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, expect, test } from 'vitest';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { reportCardSchema } from '#shared/report-card/contract.ts';
import { dayItem, solveItem, statsItem, syncStateItem } from '#shared/score-sync/score-items.ts';
import type { Table } from '#shared/table/table.ts';
import { indexKeys } from '#shared/table/keys.ts';
import { aCompetitor } from '#test/support/competitors.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { aDay, aSyncState, aSolve } from '#test/support/records.ts';
import { buildDependencies } from '../../../functions/dashboard-api/dependencies.ts';
import { apiOn, problemOf } from '../api-harness.ts';

const newTable = useTestTables();
const ROUTE = 'GET /api/game-platform/competitors/{id}/report-card';
const QUERY = { from: '2026-11-01', to: '2026-11-24' };

let table: Table;
let call: Awaited<ReturnType<typeof apiOn<'dashboard-api'>>>;

beforeEach(async () => {
  table = await newTable();
  call = await apiOn(table, 'dashboard-api', buildDependencies);
  const competitors = createCompetitorRepository(table);
  const own = { coachId: 'coa_a', gamePlatformId: 'cmp_1', mediaReleaseDate: '2026-09-01' };
  await competitors.put(aCompetitor({ id: 'cmp_1', ...own }));
  await competitors.put(aCompetitor({ id: 'cmp_b', coachId: 'coa_b' }));
  const ofAda = { competitorId: 'cmp_1', coachId: 'coa_a' };
  const solve = aSolve(ofAda);
  const counters = { storedOdl: 1, storedCtf: 0, storedOdlPoints: 100, storedCtfPoints: 0 };
  const items = [
    solveItem(solve),
    solveItem({ ...solve, solveId: 2, title: 'Taken Back', revokedAt: '2026-11-21T08:00:00.000Z' }),
    dayItem(aDay(ofAda)),
    statsItem({ ...ofAda, ...counters, lastSolveAt: solve.solvedAt, platform: null }),
    syncStateItem(aSyncState(ofAda)),
  ];
  for (const Item of items) await table.client.send(new PutCommand({ TableName: table.name, Item }));
});

test('a coach reads a card of their own competitor, and it is in the read log', async () => {
  const answer = await call(ROUTE, { id: 'cmp_1', query: QUERY });
  expect(answer.status).toBe(200);
  const card = reportCardSchema.parse(answer.body);
  expect(card.figures?.totals).toMatchObject({ challenges: 1, points: 100 });
  expect(card.figures?.solves.map(({ title, mark }) => [title, mark])).toEqual([
    ['Caesar at Sea', null],
    ['Taken Back', 'withdrawn'],
  ]);
  const noted = await itemsOf(table, `AUDIT#${new Date().toISOString().slice(0, 10)}`);
  expect(noted).toMatchObject([{ action: 'competitor.read', subject: 'cmp_1', actor: 'ada' }]);
  expect(indexKeys.auditAbout('cmp_1', '', '').gsi1pk).toBe(noted[0]?.['gsi1pk']);
});

test('another coach’s competitor and an unknown one are not there; an admin reads any', async () => {
  for (const id of ['cmp_b', 'cmp_none'])
    expect(problemOf(await call(ROUTE, { id, query: QUERY }))).toEqual([404, 'NOT_FOUND']);
  const answer = await call(ROUTE, { as: 'ines', id: 'cmp_b' });
  expect([answer.status, answer.body.state, answer.body.figures]).toEqual([200, 'no_account', null]);
});

test('nobody is noted as a reader of what was not answered', async () => {
  const backwards = { from: '2026-11-24', to: '2026-11-01' };
  expect(problemOf(await call(ROUTE, { id: 'cmp_1', query: backwards }))).toEqual([422, 'VALIDATION_FAILED']);
  expect(await itemsOf(table, `AUDIT#${new Date().toISOString().slice(0, 10)}`)).toEqual([]);
});
