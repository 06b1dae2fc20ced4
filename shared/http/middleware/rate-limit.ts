import type { Caller } from '#shared/identity/caller.ts';
import type { RateClass } from '#shared/kernel/contract.ts';
import type { ApiMiddleware } from '../api-call.ts';

/** Lets a call of a class pass, or refuses it. @throws DomainError too_often */
export type RateLimit = (rate: RateClass, caller: Caller) => Promise<void>;

/** Asks the limit of the route's class, per caller; without one, everything passes. */
export const rateLimit = (limit: RateLimit | undefined): ApiMiddleware => ({
  before: async ({ event: { served, caller } }) => {
    if (limit === undefined || served === undefined || caller === undefined) return;
    await limit(served.route.rate, caller);
  },
});
