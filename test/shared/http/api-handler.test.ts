import * as z from 'zod';
import { describe, expect, it } from 'vitest';
import { createApiHandler } from '#shared/http/api-handler.ts';
import type { ApiReply, RouteHandlers } from '#shared/http/api-types.ts';
import { publicRoutes } from '#shared/identity/contract.ts';
import { route } from '#shared/kernel/contract.ts';
import { NO_TRACING } from '#shared/kernel/tracing.ts';
import { apiEntry } from '#shared/http/api-entry.ts';
import { EnvironmentError } from '#shared/kernel/environment.ts';
import { notFound, DomainError } from '#shared/kernel/errors.ts';
import { problemSchema } from '#shared/kernel/problem.ts';
import { parseInput } from '#shared/http/middleware/request-input.ts';
import type { Caller } from '#shared/identity/caller.ts';
import { recordingLog } from '../kernel/recording-log.ts';
import { ACCESS_CLAIMS, ADMIN, COACH, CONTEXT, createHttpEvent, ORIGIN_SECRET } from './http-events.ts';

const GET_JOB = 'GET /api/jobs/{jobId}';
const LIST_JOBS = 'GET /api/admin/jobs';
const START_JOB = 'POST /api/admin/jobs';

const success = { status: 200, description: 'It is there.' } as const;
const common = { served: 'jobs-api', rate: 'read', summary: 'A route', success } as const;
const routes = {
  getJob: route('GET', '/api/jobs/{jobId}', { ...common, access: 'coach' }),
  listJobs: route('GET', '/api/admin/jobs', { ...common, access: 'admin' }),
  startJob: route('POST', '/api/admin/jobs', { ...common, access: 'admin' }),
};
type Handle = RouteHandlers<typeof routes>['getJob'];

/** An API with every route answered by `handle`. */
function jobsApi(
  handle: Handle,
  resolveCaller: (
    claims: Readonly<Record<string, string>>,
    actAs: string | undefined,
  ) => Promise<Caller> = () => Promise.resolve(COACH),
) {
  const { log, lines } = recordingLog();
  const handler = createApiHandler({
    served: Object.values(routes).map((one) => ({ route: one, handle })),
    resolveCaller,
    originVerify: (presented) => Promise.resolve(presented === ORIGIN_SECRET),
    log,
  });
  return { handler, lines };
}

const ok = (): Promise<ApiReply> => Promise.resolve({ status: 200, body: { ok: true } });
const problemOf = (reply: { readonly body?: string }) =>
  problemSchema.parse(JSON.parse(reply.body ?? 'null'));

describe('origin', () => {
  it.each([{ 'x-origin-verify': 'wrong' }, { 'x-origin-verify': '' }])(
    'refuses a request that did not come through CloudFront (%j)',
    async (headers) => {
      const { handler } = jobsApi(ok);
      const reply = await handler(createHttpEvent(GET_JOB, { headers, claims: ACCESS_CLAIMS }), CONTEXT);
      expect(reply.statusCode).toBe(403);
      expect(problemOf(reply).code).toBe('ORIGIN_REFUSED');
    },
  );

  it('checks it before anything else, on unknown routes too', async () => {
    const { handler } = jobsApi(ok, () => Promise.reject(new Error('asked for a caller')));
    const reply = await handler(
      createHttpEvent('$default', { headers: { 'x-origin-verify': 'x' } }),
      CONTEXT,
    );
    expect(problemOf(reply).code).toBe('ORIGIN_REFUSED');
  });
});

