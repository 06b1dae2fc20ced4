import createChain from '@middy/core';
import { expect, test } from 'vitest';
import { ApiCall } from '#shared/http/api-call.ts';
import type { HttpReply } from '#shared/http/http-reply.ts';
import { callContext } from '#shared/http/middleware/call-context.ts';
import { notFound, OwnError } from '#shared/kernel/errors.ts';
import { problemSchema } from '#shared/kernel/problem.ts';
import { recordingLog } from '../../kernel/recording-log.ts';
import { CONTEXT, createHttpEvent } from '../http-events.ts';

function chainAround(handle: (call: ApiCall) => HttpReply) {
  const { log, lines } = recordingLog();
  const chain = createChain<unknown, HttpReply>((call: unknown) => Promise.resolve(handle(call as ApiCall)));
  chain.use(callContext(log));
  return { chain, lines };
}

const done: HttpReply = { statusCode: 204, headers: {} };
const event = createHttpEvent('GET /api/things', { query: { limit: '5' } });

test('before: an HTTP event becomes a call with its request id, query and countdown', async () => {
  const calls: ApiCall[] = [];
  const { chain } = chainAround((call) => (calls.push(call), done));
  expect(await chain(event, CONTEXT)).toEqual(done);
  const [call] = calls;
  expect(call).toBeInstanceOf(ApiCall);
  expect(call?.requestId).toBe('req-1');
  expect(call?.input).toEqual({ query: { limit: '5' }, body: undefined, version: undefined });
  expect(call?.remainingMs()).toBe(CONTEXT.getRemainingTimeInMillis());
});

test('before: a context without a countdown counts as the shortest time-out', async () => {
  const remaining: number[] = [];
  const { chain } = chainAround((call) => (remaining.push(call.remainingMs()), done));
  await chain(event, { awsRequestId: 'aws-1' } as typeof CONTEXT);
  expect(remaining).toEqual([10_000]);
});

test('before: every line of the call’s log has request id and route key', async () => {
  const { chain, lines } = chainAround((call) => (call.log.info('at work'), done));
  await chain(event, CONTEXT);
  expect(lines).toEqual([
    { level: 'info', message: 'at work', fields: { requestId: 'req-1', routeKey: 'GET /api/things' } },
  ]);
});

test('before: something that is no HTTP event is an opaque 500 under the invocation’s id', async () => {
  const { chain, lines } = chainAround(() => done);
  const reply = await chain({ Records: [] }, CONTEXT);
  expect(reply.statusCode).toBe(500);
  expect(problemSchema.parse(JSON.parse(reply.body ?? ''))).toMatchObject({
    code: 'INTERNAL_ERROR',
    requestId: 'aws-1',
  });
  expect(reply.body).not.toContain('payload format');
  expect(lines).toMatchObject([{ level: 'error', fields: { requestId: 'aws-1' } }]);
});

test('onError: a refusal becomes its problem and is logged under the request', async () => {
  const { chain, lines } = chainAround(() => {
    throw notFound();
  });
  const reply = await chain(event, CONTEXT);
  expect(reply.statusCode).toBe(404);
  expect(problemSchema.parse(JSON.parse(reply.body ?? ''))).toMatchObject({
    code: 'NOT_FOUND',
    requestId: 'req-1',
  });
  expect(lines).toMatchObject([
    { level: 'info', message: 'request refused', fields: { requestId: 'req-1', code: 'NOT_FOUND' } },
  ]);
});

test('onError: a failure becomes an opaque 500 and is logged with its cause', async () => {
  const { chain, lines } = chainAround(() => {
    throw new OwnError('the inside story');
  });
  const reply = await chain(event, CONTEXT);
  expect(reply.statusCode).toBe(500);
  expect(reply.body).not.toContain('inside story');
  expect(lines).toMatchObject([{ level: 'error', message: 'request failed' }]);
  expect(JSON.stringify(lines[0]?.fields['failure'])).toContain('inside story');
});
