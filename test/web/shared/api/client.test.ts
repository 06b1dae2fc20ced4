import { describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { ApiError } from '#web/shared/api/api-error.ts';
import { addressOf, createApiClient, type ApiClientDependencies } from '#web/shared/api/client.ts';

const schema = z.object({ ok: z.boolean() });

const answer = (status: number, body: unknown = { ok: true }, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers });

const problem = (status: number, code: string, more: object = {}) =>
  answer(status, {
    type: 'about:blank',
    title: code,
    status,
    detail: 'A sentence.',
    code,
    requestId: 'req_1',
    ...more,
  });

/** What a repeated write gets under its key. */
const kept = (body: unknown) => answer(201, body, { 'idempotency-replayed': 'true' });

const unauthorized = () => answer(401, { message: 'Unauthorized' });

/** A client whose server gives the prepared answers in turn; an Error stands for a broken connection. */
function clientWith(answers: (Response | Error)[], parts: Partial<ApiClientDependencies> = {}) {
  const requests: Request[] = [];
  const waits: number[] = [];
  const onSessionEnded = vi.fn<() => void>();
  const accessToken = vi.fn<ApiClientDependencies['accessToken']>((renew) =>
    Promise.resolve<string | null>(renew ? 'renewed' : 'token'),
  );
  let now = 0;
  const client = createApiClient({
    origin: 'https://site.example.org',
    fetch: (input) => {
      requests.push(input as Request);
      const next = answers.shift() ?? new Error('no answer was prepared');
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    },
    accessToken,
    actingAs: () => null,
    onSessionEnded,
    isOnline: () => true,
    now: () => now,
    random: () => 0.5,
    sleep: (milliseconds) => {
      waits.push(milliseconds);
      now += milliseconds;
      return Promise.resolve();
    },
    ...parts,
  });
  return { client, requests, waits, onSessionEnded, accessToken };
}

const failureOf = async (promise: Promise<unknown>) => {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ApiError);
  return (error as ApiError).facts;
};

describe('asking', () => {
  test('sends the token, and leaves empty filters out of the address', async () => {
    const { client, requests } = clientWith([answer(200)]);
    await client.get('/api/competitors', schema, { query: { coachId: null, status: '', limit: 50 } });
    expect(requests[0]?.url).toBe('https://site.example.org/api/competitors?limit=50');
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer token');
    expect(requests[0]?.headers.has('x-act-as')).toBe(false);
  });

  test('says whom an admin acts as', async () => {
    const { client, requests } = clientWith([answer(200)], { actingAs: () => 'coa_1' });
    await client.get('/api/me', schema);
    expect(requests[0]?.headers.get('x-act-as')).toBe('coa_1');
  });

  test('names the act that was started, and leaves both out of what the admin does for themselves', async () => {
    const acts = { actingAs: () => 'coa_1', actingId: () => 'act_1' };
    const { client, requests } = clientWith([answer(200), answer(200)], acts);
    await client.send('POST', '/api/teams', schema);
    await client.send('POST', '/api/admin/coaches/coa_1/act', schema, { asOneself: true });
    expect(requests.map(({ headers }) => [headers.get('x-act-as'), headers.get('x-acting-id')])).toEqual([
      ['coa_1', 'act_1'],
      [null, null],
    ]);
  });

  test('tells when the server says that an act is over', async () => {
    let ended = 0;
    const over = problem(403, 'ACTING_ENDED');
    const { client } = clientWith([over], {
      actingAs: () => 'coa_1',
      onActingEnded: () => {
        ended += 1;
      },
    });
    await expect(client.get('/api/me', schema)).rejects.toBeInstanceOf(ApiError);
    expect(ended).toBe(1);
  });

  test('asks the public routes without a token, even when nobody is signed in', async () => {
    const { client, requests } = clientWith([answer(200)], { accessToken: () => Promise.resolve(null) });
    await client.get('/api/config', schema, { anonymous: true });
    expect(requests[0]?.headers.has('authorization')).toBe(false);
  });

  test('one question has one address', () => {
    expect(addressOf('/api/x', { a: undefined, b: null })).toBe('/api/x');
    expect(addressOf('/api/x', { name: 'a b&c' })).toBe('/api/x?name=a+b%26c');
  });
});

const tagged = (body: unknown, etag: string) => answer(200, body, { etag });
const unchanged = () => new Response(null, { status: 304 });
const ask = (client: ReturnType<typeof clientWith>['client'], path = '/api/alerts') =>
  client.get(path, schema, { revalidated: true });

