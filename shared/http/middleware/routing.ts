import { routeKeyOf } from '#shared/kernel/contract.ts';
import { notFound } from '#shared/kernel/errors.ts';
import type { ApiMiddleware, ServedRoute } from '../api-call.ts';

/** API Gateway has routed already, so that its `routeKey` is the only truth about the route. */
export function routing(served: readonly ServedRoute[]): ApiMiddleware {
  const byKey = new Map(served.map((one) => [routeKeyOf(one.route), one]));
  return {
    before: ({ event: call }) => {
      call.served = byKey.get(call.event.routeKey);
      if (call.served === undefined) throw notFound();
    },
  };
}
