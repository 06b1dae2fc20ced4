import type middy from '@middy/core';
import * as z from 'zod';
import type { Log } from '#shared/kernel/log.ts';
import { ApiCall } from '../api-call.ts';
import { parseHttpEvent } from '../http-event.ts';
import { toProblemReply, type HttpReply } from '../http-reply.ts';

const contextSchema = z.object({
  awsRequestId: z.string().default('unknown'),
  getRemainingTimeInMillis: z.custom<() => number>((value) => typeof value === 'function').optional(),
});

/** Not every event comes with a context that counts down; without one, the shortest time-out of an API function. */
const DEFAULT_REMAINING_MS = 10_000;

interface Found {
  readonly requestId: string;
  readonly log: Log;
}

/**
 * First in, last out: turns an event into a call with a log of its own, and every failure behind it into problem+json,
 * so that the function itself never fails.
 */
export function callContext(log: Log): middy.MiddlewareObj<unknown, HttpReply> {
  const found = new WeakMap<object, Found>();
  return {
    before: (request) => {
      const context = contextSchema.safeParse(request.context).data;
      const event = parseHttpEvent(request.event);
      const requestId = event?.requestId ?? context?.awsRequestId ?? 'unknown';
      const ownLog = log.with({ requestId, routeKey: event?.routeKey });
      found.set(request, { requestId, log: ownLog });
      if (event === undefined)
        throw new TypeError('The event is not an HTTP API event of payload format 2.0.');
      const countdown = context?.getRemainingTimeInMillis;
      const remainingMs = countdown === undefined ? () => DEFAULT_REMAINING_MS : () => countdown();
      request.event = new ApiCall(event, requestId, remainingMs, ownLog);
    },
    onError: (request) => {
      const { requestId, log: ownLog } = found.get(request) ?? { requestId: 'unknown', log };
      request.response = toProblemReply(request.error, requestId, ownLog);
    },
  };
}