describe('asking whether an answer still holds', () => {
  test('sends the tag of the last answer, and gives that one again when nothing changed', async () => {
    const { client, requests } = clientWith([
      tagged({ ok: true }, '"a"'),
      unchanged(),
      tagged({ ok: false }, '"b"'),
      unchanged(),
    ]);
    const answers = [await ask(client), await ask(client), await ask(client), await ask(client)];
    expect(answers).toEqual([{ ok: true }, { ok: true }, { ok: false }, { ok: false }]);
    expect(requests.map(({ headers }) => headers.get('if-none-match'))).toEqual([null, '"a"', '"a"', '"b"']);
  });

  test('asks anew as somebody else, at another address, and where nobody asks again', async () => {
    let acting: string | null = null;
    const { client, requests } = clientWith(
      [1, 2, 3, 4].map(() => tagged({ ok: true }, '"a"')),
      { actingAs: () => acting },
    );
    await ask(client);
    await ask(client, '/api/alerts/other');
    await client.get('/api/alerts', schema);
    acting = 'coa_1';
    await ask(client);
    expect(requests.map(({ headers }) => headers.has('if-none-match'))).toEqual([false, false, false, false]);
  });

  test('keeps the newest dozen answers alone', async () => {
    const { client, requests } = clientWith(Array.from({ length: 14 }, () => tagged({ ok: true }, '"a"')));
    for (let page = 0; page < 13; page += 1) await ask(client, `/api/pages/${page}`);
    await ask(client, '/api/pages/0');
    expect(requests.at(-1)?.headers.has('if-none-match')).toBe(false);
  });
});

