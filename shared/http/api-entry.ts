import { createLog, type Log } from '#shared/kernel/log.ts';
import { lazy } from '#shared/kernel/lazy.ts';
import type { ApiFunctionName } from './routes.ts';
import { createApiHandler, type ApiHandlerOptions } from './api-handler.ts';
import { toProblemReply, type HttpReply } from './http-reply.ts';

/**
 * What an API function exports as `handler`. `build` makes the dependencies on the first request; when it fails (a
 * missing variable, for example) that request is answered with an opaque 500, the cause is logged, and the next
 * request tries again.
 */
export function apiEntry<F extends ApiFunctionName>(
  name: F,
  build: (
    log: Log,
  ) =>
    Promise<Omit<ApiHandlerOptions<F>, 'function' | 'log'>> | Omit<ApiHandlerOptions<F>, 'function' | 'log'>,
  log: Log = createLog(),
): (event: unknown, context: unknown) => Promise<HttpReply> {
  const handler = lazy(async () => createApiHandler({ ...(await build(log)), function: name, log }));
  return async (event, context) => {
    try {
      const handle = await handler();
      return await handle(event, context);
    } catch (error) {
      return toProblemReply(error, 'unknown', log);
    }
  };
}
