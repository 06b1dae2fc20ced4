import { expect, test } from 'vitest';
import type { ApiReply } from '#shared/http/api-types.ts';
import { revalidation } from '#shared/http/middleware/revalidation.ts';
import { runThrough, servedGet } from './run-through.ts';

const revalidated = servedGet({ revalidated: true });

/** The answer of a route to somebody who has one with this tag already. */
const answer = async (
  tag?: string,
  reply: ApiReply = { status: 200, body: { solved: 1 } },
  served = revalidated,
) => {
  const passage = await runThrough(revalidation(), {
    found: { served },
    event: { headers: tag === undefined ? {} : { 'if-none-match': tag } },
    handle: (call) => {
      call.reply = reply;
      return Promise.resolve();
    },
  });
  return passage.reply;
};
const tagOf = async () => (await answer()).headers['etag'] ?? '';

test('after: an answer gets a tag, the same for the same answer, and is kept by no cache', async () => {
  const first = await answer();
  expect(first).toMatchObject({ statusCode: 200, body: '{"solved":1}' });
  expect(first.headers).toMatchObject({ 'cache-control': 'no-store', 'content-type': 'application/json' });
  expect(first.headers['etag']).toMatch(/^"[\w-]{27}"$/);
  expect((await answer(undefined, { status: 200, body: { solved: 2 } })).headers['etag']).not.toBe(
    first.headers['etag'],
  );
});

test.each([
  ['as it was given', (tag: string) => tag],
  ['made weak by a proxy', (tag: string) => `W/${tag}`],
  ['among others', (tag: string) => `"other", ${tag}`],
])('after: whoever has it already, by its tag %s, gets 304 without a body', async (_, sent) => {
  const tag = await tagOf();
  const reply = await answer(sent(tag));
  expect(reply).toEqual({ statusCode: 304, headers: { 'cache-control': 'no-store', etag: tag } });
});

test('after: whoever has another one gets the whole answer', async () => {
  expect(await answer('"other"')).toMatchObject({ statusCode: 200, body: '{"solved":1}' });
});

test('after: routes that are not asked again and again, and answers that are no success, have no tag', async () => {
  const tag = await tagOf();
  expect((await answer(tag, undefined, servedGet())).headers['etag']).toBeUndefined();
  const made = await answer(tag, { status: 202, body: { solved: 1 } });
  expect([made.statusCode, made.headers['etag']]).toEqual([202, undefined]);
});
