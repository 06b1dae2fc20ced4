import type { Caller } from '#shared/identity/caller.ts';
import type { RateClass } from '#shared/kernel/contract.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import type { ApiMiddleware } from '../api-call.ts';

/**
 * Lets a call of a class pass, or refuses it. Answers how to give it back, where that is worth a write.
 * @throws DomainError too_often
 */
export type RateLimit = (rate: RateClass, caller: Caller) => Promise<(() => Promise<void>) | undefined>;

/** Asks the limit of the route's class, per caller; without one, everything passes. What is not offered is not counted. */
export const rateLimit = (limit: RateLimit | undefined): ApiMiddleware => ({
  before: async ({ event: call }) => {
    const { served, caller } = call;
    if (limit === undefined || served === undefined || caller === undefined) return;
    call.giveBack = await limit(served.route.rate, caller);
  },
  onError: async ({ event: call, error }) => {
    if (!(error instanceof DomainError) || error.kind !== 'not_offered') return;
    await call.giveBack?.().catch((failure: unknown) => {
      call.log.warn('rate limit not given back', {}, failure);
    });
  },
});