describe('token and caller', () => {
  it.each([
    ['no claims', undefined],
    ['an ID token', { ...ACCESS_CLAIMS, token_use: 'id' }],
    ['a token that does not say its use', { sub: 'sub-1' }],
  ])('answers 401 to %s', async (_, claims) => {
    const { handler } = jobsApi(ok);
    const reply = await handler(createHttpEvent(GET_JOB, claims === undefined ? {} : { claims }), CONTEXT);
    expect(reply.statusCode).toBe(401);
    expect(problemOf(reply).code).toBe('UNAUTHENTICATED');
    expect(reply.headers['www-authenticate']).toBe('Bearer');
  });

  it('resolves the caller from claims as strings and the act-as header', async () => {
    const asked: unknown[] = [];
    const { handler } = jobsApi(
      ({ caller }) => Promise.resolve({ status: 200, body: caller }),
      (claims, actAs) => {
        asked.push({ groups: claims['cognito:groups'], exp: claims['exp'], actAs });
        return Promise.resolve(COACH);
      },
    );
    const event = createHttpEvent(GET_JOB, {
      headers: { 'X-Act-As': 'coach_2' },
      claims: { ...ACCESS_CLAIMS, 'cognito:groups': '[admin coach]' },
    });
    const reply = await handler(event, CONTEXT);
    expect(asked).toEqual([{ groups: '[admin coach]', exp: undefined, actAs: 'coach_2' }]);
    expect(JSON.parse(reply.body ?? '')).toEqual(COACH);
  });

  it('flattens claims that a stand-in left as lists or numbers, as API Gateway would', async () => {
    const asked: unknown[] = [];
    const { handler } = jobsApi(ok, (claims) => {
      asked.push(claims);
      return Promise.resolve(COACH);
    });
    const event = createHttpEvent(GET_JOB);
    const requestContext = {
      requestId: 'req-1',
      authorizer: { jwt: { claims: { ...ACCESS_CLAIMS, 'cognito:groups': ['admin', 'coach'], exp: 17 } } },
    };
    await handler({ ...event, requestContext }, CONTEXT);
    expect(asked).toEqual([{ ...ACCESS_CLAIMS, 'cognito:groups': '[admin coach]', exp: '17' }]);
  });

  it('passes on what resolving the caller refuses', async () => {
    const { handler } = jobsApi(ok, () =>
      Promise.reject(new DomainError('forbidden', 'SIGN_IN_DISABLED', 'Off.')),
    );
    const reply = await handler(createHttpEvent(GET_JOB, { claims: ACCESS_CLAIMS }), CONTEXT);
    expect(problemOf(reply)).toMatchObject({ status: 403, code: 'SIGN_IN_DISABLED' });
  });

  it.each([
    [GET_JOB, COACH, undefined],
    [GET_JOB, ADMIN, undefined],
    [LIST_JOBS, COACH, 'FORBIDDEN'],
    [LIST_JOBS, ADMIN, undefined],
    [LIST_JOBS, { ...ADMIN, role: 'coach', coachId: 'coach_1', actingAs: 'coach_1' } as const, 'FORBIDDEN'],
  ])('%s as %j is refused with %s', async (routeKey, caller, code) => {
    const { handler } = jobsApi(ok, () => Promise.resolve(caller));
    const reply = await handler(createHttpEvent(routeKey, { claims: ACCESS_CLAIMS }), CONTEXT);
    expect(reply.statusCode).toBe(code === undefined ? 200 : 403);
    expect(JSON.parse(reply.body ?? '').code).toBe(code);
  });
});

