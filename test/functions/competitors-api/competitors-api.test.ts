import { beforeEach, describe, expect, test } from 'vitest';
import { competitorListSchema, competitorViewSchema } from '#shared/competitors/contract.ts';
import { problemSchema } from '#shared/kernel/problem.ts';
import { meViewSchema } from '#shared/identity/contract.ts';
import { createActivityRepository } from '#shared/audit/activity-repository.ts';
import { keys } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { RATE_LIMITS } from '#shared/http/rate-limits.ts';
import { problemOf, type Answer, type Call } from '../api-harness.ts';
import { competitorsApiOn, type CompetitorsApiHarness } from './harness.ts';

const newTable = useTestTables();

let table: Table;
let call: CompetitorsApiHarness['call'];
let created: CompetitorsApiHarness['created'];
beforeEach(async () => {
  ({ table, call, created } = await competitorsApiOn(await newTable()));
});

const NAMED = { firstName: 'Mira', lastName: 'Okafor' };

test('a coach adds a competitor, reads it back and changes it', async () => {
  const answer = await call('POST /api/competitors', { body: { ...NAMED, email: 'Mira@Example.org' } });
  const view = competitorViewSchema.parse(answer.body);
  expect(answer.headers).toMatchObject({ etag: '"1"', location: `/api/competitors/${view.id}` });
  expect(view).toMatchObject({ coachId: 'coa_a', version: 1, status: 'pending', email: 'mira@example.org' });
  expect(view.missing.map(({ field }) => field)).toContain('guardianEmail');

  expect((await call('GET /api/competitors/{id}', { id: view.id })).body).toEqual(view);

  const changed = await call('PATCH /api/competitors/{id}', {
    id: view.id,
    ifMatch: '"1"',
    body: { grade: 9 },
  });
  expect(changed).toMatchObject({ status: 200, headers: { etag: '"2"' }, body: { version: 2, grade: 9 } });

  const activity = await createActivityRepository(table).ofCoach('coa_a', { limit: 10 });
  expect(activity.items.map(({ kind }) => kind).toSorted()).toEqual([
    'competitor_changed',
    'competitor_created',
  ]);
});

describe('another coach’s competitor', () => {
  test('is not there, for reading or changing', async () => {
    const { id } = await created({ as: 'ben' });
    expect(problemOf(await call('GET /api/competitors/{id}', { id }))).toEqual([404, 'NOT_FOUND']);
    expect(
      problemOf(await call('PATCH /api/competitors/{id}', { id, ifMatch: '"1"', body: { grade: 9 } })),
    ).toEqual([404, 'NOT_FOUND']);
    expect((await call('GET /api/competitors')).body).toEqual({ items: [], nextCursor: null });
    expect(problemOf(await call('GET /api/competitors', { query: { coachId: 'coa_b' } }))).toEqual([
      404,
      'NOT_FOUND',
    ]);
  });

  test('is not there for an admin who acts as somebody else; without acting it is', async () => {
    const { id } = await created({ as: 'ben' });
    const read = (actAs?: string) =>
      call('GET /api/competitors/{id}', { as: 'ines', id, ...(actAs === undefined ? {} : { actAs }) });
    expect((await read('coa_a')).status).toBe(404);
    expect((await read('coa_b')).status).toBe(200);
    expect((await read()).status).toBe(200);
  });
});

describe('changing', () => {
  test('needs the version, and the current one', async () => {
    const { id } = await created();
    const change = (ifMatch?: string) =>
      call('PATCH /api/competitors/{id}', {
        id,
        body: { grade: 10 },
        ...(ifMatch === undefined ? {} : { ifMatch }),
      });
    expect(problemOf(await change())).toEqual([428, 'IF_MATCH_REQUIRED']);
    expect((await change('"1"')).status).toBe(200);
    const stale = await change('"1"');
    expect(problemOf(stale)).toEqual([412, 'STALE_VERSION']);
    expect(stale.headers['etag']).toBe('"2"');
  });

  test('of two at once, one is told that the other was first', async () => {
    const { id } = await created();
    const answers = await Promise.all(
      [9, 10].map((grade) => call('PATCH /api/competitors/{id}', { id, ifMatch: '"1"', body: { grade } })),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412]);
  });
});

test('a body that is not right is answered field by field', async () => {
  const answer = await call('POST /api/competitors', { body: { firstName: 'Mira', grade: 40, nick: 'M' } });
  expect(problemOf(answer)).toEqual([422, 'VALIDATION_FAILED']);
  expect(
    problemSchema
      .parse(answer.body)
      .errors?.map(({ path }) => path)
      .toSorted(),
  ).toEqual(['grade', 'lastName', 'nick']);
});

