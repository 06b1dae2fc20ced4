import * as z from 'zod';
import { describe, expect, test } from 'vitest';
import { jsonBody, requestInput } from '#shared/http/middleware/request-input.ts';
import { problemSchema } from '#shared/kernel/problem.ts';
import { runThrough, servedGet, servedPost } from './run-through.ts';

const sent = (body: unknown) => ({ query: {}, body, version: undefined });

describe('jsonBody, before', () => {
  test('the body is read as JSON, beside the query', async () => {
    const { handled } = await runThrough(jsonBody(), {
      event: { body: '{"name":"Blue"}', query: { limit: '5' } },
    });
    expect(handled?.input).toEqual({ query: { limit: '5' }, body: { name: 'Blue' }, version: undefined });
  });

  test('a CSV file is left alone', async () => {
    const { handled } = await runThrough(jsonBody(), {
      event: { body: 'a;b', headers: { 'content-type': 'text/csv' } },
    });
    expect(handled?.input.body).toBeUndefined();
  });

  test('broken JSON is a 400 that does not quote it', async () => {
    const { reply, code, handled } = await runThrough(jsonBody(), { event: { body: '{"name":"Jo' } });
    expect(reply.statusCode).toBe(400);
    expect(code).toBe('MALFORMED_JSON');
    expect(reply.body).not.toContain('Jo');
    expect(handled).toBeUndefined();
  });
});

const inside = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('jsonBody, before, of a body that is small but has a lot in it', () => {
  test.each([
    [
      '90,000 fields',
      JSON.stringify(Object.fromEntries(Array.from({ length: 90_000 }, (_, at) => [`k${at}`, 0]))),
    ],
    ['200,000 items of a field', `{"names":[${'0,'.repeat(199_999)}0]}`],
    ['100,000 lists inside each other', inside(100_000)],
    ['21 lists inside each other', inside(22)],
  ])('%s are a 413, before anything looks at them', async (_, body) => {
    const { reply, code, handled } = await runThrough(jsonBody(), { event: { body } });
    expect([reply.statusCode, code]).toEqual([413, 'TOO_LARGE']);
    expect(handled).toBeUndefined();
  });

  test.each([
    ['2,000 items', `[${'0,'.repeat(1_999)}0]`],
    ['20 lists inside each other', inside(21)],
    ['a long text', JSON.stringify({ name: 'x'.repeat(900_000) })],
    ['a text of commas and brackets', JSON.stringify({ name: `"\\${',[{"'.repeat(9_000)}\\` })],
  ])('%s are handed on', async (_, body) => {
    const { handled } = await runThrough(jsonBody(), { event: { body } });
    expect(handled?.input.body).toEqual(JSON.parse(body));
  });
});

describe('requestInput, before', () => {
  const served = servedPost({
    query: z.object({ limit: z.coerce.number().default(20) }),
    body: z.strictObject({ name: z.string() }),
    ifMatch: true,
  });
  const headers = { 'if-match': '"3"' };

  test('version, query and body are what the contract makes of them', async () => {
    const { handled } = await runThrough(requestInput(), {
      found: { served, input: sent({ name: 'Blue' }) },
      event: { headers },
    });
    expect(handled?.input).toEqual({ version: 3, query: { limit: 20 }, body: { name: 'Blue' } });
  });

  test('what the contract does not name is handed on as it came', async () => {
    const input = { query: { any: 'thing' }, body: { as: 'it came' }, version: undefined };
    const { handled } = await runThrough(requestInput(), { found: { served: servedGet(), input } });
    expect(handled?.input).toEqual(input);
  });

  test('a body against the contract is a 422 that names each field', async () => {
    const { reply, handled } = await runThrough(requestInput(), {
      found: { served, input: sent({ nickname: 'B' }) },
      event: { headers },
    });
    expect(reply.statusCode).toBe(422);
    const { errors } = problemSchema.parse(JSON.parse(reply.body ?? ''));
    expect(errors?.map(({ path }) => path).toSorted()).toEqual(['name', 'nickname']);
    expect(handled).toBeUndefined();
  });

  test.each([
    [
      '90,000 unknown fields',
      Object.fromEntries(Array.from({ length: 90_000 }, (_, at) => [`field ${at}`, 0])),
    ],
    ['an unknown field of a million letters', { ['x'.repeat(1_000_000)]: 0 }],
    ['100,000 wrong items', { names: Array.from({ length: 100_000 }, () => 0) }],
  ])('of a body with %s the first ones are named, so that the answer stays small', async (_, body) => {
    const many = servedPost({ body: z.strictObject({ names: z.array(z.string()) }) });
    const { reply } = await runThrough(requestInput(), { found: { served: many, input: sent(body) } });
    expect(reply.statusCode).toBe(422);
    expect(problemSchema.parse(JSON.parse(reply.body ?? '')).errors?.length).toBeLessThanOrEqual(50);
    expect(reply.body?.length).toBeLessThan(20_000);
  });

  test('a body that the handler judges last is handed on as it came', async () => {
    const late = servedPost({ body: z.strictObject({ name: z.string() }), bodyLast: true });
    const { handled } = await runThrough(requestInput(), {
      found: { served: late, input: sent({ as: 'is' }) },
    });
    expect(handled?.input.body).toEqual({ as: 'is' });
  });

  test('a missing version is told before a wrong body', async () => {
    const { reply, code } = await runThrough(requestInput(), { found: { served, input: sent({}) } });
    expect(reply.statusCode).toBe(428);
    expect(code).toBe('IF_MATCH_REQUIRED');
  });

  test('input of a write that is answered by its earlier answer is not judged again', async () => {
    const { reply } = await runThrough(requestInput(), {
      found: { served, input: sent({}), replay: { status: 201 } },
    });
    expect(reply.statusCode).toBe(201);
  });
});
