import { timingSafeEqual } from 'node:crypto';
import type { OriginVerify } from './middleware/origin-check.ts';
import { digest, KEEP_MS, LOOK_AGAIN_MS, type OriginSecret } from './origin-secret.ts';

/** Checks the value that CloudFront adds to each request, in constant time. */
export const createOriginVerify =
  (secret: OriginSecret): OriginVerify =>
  async (presented) => {
    if (presented === undefined) return false;
    const wanted = digest(presented);
    const matches = (digests: readonly Buffer[]): boolean =>
      digests.some((candidate) => timingSafeEqual(candidate, wanted));
    return matches(await secret(KEEP_MS)) || matches(await secret(LOOK_AGAIN_MS));
  };