describe('request', () => {
  it('gives the handler what the event holds', async () => {
    const { handler } = jobsApi(({ params, query, headers, body, requestId, remainingMs, routeKey }) =>
      Promise.resolve({
        status: 201,
        body: { params, query, type: headers['content-type'], body, requestId, ms: remainingMs(), routeKey },
        headers: { etag: '"1"' },
      }),
    );
    const event = createHttpEvent(GET_JOB, {
      claims: ACCESS_CLAIMS,
      params: { jobId: 'job_1' },
      query: { limit: '5' },
      headers: { 'Content-Type': 'application/json' },
      body: Buffer.from('{"ünïcode":"✓"}').toString('base64'),
      isBase64Encoded: true,
    });
    const reply = await handler(event, CONTEXT);
    expect(reply.statusCode).toBe(201);
    expect(reply.headers).toEqual({
      'cache-control': 'no-store',
      'content-type': 'application/json',
      etag: '"1"',
    });
    expect(JSON.parse(reply.body ?? '')).toEqual({
      params: { jobId: 'job_1' },
      query: { limit: '5' },
      type: 'application/json',
      body: { ünïcode: '✓' },
      requestId: 'req-1',
      ms: CONTEXT.getRemainingTimeInMillis(),
      routeKey: GET_JOB,
    });
  });

  it('answers 400 to malformed JSON without quoting it', async () => {
    const { handler, lines } = jobsApi(ok, () => Promise.resolve(ADMIN));
    const event = createHttpEvent(START_JOB, { claims: ACCESS_CLAIMS, body: '{"name": Jane Doe}' });
    const reply = await handler(event, CONTEXT);
    expect(problemOf(reply)).toMatchObject({ status: 400, code: 'MALFORMED_JSON' });
    expect(JSON.stringify({ reply, lines })).not.toContain('Jane');
  });

  it('refuses a role before it reads the body', async () => {
    const { handler } = jobsApi(ok);
    const event = createHttpEvent(START_JOB, { claims: ACCESS_CLAIMS, body: '{' });
    expect((await handler(event, CONTEXT)).statusCode).toBe(403);
  });

  it('leaves CSV alone and answers 413 to JSON beyond a megabyte', async () => {
    const { handler } = jobsApi(
      ({ body, rawBody }) => Promise.resolve({ status: 200, body: { body, rawBody } }),
      () => Promise.resolve(ADMIN),
    );
    const csv = createHttpEvent(START_JOB, {
      claims: ACCESS_CLAIMS,
      headers: { 'content-type': 'text/csv; charset=utf-8' },
      body: 'a,b\n1,2',
    });
    expect(JSON.parse((await handler(csv, CONTEXT)).body ?? '')).toEqual({ rawBody: 'a,b\n1,2' });
    const large = createHttpEvent(START_JOB, { claims: ACCESS_CLAIMS, body: `"${'x'.repeat(1_000_001)}"` });
    expect(problemOf(await handler(large, CONTEXT))).toMatchObject({ status: 413, code: 'TOO_LARGE' });
  });

  it('sends text as it is when it has its own content type, and nothing without a body', async () => {
    const replies: ApiReply[] = [
      { status: 200, body: 'a,b', headers: { 'content-type': 'text/csv' } },
      { status: 204 },
    ];
    const { handler } = jobsApi(() => Promise.resolve(replies.shift() ?? { status: 500 }));
    const event = createHttpEvent(GET_JOB, { claims: ACCESS_CLAIMS });
    expect(await handler(event, CONTEXT)).toMatchObject({
      body: 'a,b',
      headers: { 'content-type': 'text/csv' },
    });
    expect(await handler(event, CONTEXT)).toEqual({
      statusCode: 204,
      headers: { 'cache-control': 'no-store' },
    });
  });
});

