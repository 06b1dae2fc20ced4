import { beforeEach, describe, expect, test, vi } from 'vitest';
import { competitorListSchema, competitorViewSchema } from '#shared/competitors/competitor-view.ts';
import { createApiHandler } from '#shared/http/api-handler.ts';
import { problemSchema } from '#shared/http/problem.ts';
import type { RouteKeyOf } from '#shared/http/api-handler.ts';
import { meViewSchema } from '#shared/identity/identity-view.ts';
import { createActivityRepository } from '#shared/table/activity-repository.ts';
import { createIdentityRepository } from '#shared/table/identity-repository.ts';
import { keys } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import { createHttpEvent } from '#test/shared/http/http-events.ts';
import { recordingLog } from '#test/shared/observability/recording-log.ts';
import { aCoach, CREATED_AT } from '#test/support/competitors.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { buildDependencies } from '../../../functions/competitors-api/dependencies.ts';

const newTable = useTestTables();

const GROUPS: Readonly<Record<string, string>> = { ada: '[coach]', ben: '[coach]', ines: '[admin]' };

interface Call {
  readonly as?: string;
  readonly actAs?: string;
  readonly id?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly ifMatch?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

let table: Table;
let call: (
  route: RouteKeyOf<'competitors-api'>,
  call?: Call,
) => Promise<{
  status: number;
  body: unknown;
  headers: Readonly<Record<string, string>>;
}>;

/** The function as it is wired for Lambda, on a table with two coaches and an admin. */
beforeEach(async () => {
  table = await newTable();
  const { identities, coaches } = createIdentityRepository(table);
  await coaches.put(aCoach({ id: 'coa_a', name: 'Ada' }));
  await coaches.put(aCoach({ id: 'coa_b', name: 'Ben' }));
  const person = { email: 'x@example.org', enabled: true, createdAt: CREATED_AT };
  await identities.put({ ...person, sub: 'ada', name: 'Ada', role: 'coach', coachId: 'coa_a' });
  await identities.put({ ...person, sub: 'ben', name: 'Ben', role: 'coach', coachId: 'coa_b' });
  await identities.put({ ...person, sub: 'ines', name: 'Ines', role: 'admin', coachId: null });

  const endpoint = await table.client.config.endpoint?.();
  vi.stubEnv('AWS_ENDPOINT_URL', `http://${endpoint?.hostname}:${endpoint?.port}`);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  vi.stubEnv('TABLE_NAME', table.name);
  vi.stubEnv('PROGRAMME_TIME_ZONE', 'America/Los_Angeles');
  vi.stubEnv('WORK_QUEUE_URL', 'http://127.0.0.1:9/work');
  vi.stubEnv('ORIGIN_VERIFY_SECRET_ARN', 'arn:aws:secretsmanager:us-east-1:111111111111:secret:origin');
  const handle = createApiHandler({
    ...buildDependencies(recordingLog().log),
    function: 'competitors-api',
    originVerify: () => Promise.resolve(true),
    log: recordingLog().log,
  });
  call = async (route, { as = 'ada', actAs, id, query, body, ifMatch, headers = {} } = {}) => {
    const answer = await handle(
      createHttpEvent(route, {
        claims: { sub: as, token_use: 'access', 'cognito:groups': GROUPS[as] ?? '[]' },
        headers: {
          ...headers,
          ...(actAs === undefined ? {} : { 'x-act-as': actAs }),
          ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
        },
        ...(id === undefined ? {} : { params: { id } }),
        ...(query === undefined ? {} : { query }),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
      {},
    );
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: answer.body === undefined ? undefined : (JSON.parse(answer.body) as unknown),
    };
  };
});

const NAMED = { firstName: 'Mira', lastName: 'Okafor' };

async function created(as: Call = {}, body: unknown = NAMED) {
  const answer = await call('POST /api/competitors', { ...as, body });
  expect(answer.status).toBe(201);
  return competitorViewSchema.parse(answer.body);
}

const problemOf = ({ status, body }: { status: number; body: unknown }) => {
  const { code } = problemSchema.parse(body);
  return [status, code];
};

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
  const [first, second] = [await created({ headers }), await created({ headers })];
  expect(second).toEqual(first);
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