test('the same request with the same idempotency key adds one competitor', async () => {
  const headers = { 'idempotency-key': 'key-1' };
  const first = await created({ headers });
  const second = await call('POST /api/competitors', { headers, body: NAMED });
  expect(second).toMatchObject({
    status: 201,
    headers: { etag: '"1"', location: `/api/competitors/${first.id}`, 'idempotency-replayed': 'true' },
  });
  expect(second.body).toEqual({ id: first.id });
  const list = await call('GET /api/competitors');
  expect(competitorListSchema.parse(list.body).items).toHaveLength(1);
});

describe('an admin', () => {
  test('has to say whose competitor it is, by acting or by naming the coach', async () => {
    expect(problemOf(await call('POST /api/competitors', { as: 'ines', body: NAMED }))).toEqual([
      422,
      'COACH_REQUIRED',
    ]);
    expect(await created({ as: 'ines', query: { coachId: 'coa_b' } })).toMatchObject({ coachId: 'coa_b' });
    expect(await created({ as: 'ines', actAs: 'coa_a' })).toMatchObject({ coachId: 'coa_a' });
    expect(
      problemOf(
        await call('POST /api/competitors', { as: 'ines', query: { coachId: 'coa_9' }, body: NAMED }),
      ),
    ).toEqual([404, 'NOT_FOUND']);
    expect(
      problemOf(
        await call('POST /api/competitors', {
          as: 'ines',
          actAs: 'coa_a',
          query: { coachId: 'coa_b' },
          body: NAMED,
        }),
      ),
    ).toEqual([400, 'COACH_CONTRADICTED']);
  });

  test('who acts as a coach leaves both ids in the audit log', async () => {
    const { id, createdAt } = await created({ as: 'ines', actAs: 'coa_a' });
    expect(await itemsOf(table, keys.audit(createdAt.slice(0, 10), '', '').pk)).toMatchObject([
      { actor: 'ines', actingAs: 'coa_a', action: 'competitor.read', requestId: 'req-1', subject: id },
      { actor: 'ines', actingAs: 'coa_a', action: 'competitor.create', subject: id, requestId: 'req-1' },
    ]);
  });

  test('sees everybody, page after page, or one coach’s', async () => {
    const ids = [
      (await created({ as: 'ada' })).id,
      (await created({ as: 'ada' })).id,
      (await created({ as: 'ben' })).id,
    ];
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: Record<string, string> = { limit: '2', ...(cursor === null ? {} : { cursor }) };
      const page = competitorListSchema.parse(
        (await call('GET /api/competitors', { as: 'ines', query })).body,
      );
      seen.push(...page.items.map((item) => item.id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen.toSorted()).toEqual(ids.toSorted());

    const ofBen = await call('GET /api/competitors', { as: 'ines', query: { coachId: 'coa_b' } });
    expect(competitorListSchema.parse(ofBen.body).items.map(({ id }) => id)).toEqual(ids.slice(2));
  });
});

test('a list is filtered by status', async () => {
  await created();
  const complete = await created(
    {},
    {
      ...NAMED,
      email: 'mira@example.org',
      grade: 9,
      division: 'high_school',
      guardianName: 'Ada Okafor',
      guardianEmail: 'guardian@example.org',
      mediaReleaseDate: '2026-09-02',
    },
  );
  const list = await call('GET /api/competitors', { query: { status: 'compliance' } });
  expect(competitorListSchema.parse(list.body).items.map(({ id }) => id)).toEqual([complete.id]);
  expect(problemOf(await call('GET /api/competitors', { query: { status: 'done' } }))[0]).toBe(422);
  expect(problemOf(await call('GET /api/competitors', { query: { cursor: 'x' } }))).toEqual([
    400,
    'BAD_CURSOR',
  ]);
});

const me = async (as: Call) => meViewSchema.parse((await call('GET /api/me', as)).body);

test('everybody is told who they are and whom they act as', async () => {
  expect(await me({ as: 'ada' })).toMatchObject({ role: 'coach', coach: { id: 'coa_a' }, actingAs: null });
  expect(await me({ as: 'ines' })).toMatchObject({ role: 'admin', coach: null, actingAs: null });
  expect(await me({ as: 'ines', actAs: 'coa_b' })).toMatchObject({
    role: 'admin',
    name: 'Ines',
    coach: { id: 'coa_b' },
    actingAs: { id: 'coa_b', name: 'Ben' },
  });
});

test('who asks for much too much in a minute is told when to go on', async () => {
  // More than two minutes' shares, so that one is used up whenever this runs.
  const asked: Answer[] = [];
  for (let time = 0; time < 2 * RATE_LIMITS.bulk.times.coach + 1; time += 1) {
    asked.push(await call('POST /api/competitors/import', { text: '' }));
  }
  const refused = asked.find(({ status }) => status === 429);
  expect(refused && problemOf(refused)).toEqual([429, 'RATE_LIMITED']);
  expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0);
});
