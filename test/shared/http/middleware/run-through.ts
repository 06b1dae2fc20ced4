import createChain from '@middy/core';
import { ApiCall, type ApiMiddleware, type ServedRoute } from '#shared/http/api-call.ts';
import { toHttpReply, type HttpReply } from '#shared/http/http-reply.ts';
import { callContext } from '#shared/http/middleware/call-context.ts';
import { route, type RouteDefinition } from '#shared/kernel/contract.ts';
import { problemSchema } from '#shared/kernel/problem.ts';
import { recordingLog, type LogLine } from '../../kernel/recording-log.ts';
import { CONTEXT, createHttpEvent } from '../http-events.ts';

const definition: RouteDefinition = {
  served: 'jobs-api',
  access: 'coach',
  rate: 'read',
  summary: 'A route',
  success: { status: 200, description: 'It is there.' },
};

export const servedGet = (parts: Partial<RouteDefinition> = {}): ServedRoute => ({
  route: route('GET', '/api/things', { ...definition, ...parts }),
  handle: () => Promise.resolve({ status: 200 }),
});
export const servedPost = (parts: Partial<RouteDefinition> = {}): ServedRoute => ({
  route: route('POST', '/api/things', { ...definition, rate: 'write', ...parts }),
  handle: () => Promise.resolve({ status: 201 }),
});

interface Passage {
  readonly reply: HttpReply;
  /** The code of a reply that is a problem. */
  readonly code: string | undefined;
  /** The call as the handler got it; undefined when it was refused before. */
  readonly handled: ApiCall | undefined;
  readonly lines: readonly LogLine[];
}

/**
 * One request through one middleware, inside `callContext`, which gives it a call and turns what it throws into a
 * problem. `found` is what the middlewares before it would have found out.
 */
export async function runThrough(
  middleware: ApiMiddleware,
  {
    found = {},
    event = {},
    handle = () => Promise.resolve(),
  }: {
    readonly found?: Partial<ApiCall>;
    readonly event?: Parameters<typeof createHttpEvent>[1];
    readonly handle?: (call: ApiCall) => Promise<void>;
  } = {},
): Promise<Passage> {
  const { log, lines } = recordingLog();
  let handled: ApiCall | undefined;
  const chain = createChain<unknown, HttpReply>(async (call: unknown) => {
    handled = call as ApiCall;
    await handle(handled);
    handled.reply = handled.replay ?? handled.reply ?? { status: 200, body: { done: true } };
    return toHttpReply(handled.reply);
  });
  chain.use(callContext(log));
  chain.use({ before: ({ event: call }) => void Object.assign(call as ApiCall, found) });
  chain.use(middleware);
  const reply = await chain(createHttpEvent('GET /api/things', event), CONTEXT);
  const code = reply.statusCode >= 400 ? problemSchema.parse(JSON.parse(reply.body ?? '')).code : undefined;
  return { reply, code, handled, lines };
}