describe('problems', () => {
  it('answers 404 to routes that are not its own', async () => {
    const { handler } = jobsApi(ok);
    for (const routeKey of ['$default', 'GET /api/me', 'GET /api/nothing', '__proto__', 'constructor']) {
      const reply = await handler(createHttpEvent(routeKey, { claims: ACCESS_CLAIMS }), CONTEXT);
      expect(problemOf(reply)).toMatchObject({ status: 404, code: 'NOT_FOUND', requestId: 'req-1' });
      expect(reply.headers['content-type']).toBe('application/problem+json');
    }
  });

  it('tells a thrown problem with its fields and headers', async () => {
    const { handler } = jobsApi(() =>
      Promise.reject(
        new DomainError('conflict', 'NOT_COMPLIANT', 'Two things are missing.', {
          missing: [{ field: 'grade', message: 'Enter the grade.' }],
          retryAfterSeconds: 3,
        }),
      ),
    );
    const reply = await handler(createHttpEvent(GET_JOB, { claims: ACCESS_CLAIMS }), CONTEXT);
    expect(reply.headers).toEqual({
      'cache-control': 'no-store',
      'content-type': 'application/problem+json',
      'retry-after': '3',
    });
    expect(problemOf(reply)).toEqual({
      type: 'about:blank',
      title: 'Conflict',
      status: 409,
      detail: 'Two things are missing.',
      code: 'NOT_COMPLIANT',
      requestId: 'req-1',
      missing: [{ field: 'grade', message: 'Enter the grade.' }],
    });
  });

  it('names the fields of a body that fails validation', async () => {
    const schema = z.strictObject({ name: z.string(), grade: z.int().max(12) });
    const { handler } = jobsApi((request) =>
      Promise.resolve({ status: 200, body: parseInput(schema, request.body) }),
    );
    const event = createHttpEvent(GET_JOB, { claims: ACCESS_CLAIMS, body: '{"grade":13,"extra":1}' });
    const problem = problemOf(await handler(event, CONTEXT));
    expect(problem).toMatchObject({ status: 422, code: 'VALIDATION_FAILED' });
    expect(problem.errors?.map(({ path }) => path).toSorted()).toEqual(['extra', 'grade', 'name']);
  });

  it.each([
    ['an unknown error', new Error('table main-dev is on fire')],
    ['a record that does not parse', new z.ZodError([])],
    ['something that is no error', 'boom'],
  ])('answers an opaque 500 to %s and logs it', async (_, thrown) => {
    const { handler, lines } = jobsApi(() => Promise.reject(thrown));
    const reply = await handler(createHttpEvent(GET_JOB, { claims: ACCESS_CLAIMS }), CONTEXT);
    expect(problemOf(reply)).toMatchObject({ status: 500, code: 'INTERNAL_ERROR', requestId: 'req-1' });
    expect(reply.body).not.toMatch(/fire|boom|Zod/);
    expect(lines).toMatchObject([{ level: 'error', fields: { requestId: 'req-1', routeKey: GET_JOB } }]);
  });

  it('answers 500 to something that is no HTTP event', async () => {
    const { handler } = jobsApi(ok);
    expect((await handler({ Records: [] }, CONTEXT)).statusCode).toBe(500);
    expect((await handler(undefined, undefined as unknown as typeof CONTEXT)).statusCode).toBe(500);
  });

  it('answers 404 for what is not the caller’s, in the same words as for what does not exist', async () => {
    const { handler } = jobsApi(() => Promise.reject(notFound()));
    const mine = await handler(createHttpEvent(GET_JOB, { claims: ACCESS_CLAIMS }), CONTEXT);
    const unknown = await handler(createHttpEvent('$default'), CONTEXT);
    expect(problemOf(mine)).toEqual(problemOf(unknown));
  });
});

describe('apiEntry', () => {
  it('answers 500 while its dependencies cannot be made, and heals', async () => {
    const { log, lines } = recordingLog();
    let tries = 0;
    const handler = apiEntry(
      () => {
        tries += 1;
        if (tries === 1) throw new EnvironmentError([{ name: 'TABLE_NAME', message: 'missing' }]);
        return {
          originVerify: () => Promise.resolve(true),
          served: Object.values(publicRoutes).map((one) => ({ route: one, handle: ok })),
        };
      },
      { log, metrics: { add: () => {}, flush: () => {} }, tracing: NO_TRACING, middlewares: [] },
    );
    const event = createHttpEvent('GET /api/health');
    const first = await handler(event, CONTEXT);
    expect(problemOf(first)).toMatchObject({ status: 500, code: 'INTERNAL_ERROR' });
    expect(lines[0]?.fields).toMatchObject({
      failure: { message: expect.stringContaining('TABLE_NAME (missing)') },
    });
    expect((await handler(event, CONTEXT)).statusCode).toBe(200);
    expect((await handler(event, CONTEXT)).statusCode).toBe(200);
    expect(tries).toBe(2);
  });
});
