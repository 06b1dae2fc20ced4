import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, expect, test } from 'vitest';
import { competitorListSchema, erasureStartedSchema } from '#shared/competitors/contract.ts';
import { rosterEntrySchema } from '#shared/teams/rosters/roster-entry.ts';
import type { Solve } from '#shared/score-sync/score-records.ts';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { createFlashRepository } from '#shared/score-sync/flash-repository.ts';
import { keys } from '#shared/table/keys.ts';
import { dayItem, flashResultItem, syncStateItem, totalsDueItem } from '#shared/score-sync/score-items.ts';
import { createRosterRepository } from '#shared/teams/rosters/roster-repository.ts';
import { createSolveRepository } from '#shared/score-sync/solve-repository.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { aDay, aFlashResult, aSyncState, aTeam } from '#test/support/records.ts';
import { problemOf } from '../api-harness.ts';
import { competitorsApiOn, type CompetitorsApiHarness } from './harness.ts';
import { workerOn } from './work.ts';

const newTable = useTestTables();
let api: CompetitorsApiHarness;
beforeEach(async () => {
  api = await competitorsApiOn(await newTable());
});

const NAMES = /Erasmus|Vanishing|erasmus@/;
/** Everything in the table, which only a test may ask for. */
async function everything(): Promise<Record<string, unknown>[]> {
  const { Items = [] } = await api.table.client.send(new ScanCommand({ TableName: api.table.name }));
  return Items;
}

async function aPersonWithTraces() {
  const { table } = api;
  const headers = { 'idempotency-key': 'add-erasmus' };
  const person = { firstName: 'Erasmus', lastName: 'Vanishing', email: 'erasmus@example.org' };
  const view = await api.created({ headers }, person);
  const { id: competitorId, coachId } = view;
  const team = aTeam({ id: 'team_1', coachId, members: ['cmp_other', competitorId] });
  await createTeamRepository(table).put(team);
  const competitors = createCompetitorRepository(table);
  const stored = await competitors.byId(competitorId, { consistent: true });
  if (stored === undefined) throw new Error('The competitor is missing.');
  await competitors.update({ ...stored, version: 2, teamId: team.id, gamePlatformId: competitorId });
  const rows = [
    dayItem(aDay({ competitorId, coachId })),
    flashResultItem(aFlashResult({ competitorId, coachId })),
    syncStateItem(aSyncState({ competitorId, coachId, gamePlatformId: competitorId })),
    totalsDueItem({ competitorId, coachId, mark: 'm' }),
  ];
  for (const Item of rows) await table.client.send(new PutCommand({ TableName: table.name, Item }));
  const solve: Solve = {
    competitorId,
    coachId,
    source: 'odl',
    eventId: 'odl',
    solveId: 1,
    challengeId: 3,
    title: 'Warm-up',
    points: 10,
    category: 'Web',
    solvedAt: '2026-11-20T23:00:00.000Z',
    day: '2026-11-21',
    retired: false,
    workRoles: [],
    storedAt: '2026-11-20T23:30:00.000Z',
  };
  const subject = { competitorId, coachId, gamePlatformId: competitorId, timeZone: 'America/Los_Angeles' };
  const options = {
    since: '2026-11-20T23:30:00.000Z',
    jobId: 'job_1',
    openMonth: null,
    totalsMark: null,
    activity: null,
  };
  const storeSolve = () => createSolveRepository(table).store(subject, [solve], options);
  expect(await storeSolve()).toMatchObject({ stored: 1 });
  await api.call('GET /api/competitors/{id}', { id: competitorId });
  const upload = await api.call('POST /api/competitors/import', {
    query: { dryRun: 'true' },
    text: 'first_name,last_name\nErasmus,Vanishing\n',
    headers: { 'content-type': 'text/csv' },
  });
  expect(upload.status).toBe(202);
  return { view, person, headers, storeSolve, subject, importJobId: String(upload.body.jobId) };
}

