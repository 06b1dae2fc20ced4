import { expect, test } from 'vitest';
import { originCheck } from '#shared/http/middleware/origin-check.ts';
import { runThrough } from './run-through.ts';

const verify = (presented: string | undefined) => Promise.resolve(presented === 'secret');

test('before: a request with the secret of CloudFront passes', async () => {
  const { handled } = await runThrough(originCheck(verify), {
    event: { headers: { 'X-Origin-Verify': 'secret', 'x-origin-verify': 'secret' } },
  });
  expect(handled).toBeDefined();
});

test('before: a request with another secret is refused with 403 and runs no handler', async () => {
  const { reply, code, handled } = await runThrough(originCheck(verify), {
    event: { headers: { 'x-origin-verify': 'guess' } },
  });
  expect(reply.statusCode).toBe(403);
  expect(code).toBe('ORIGIN_REFUSED');
  expect(reply.body).not.toContain('guess');
  expect(handled).toBeUndefined();
});

test('before: a check that cannot be made is a 500, not a pass', async () => {
  const { reply, handled } = await runThrough(originCheck(() => Promise.reject(new Error('no secret'))));
  expect(reply.statusCode).toBe(500);
  expect(handled).toBeUndefined();
});