describe('trying again', () => {
  test.each([429, 502, 503, 504])('asks again after %i', async (status) => {
    const { client, requests, waits } = clientWith([answer(status, {}), answer(200)]);
    await expect(client.get('/api/me', schema)).resolves.toEqual({ ok: true });
    expect(requests).toHaveLength(2);
    expect(waits).toEqual([400]);
  });

  test('asks again after a broken connection, with growing waits, three times in all', async () => {
    const broken = new TypeError('fetch failed');
    const { client, requests, waits } = clientWith([broken, broken, broken]);
    expect(await failureOf(client.get('/api/me', schema))).toMatchObject({ failure: 'unreachable' });
    expect(requests).toHaveLength(3);
    expect(waits).toEqual([400, 800]);
  });

  test('waits as long as the server asks for', async () => {
    const { client, waits } = clientWith([answer(429, {}, { 'retry-after': '7' }), answer(200)]);
    await client.get('/api/me', schema);
    expect(waits).toEqual([7000]);
  });

  test('does not wait beyond the budget: the person decides', async () => {
    const { client, waits } = clientWith([answer(503, {}, { 'retry-after': '120' })]);
    expect(await failureOf(client.get('/api/me', schema))).toMatchObject({
      status: 503,
      retryAfterSeconds: 120,
    });
    expect(waits).toEqual([]);
  });

  test.each([400, 403, 404, 409, 500, 501])('takes %i as the answer', async (status) => {
    const { client, requests } = clientWith([problem(status, 'SOME_CODE')]);
    expect(await failureOf(client.get('/api/me', schema))).toMatchObject({ failure: 'refused', status });
    expect(requests).toHaveLength(1);
  });

  test('never sends a write twice by itself', async () => {
    const { client, requests } = clientWith([answer(503, {})]);
    expect(await failureOf(client.send('POST', '/api/competitors', schema, { body: {} }))).toMatchObject({
      status: 503,
    });
    expect(requests).toHaveLength(1);
  });

  test('says offline when the device is', async () => {
    const { client, requests } = clientWith([new TypeError('fetch failed')], { isOnline: () => false });
    expect(await failureOf(client.get('/api/me', schema))).toMatchObject({ failure: 'offline' });
    expect(requests).toHaveLength(1);
  });

  test('a question nobody waits for any more ends as such', async () => {
    const abort = new AbortController();
    abort.abort();
    const { client } = clientWith([new DOMException('Aborted', 'AbortError')]);
    await expect(client.get('/api/me', schema, { signal: abort.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});

describe('the session', () => {
  test('a refused token is renewed once', async () => {
    const { client, requests, onSessionEnded } = clientWith([
      answer(401, { message: 'Unauthorized' }),
      answer(200),
    ]);
    await expect(client.get('/api/me', schema)).resolves.toEqual({ ok: true });
    expect(requests[1]?.headers.get('authorization')).toBe('Bearer renewed');
    expect(onSessionEnded).not.toHaveBeenCalled();
  });

  test('a renewed token that is refused as well ends the session', async () => {
    const { client, onSessionEnded } = clientWith([unauthorized(), unauthorized()]);
    expect(await failureOf(client.get('/api/me', schema))).toMatchObject({ failure: 'signed-out' });
    expect(onSessionEnded).toHaveBeenCalledOnce();
  });

  test('without a token nothing is sent', async () => {
    const { client, requests, onSessionEnded } = clientWith([], { accessToken: () => Promise.resolve(null) });
    expect(await failureOf(client.get('/api/me', schema))).toMatchObject({ failure: 'signed-out' });
    expect(requests).toHaveLength(0);
    expect(onSessionEnded).toHaveBeenCalledOnce();
  });

  test('a write is sent again with the renewed token: the refused one did nothing', async () => {
    const { client, requests } = clientWith([answer(401, { message: 'Unauthorized' }), answer(200)]);
    await client.send('POST', '/api/competitors', schema, { body: { a: 1 }, idempotencyKey: 'key' });
    expect(requests.map((request) => request.headers.get('idempotency-key'))).toEqual(['key', 'key']);
    await expect(requests[1]?.json()).resolves.toEqual({ a: 1 });
  });
});

describe('writing', () => {
  const again = { idempotencyKey: 'key', readAgain: (id: string) => Promise.resolve({ ok: id === 'cmp_1' }) };

  test('reads the record anew when the answer is the id kept under the key', async () => {
    const { client } = clientWith([kept({ id: 'cmp_1' })]);
    expect(await client.send('POST', '/api/competitors', schema, again)).toEqual({ ok: true });
  });

  test('takes a first answer as it is', async () => {
    const { client } = clientWith([answer(201, { ok: false })]);
    expect(await client.send('POST', '/api/competitors', schema, again)).toEqual({ ok: false });
  });

  test('takes a kept answer as it is when there is nothing to read anew', async () => {
    const { client } = clientWith([kept({ ok: true })]);
    const sent = client.send('POST', '/api/competitors', schema, { idempotencyKey: 'key' });
    expect(await sent).toEqual({ ok: true });
  });

  test('sends the version quoted, as the ETag is', async () => {
    const { client, requests } = clientWith([answer(200)]);
    await client.send('PATCH', '/api/competitors/c', schema, { body: { grade: 9 }, ifMatch: 3 });
    expect(requests[0]?.method).toBe('PATCH');
    expect(requests[0]?.headers.get('if-match')).toBe('"3"');
    expect(requests[0]?.headers.get('content-type')).toBe('application/json');
  });

  test('hands on the field errors and what is missing', async () => {
    const errors = [{ path: 'lastName', message: 'Enter the last name.' }];
    const missing = [{ field: 'mediaReleaseDate', message: 'The media release is missing.' }];
    const { client } = clientWith([problem(422, 'VALIDATION_FAILED', { errors, missing })]);
    expect(await failureOf(client.send('POST', '/api/competitors', schema))).toMatchObject({
      code: 'VALIDATION_FAILED',
      message: 'Some of this does not fit yet. Fix what is marked, then save again.',
      requestId: 'req_1',
      fieldErrors: errors,
      missing,
    });
  });
});

test('an answer of another form is a fault, never an empty one', async () => {
  for (const body of [{ ok: 'yes' }, [], null]) {
    const { client } = clientWith([answer(200, body)]);
    expect(await failureOf(client.get('/api/me', schema))).toMatchObject({ failure: 'garbled' });
  }
  const { client } = clientWith([new Response('<html>', { status: 200 })]);
  expect(await failureOf(client.get('/api/me', schema))).toMatchObject({ failure: 'garbled' });
});

test('a file comes as it is, under the token, and a refusal of it is told as any other', async () => {
  const { client, requests } = clientWith([new Response('a,b\n'), problem(403, 'FORBIDDEN')]);
  const file = await client.download('/api/file.csv', { coachId: 'coach-01' });
  expect(await file.text()).toBe('a,b\n');
  expect(requests[0]?.url).toBe('https://site.example.org/api/file.csv?coachId=coach-01');
  expect(requests[0]?.headers.get('authorization')).toBe('Bearer token');
  await expect(client.download('/api/file.csv')).rejects.toMatchObject({
    facts: { code: 'FORBIDDEN' },
  });
});

test('a file that is made later is told as what the answer says, any other as it comes', async () => {
  const { client } = clientWith([answer(202, { jobId: 'job_1' }), new Response('a,b\n'), answer(202, {})]);
  const later = z.object({ jobId: z.string() });
  expect(await client.downloadOr('/api/file.csv', later)).toEqual({ jobId: 'job_1' });
  const file = await client.downloadOr('/api/file.csv', later);
  expect(file instanceof Blob && (await file.text())).toBe('a,b\n');
  expect(await failureOf(client.downloadOr('/api/file.csv', later))).toMatchObject({ failure: 'garbled' });
});

test('a file is sent under its own type, and an answer without a body is nothing', async () => {
  const { client, requests } = clientWith([new Response(null, { status: 204 })]);
  const file = new Blob(['a,b\n'], { type: 'text/csv' });
  expect(await client.send('POST', '/api/import', z.undefined(), { file })).toBeUndefined();
  expect(requests[0]?.headers.get('content-type')).toBe('text/csv');
  expect(await requests[0]?.text()).toBe('a,b\n');
});
