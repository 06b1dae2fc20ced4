import type { Context } from 'aws-lambda';
import { createInstruments, type Instruments } from '#shared/kernel/instruments.ts';
import { lazy } from '#shared/kernel/lazy.ts';
import { createApiHandler, type ApiHandlerOptions } from './api-handler.ts';
import { toProblemReply, type HttpReply } from './http-reply.ts';

/**
 * What an API function exports as `handler`. `build` makes the dependencies on the first request; when it fails (a
 * missing variable, for example) that request is answered with an opaque 500, the cause is logged, and the next
 * request tries again.
 */
export function apiEntry(
  build: (instruments: Instruments) => Promise<ApiHandlerOptions> | ApiHandlerOptions,
  instruments: Instruments = createInstruments(),
): (event: unknown, context: Context) => Promise<HttpReply> {
  const { log, middlewares } = instruments;
  const handler = lazy(async () => createApiHandler({ ...(await build(instruments)), log, middlewares }));
  return async (event, context) => {
    try {
      const handle = await handler();
      return await handle(event, context);
    } catch (error) {
      return toProblemReply(error, 'unknown', log);
    }
  };
}
