import { parseInput } from '#shared/http/middleware/request-input.ts';
import * as fc from 'fast-check';
import * as z from 'zod';
import { describe, expect, it } from 'vitest';
import { DomainError } from '#shared/kernel/errors.ts';
import { pageQuerySchema, versionTag } from '#shared/kernel/paging.ts';
import { decodeCursor, encodeCursor, ifMatchVersion } from '#shared/http/request-parsing.ts';

const parseQuery = <S extends z.ZodType>(schema: S, { query }: { query: unknown }) =>
  parseInput(schema, query);
const parseBody = <S extends z.ZodType>(schema: S, { body }: { body: unknown }) =>
  parseInput(schema, body ?? {});

const problemOf = (work: () => unknown): DomainError => {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown.');
};

describe('page query', () => {
  it.each([
    [{}, { limit: 50 }],
    [{ limit: '1' }, { limit: 1 }],
    [
      { limit: '200', cursor: 'abc' },
      { limit: 200, cursor: 'abc' },
    ],
  ])('%j → %j', (query, page) => {
    expect(parseQuery(pageQuerySchema, { query })).toEqual(page);
  });

  it.each(['0', '201', '-1', '1.5', 'many'])('refuses limit=%s with a sentence', (limit) => {
    const problem = problemOf(() => parseQuery(pageQuerySchema, { query: { limit } }));
    expect(problem).toMatchObject({ kind: 'invalid', code: 'VALIDATION_FAILED' });
    expect(problem.extra.errors).toEqual([{ path: 'limit', message: 'Give a whole number from 1 to 200.' }]);
  });
});

describe('body', () => {
  it('takes no body as an empty one', () => {
    expect(parseBody(z.object({ full: z.boolean().default(false) }), { body: undefined })).toEqual({
      full: false,
    });
  });

  it('says which fields are missing, nested ones by path', () => {
    const schema = z.object({ payload: z.object({ ids: z.array(z.string()) }) });
    const problem = problemOf(() => parseBody(schema, { body: { payload: { ids: ['a', 2] } } }));
    expect(problem.extra.errors?.map(({ path }) => path)).toEqual(['payload.ids.1']);
    const missing = problemOf(() => parseBody(schema, { body: {} }));
    expect(missing.extra.errors).toEqual([{ path: 'payload', message: 'This field is required.' }]);
  });

  it('does not quote values', () => {
    const problem = problemOf(() =>
      parseBody(z.object({ email: z.email() }), { body: { email: 'jane doe' } }),
    );
    expect(JSON.stringify(problem.extra)).not.toContain('jane');
  });
});

describe('cursor', () => {
  it('stands for what it was made of, and fits a URL', () => {
    fc.assert(
      fc.property(fc.record({ after: fc.string(), page: fc.integer() }), (position) => {
        const cursor = encodeCursor(position);
        expect(cursor).toMatch(/^[\w-]+$/);
        const schema = z.object({ after: z.string(), page: z.int() });
        expect(decodeCursor(schema, cursor)).toEqual(position);
      }),
    );
  });

  it('of any other text is 400, never a crash', () => {
    const schema = z.object({ after: z.string() });
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(problemOf(() => decodeCursor(schema, text))).toMatchObject({
          kind: 'malformed',
          code: 'BAD_CURSOR',
        });
      }),
    );
    expect(problemOf(() => decodeCursor(schema, encodeCursor({ before: 'x' }))).code).toBe('BAD_CURSOR');
  });
});

describe('If-Match', () => {
  it('takes the ETag it handed out', () => {
    fc.assert(
      fc.property(fc.nat(), (version) => {
        expect(ifMatchVersion({ headers: { 'if-match': versionTag(version) } })).toBe(version);
      }),
    );
    expect(ifMatchVersion({ headers: { 'if-match': '7' } })).toBe(7);
    expect(ifMatchVersion({ headers: { 'if-match': 'W/"7"' } })).toBe(7);
  });

  it('is 428 when missing and 400 when it holds no version', () => {
    expect(problemOf(() => ifMatchVersion({ headers: {} }))).toMatchObject({
      kind: 'version_required',
      code: 'IF_MATCH_REQUIRED',
    });
    for (const header of ['*', '"abc"', '"1", "2"', '-1', '']) {
      expect(problemOf(() => ifMatchVersion({ headers: { 'if-match': header } })).kind).toBe('malformed');
    }
  });
});
