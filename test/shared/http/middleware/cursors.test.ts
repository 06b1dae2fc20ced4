import { expect, test } from 'vitest';
import type { ApiCall } from '#shared/http/api-call.ts';
import { createCursorSeal } from '#shared/http/cursor-seal.ts';
import { cursors } from '#shared/http/middleware/cursors.ts';
import { createOriginSecret } from '#shared/http/origin-secret.ts';
import { ADMIN, COACH } from '../http-events.ts';
import { runThrough, servedGet } from './run-through.ts';

const sealUnder = (values: { AWSCURRENT: string; AWSPREVIOUS?: string }) =>
  cursors(
    createCursorSeal(
      createOriginSecret({
        secretArn: 'arn:secret',
        readSecret: (_, version = 'AWSCURRENT') => Promise.resolve(values[version] ?? null),
      }),
    ),
  );
const now = sealUnder({ AWSCURRENT: 'new' });

/** A page of a list that answers so many things and where it goes on. */
const page = async (found: Partial<ApiCall>, middleware = now) => {
  const passage = await runThrough(middleware, {
    found: { served: servedGet(), caller: COACH, ...found },
    handle: (call) => {
      call.reply = {
        status: 200,
        body: { items: [1], nextCursor: 'cursor-of-ours' },
        headers: { etag: '"1"' },
      };
      return Promise.resolve();
    },
  });
  const sent = JSON.parse(passage.reply.body ?? '') as { nextCursor: string };
  return { ...passage, sent };
};
const asking = (query: object, body?: object) => ({ input: { query, body, version: undefined } });
const first = { status: 'pending', limit: 50 };

test('before: the handler gets the cursor that the list answered before, also with another limit', async () => {
  const { sent, reply } = await page(asking(first));
  expect(sent.nextCursor).not.toBe('cursor-of-ours');
  expect(reply.headers).toMatchObject({ etag: '"1"' });
  const { handled } = await page(asking({ ...first, limit: 10, cursor: sent.nextCursor }));
  expect(handled?.input.query).toMatchObject({ cursor: 'cursor-of-ours', limit: 10 });
});

test('before: a cursor in a body is taken likewise', async () => {
  const { sent } = await page(asking({}, { q: 'mi' }));
  const { handled } = await page(asking({}, { q: 'mi', cursor: sent.nextCursor }));
  expect(handled?.input.body).toMatchObject({ cursor: 'cursor-of-ours' });
});

test.each<[string, (cursor: string) => Partial<ApiCall>]>([
  ['another filter', (cursor) => asking({ ...first, status: 'complete', cursor })],
  [
    'another caller',
    (cursor) => ({ ...asking({ ...first, cursor }), caller: { ...COACH, coachId: 'coach_2' } }),
  ],
  ['an admin', (cursor) => ({ ...asking({ ...first, cursor }), caller: ADMIN })],
  ['something changed in it', (cursor) => asking({ ...first, cursor: `x${cursor}` })],
  ['no seal', () => asking({ ...first, cursor: 'eyJhIjoxfQ' })],
  ['half a character', () => asking({ ...first, cursor: '\ud83d.\ud83d' })],
])('before: a cursor with %s is a 400 that runs no handler', async (_, ask) => {
  const { sent } = await page(asking(first));
  const { code, handled } = await page(ask(sent.nextCursor));
  expect(code).toBe('BAD_CURSOR');
  expect(handled).toBeUndefined();
});

test('before: a cursor from before the secret rotated is still taken', async () => {
  const { sent } = await page(asking(first), sealUnder({ AWSCURRENT: 'old' }));
  const { handled } = await page(
    asking({ ...first, cursor: sent.nextCursor }),
    sealUnder({ AWSCURRENT: 'new', AWSPREVIOUS: 'old' }),
  );
  expect(handled?.input.query).toMatchObject({ cursor: 'cursor-of-ours' });
});

test('after: an answer without more of the list is left alone', async () => {
  const { reply } = await runThrough(now, { found: { served: servedGet(), caller: COACH } });
  expect(JSON.parse(reply.body ?? '')).toEqual({ done: true });
});
