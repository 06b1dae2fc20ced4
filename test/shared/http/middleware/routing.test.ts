import { expect, test } from 'vitest';
import { routing } from '#shared/http/middleware/routing.ts';
import { runThrough, servedGet, servedPost } from './run-through.ts';

test('before: the route with the event’s route key is found, whatever its order', async () => {
  const get = servedGet();
  const { handled } = await runThrough(routing([servedPost(), get]));
  expect(handled?.served).toBe(get);
});

test('before: a route key that the function does not serve is a 404 and runs no handler', async () => {
  const { reply, code, handled } = await runThrough(routing([servedPost()]));
  expect(reply.statusCode).toBe(404);
  expect(code).toBe('NOT_FOUND');
  expect(handled).toBeUndefined();
});
