import { beforeEach, describe, expect, test } from 'vitest';
import { alertListSchema, type Alert } from '#shared/alerts/contract.ts';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import type { RouteKeyOf } from '#shared/http/routes.ts';
import { keys } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import { aCompetitor } from '#test/support/competitors.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { buildDependencies } from '../../../functions/dashboard-api/dependencies.ts';
import { apiOn, problemOf, type Answer, type Call } from '../api-harness.ts';

const newTable = useTestTables();
const LIST = 'GET /api/game-platform/alerts';
const SNOOZE = 'POST /api/game-platform/alerts/{alertId}/snooze';
const WAKE = 'POST /api/game-platform/alerts/{alertId}/wake';
const ID = 'coa_a.release_missing';
const params = { alertId: ID };

let table: Table;
let call: (route: RouteKeyOf<'dashboard-api'>, call?: Call) => Promise<Answer>;
let until: string;

const unsigned = (id: string, coachId = 'coa_a', over: Parameters<typeof aCompetitor>[0] = {}) =>
  createCompetitorRepository(table).put(aCompetitor({ id, coachId, mediaReleaseDate: null, ...over }));
const list = async (input: Call = {}) => alertListSchema.parse((await call(LIST, input)).body);
const ids = (alerts: readonly Alert[]) => alerts.map(({ id }) => id);
const needsOf = async () => {
  const { body } = await call('GET /api/game-platform/dashboard');
  return String(body.brief.needs.headline);
};

beforeEach(async () => {
  table = await newTable();
  call = await apiOn(table, 'dashboard-api', buildDependencies);
  until = new Date(Date.now() + 3 * 86_400_000).toISOString();
  await unsigned('cmp_1');
  await unsigned('cmp_2');
  await unsigned('cmp_b', 'coa_b');
});

describe('Alerts', () => {
  test('are the coach’s own, merged by cause, and counted as the brief does', async () => {
    const { items, snoozed, closed } = await list();
    expect(items).toMatchObject([{ id: ID, actor: 'coach', subjectIds: ['cmp_1', 'cmp_2'] }]);
    expect([snoozed, closed]).toEqual([[], []]);
    expect(await needsOf()).toMatch(/^Two people/);
    expect((await list({ query: { actor: 'program' } })).items).toEqual([]);
  });

  test('are those of all coaches for an admin, or of the one who is named', async () => {
    const all = await list({ as: 'ines' });
    expect(ids(all.items).toSorted()).toEqual([ID, 'coa_b.release_missing']);
    expect(ids((await list({ as: 'ines', query: { coachId: 'coa_b' } })).items)).toEqual([
      'coa_b.release_missing',
    ]);
    expect((await call(LIST, { as: 'ines', query: { coachId: 'coa_none' } })).status).toBe(404);
    expect((await call(LIST, { query: { coachId: 'coa_b' } })).status).toBe(404);
  });

  test('evaluated twice at once have one beginning', async () => {
    await Promise.all([list(), list(), list()]);
    const rows = await itemsOf(table, keys.alertsOfCoach('coa_a'));
    expect(rows).toMatchObject([{ cause: 'release_missing', version: 1, closedAt: null }]);
  });

  test('close by themselves once nothing causes them, and say so for a day', async () => {
    await list();
    for (const id of ['cmp_1', 'cmp_2']) await unsigned(id, 'coa_a', { mediaReleaseDate: '2026-09-01' });
    const { items, closed } = await list();
    expect(ids(items)).toEqual(['coa_a.ready_to_add']);
    expect(closed).toMatchObject([{ cause: 'release_missing' }]);
    expect(problemOf(await call(SNOOZE, { params, body: { until } }))).toEqual([409, 'ALERT_CLOSED']);
  });
});

describe('A snooze', () => {
  test('puts an alert away here and in the brief, audited, until it is woken', async () => {
    expect((await call(SNOOZE, { params, body: { until } })).body).toMatchObject({ snoozedUntil: until });
    const away = await list();
    expect([ids(away.items), ids(away.snoozed)]).toEqual([[], [ID]]);
    expect(await needsOf()).toMatch(/^No one/);
    expect((await call(WAKE, { params })).body).toMatchObject({ id: ID, snoozedUntil: null });
    expect(ids((await list()).items)).toEqual([ID]);
    const day = new Date().toISOString().slice(0, 10);
    const audit = await itemsOf(table, keys.audit(day, '', '').pk);
    expect(audit).toMatchObject([
      { action: 'alert.snooze', subject: ID, actor: 'ada', coachId: 'coa_a', details: { until } },
      { action: 'alert.wake', subject: ID },
    ]);
  });

  test('ends when somebody else has the same need', async () => {
    await call(SNOOZE, { params, body: { until } });
    await unsigned('cmp_3');
    expect((await list()).items).toMatchObject([{ subjectIds: ['cmp_1', 'cmp_2', 'cmp_3'] }]);
  });

  test('is the coach’s and an admin’s; anybody else’s alert is not there', async () => {
    const body = { until };
    expect((await call(SNOOZE, { as: 'ben', params, body })).status).toBe(404);
    expect((await call(WAKE, { as: 'ben', params })).status).toBe(404);
    expect((await call(SNOOZE, { params: { alertId: 'coa_a.idle' }, body })).status).toBe(404);
    expect((await call(SNOOZE, { params: { alertId: 'nonsense' }, body })).status).toBe(404);
    expect((await call(SNOOZE, { as: 'ines', params, body })).status).toBe(200);
  });

  test.each([
    ['in the past', -1],
    ['after more than 90 days', 91],
  ])('that ends %s is refused', async (_, days) => {
    const far = new Date(Date.now() + days * 86_400_000).toISOString();
    const answer = await call(SNOOZE, { params, body: { until: far } });
    expect(problemOf(answer)).toEqual([422, 'VALIDATION_FAILED']);
  });
});