test('a deleted person is gone at once and then everywhere, but for the tombstone', async () => {
  const { view, importJobId } = await aPersonWithTraces();
  const work = workerOn(api.table);
  await work(importJobId);
  const { id } = view;
  expect(problemOf(await api.call('DELETE /api/competitors/{id}', { id, as: 'ben' }))).toEqual([
    404,
    'NOT_FOUND',
  ]);
  const answer = await api.call('DELETE /api/competitors/{id}', { id });
  expect(answer.status).toBe(202);
  const { jobId, notReachable } = erasureStartedSchema.parse(answer.body);
  expect(notReachable.map(({ what }) => what)).toContain('Backups');
  expect(problemOf(await api.call('GET /api/competitors/{id}', { id }))).toEqual([404, 'NOT_FOUND']);
  expect(problemOf(await api.call('DELETE /api/competitors/{id}', { id }))).toEqual([404, 'NOT_FOUND']);
  expect((await createTeamRepository(api.table).byId('team_1'))?.members).toEqual(['cmp_other']);

  const job = await work(jobId);
  expect(job).toMatchObject({ status: 'succeeded', done: 1, total: 1 });
  expect(job.counts).toMatchObject({ uploads: 1 });
  expect(await itemsOf(api.table, keys.competitorPartition(id))).toMatchObject([{ type: 'tombstone' }]);
  const left = await everything();
  expect(JSON.stringify(left)).not.toMatch(NAMES);
  const about = left.filter((row) => JSON.stringify(row).includes(id)).map((row) => String(row['type']));
  expect(new Set(about)).toEqual(
    new Set(['tombstone', 'audit', 'job', 'job_part', 'job_row', 'idempotency']),
  );
  expect((await work(jobId)).status).toBe('succeeded');
});

test('nothing late makes them anew: reads of scores, repeated requests, another try of the record', async () => {
  const { view, person, headers, storeSolve, subject } = await aPersonWithTraces();
  const { id } = view;
  const { table } = api;
  const before = await createCompetitorRepository(table).byId(id, { consistent: true });
  const { body } = await api.call('DELETE /api/competitors/{id}', { id });
  await workerOn(table)(body.jobId);

  expect(await storeSolve()).toMatchObject({ stored: 0 });
  await createSolveRepository(table).savePlatformTotals(subject, {
    challengesCompleted: 1,
    totalScore: 10,
    categoryPoints: {},
    lastAccessedAt: null,
    monthlyCtfChallenges: 0,
    readAt: '2026-11-24T20:00:00.000Z',
  });
  await createFlashRepository(table).saveResult(aFlashResult({ competitorId: id }));
  if (before === undefined) throw new Error('The competitor was missing before.');
  const competitors = createCompetitorRepository(table);
  await expect(competitors.create(before)).rejects.toThrow('The transaction was refused');
  await expect(competitors.update({ ...before, version: before.version + 1 })).rejects.toThrow('was changed');
  const replayed = await api.call('POST /api/competitors', { headers, body: person });
  expect(replayed.status).toBe(201);
  expect(replayed.body).toEqual({ id });
  expect(await itemsOf(table, keys.competitorPartition(id))).toMatchObject([{ type: 'tombstone' }]);
  const list = await api.call('GET /api/competitors');
  expect(competitorListSchema.parse(list.body).items).toEqual([]);
});

test('who is on a team over there is left with ids alone, until the roster worker has taken them off', async () => {
  const { view } = await aPersonWithTraces();
  const { id, coachId } = view;
  const work = workerOn(api.table);
  const rosters = createRosterRepository(api.table);
  await rosters.put(
    rosterEntrySchema.parse({
      competitorId: id,
      coachId,
      wantedTeamId: 'team_1',
      wantedAt: '2026-11-20T10:00:00.000Z',
      editedBy: 'ada',
      confirmedTeamId: 'team_1',
      confirmedAt: '2026-11-20T10:00:10.000Z',
      failure: { code: 'REFUSED', message: 'No.', remedy: 'Ask.', at: '2026-11-20T10:00:00.000Z' },
    }),
  );
  const { body } = await api.call('DELETE /api/competitors/{id}', { id });
  expect(await work(body.jobId)).toMatchObject({ status: 'succeeded' });
  const left = await itemsOf(api.table, keys.competitorPartition(id));
  expect(left.map((row) => row['type'])).toEqual(['tombstone', 'roster_entry']);
  expect(await rosters.byId(id)).toMatchObject({
    wantedTeamId: null,
    confirmedTeamId: 'team_1',
    editedBy: 'erasure',
    erasedPlatformId: id,
    failure: null,
    lastEditSeconds: null,
  });
  const waiting: string[] = [];
  for await (const entry of rosters.pendingDue(new Date('2100-01-01T00:00:00.000Z'))) {
    waiting.push(entry.competitorId);
  }
  expect(waiting).toEqual([id]);
  await rosters.removeErased(id);
  expect(await itemsOf(api.table, keys.competitorPartition(id))).toMatchObject([{ type: 'tombstone' }]);
});

test('an erasure that is cut short goes on at the next try, and erases nobody who was not deleted', async () => {
  const { view } = await aPersonWithTraces();
  const { id } = view;
  const work = workerOn(api.table);
  const { body } = await api.call('DELETE /api/competitors/{id}', { id });
  let calls = 0;
  const short = await work(body.jobId, () => (calls++ < 8 ? 60_000 : 5_000));
  expect(short.status).toBe('running');
  expect((await work(body.jobId)).status).toBe('succeeded');
  expect(await itemsOf(api.table, keys.competitorPartition(id))).toHaveLength(1);
});
