import { ORIGIN_VERIFY_HEADER } from '#shared/kernel/contract.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import type { ApiMiddleware } from '../api-call.ts';

/** Whether a request came through CloudFront; see origin-verify.ts. */
export type OriginVerify = (presented: string | undefined) => Promise<boolean>;

/** Refuses, before anything else, what did not come through CloudFront and its WAF. */
export const originCheck = (verify: OriginVerify): ApiMiddleware => ({
  before: async ({ event: { event } }) => {
    if (await verify(event.headers[ORIGIN_VERIFY_HEADER])) return;
    throw new DomainError(
      'forbidden',
      'ORIGIN_REFUSED',
      'Requests have to come through the address of the dashboard.',
    );
  },
});
