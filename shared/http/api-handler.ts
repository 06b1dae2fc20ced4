import createChain, { type MiddlewareObj } from '@middy/core';
import { notFound } from '#shared/kernel/errors.ts';
import type { Log } from '#shared/kernel/log.ts';
import { ApiCall, type ServedRoute } from './api-call.ts';
import { toHttpReply, type HttpReply } from './http-reply.ts';
import { authentication, type ResolveCaller } from './middleware/authentication.ts';
import { cursors, type CursorSeal } from './middleware/cursors.ts';
import { callContext } from './middleware/call-context.ts';
import { idempotency, type Idempotency } from './middleware/idempotency.ts';
import { originCheck, type OriginVerify } from './middleware/origin-check.ts';
import { rateLimit, type RateLimit } from './middleware/rate-limit.ts';
import { jsonBody, requestInput } from './middleware/request-input.ts';
import { revalidation } from './middleware/revalidation.ts';
import { routing } from './middleware/routing.ts';

export interface ApiHandlerOptions {
  readonly served: readonly ServedRoute[];
  /** Left out only by a function whose routes are all public. */
  readonly resolveCaller?: ResolveCaller;
  readonly originVerify: OriginVerify;
  readonly rateLimit?: RateLimit;
  /** Answers a repeated write with the same `Idempotency-Key` as the first; without it, keys mean nothing. */
  readonly idempotency?: Idempotency;
  /** Seals what lists answer to go on with; left out only where there are no lists. */
  readonly cursors?: CursorSeal;
}

/** Runs the route's handler, unless an earlier answer is to be given again. */
async function dispatch(call: unknown): Promise<HttpReply> {
  if (!(call instanceof ApiCall) || call.served === undefined) throw notFound();
  const { event, caller, input, requestId, remainingMs, log, idempotencyId } = call;
  const { routeKey, params, headers, rawBody, rawBytes } = event;
  const request = { routeKey, params, headers, rawBody, rawBytes, requestId, remainingMs, log, ...input };
  const authenticated = { ...request, caller, idempotencyId };
  call.reply = call.replay ?? (await call.served.handle(caller === undefined ? request : authenticated));
  return toHttpReply(call.reply);
}

/**
 * One Lambda handler for the routes of a function. In this order: origin, route, token and role, JSON, rate limit,
 * idempotency, input by the contract, cursors, handler; then the answer's tag. `middlewares` stand around it all.
 */
export function createApiHandler(
  options: ApiHandlerOptions & {
    readonly log: Log;
    readonly middlewares?: readonly MiddlewareObj[];
  },
) {
  // Lambda ends what runs out of time; an answer before that would leave the work to the next invocation.
  const chain = createChain<unknown, HttpReply>(dispatch, { timeoutEarlyInMillis: 0 });
  for (const outer of options.middlewares ?? []) chain.use(outer);
  chain.use(callContext(options.log));
  chain.use(originCheck(options.originVerify));
  chain.use(routing(options.served));
  chain.use(authentication(options.resolveCaller));
  chain.use(jsonBody());
  chain.use(rateLimit(options.rateLimit));
  chain.use(idempotency(options.idempotency));
  chain.use(revalidation());
  chain.use(requestInput());
  chain.use(cursors(options.cursors));
  return chain;
}
