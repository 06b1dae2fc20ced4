import { createHash, timingSafeEqual } from 'node:crypto';
import { systemClock, type Clock } from '#shared/kernel/clock.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import type { ReadSecret } from '#shared/kernel/secret-reader.ts';
import type { OriginVerify } from './middleware/origin-check.ts';

export interface OriginVerifyDeps {
  readonly secretArn: string;
  readonly readSecret: ReadSecret;
  readonly now?: Clock;
}

/** A rotation is noticed after this long at the latest. */
const KEEP_MS = 5 * 60_000;
/** An unknown value makes us look again, but not more often than this, whatever strangers send. */
const LOOK_AGAIN_MS = 30_000;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Checks the value that CloudFront adds to each request. The secret's current and previous version are both accepted,
 * so that it can rotate while the distribution still sends the old one. Compared in constant time.
 */
export function createOriginVerify({
  secretArn,
  readSecret,
  now = systemClock,
}: OriginVerifyDeps): OriginVerify {
  let known: { readonly digests: readonly Buffer[]; readonly readAt: number } | undefined;
  let reading: Promise<readonly Buffer[]> | undefined;

  const read = async (): Promise<readonly Buffer[]> => {
    try {
      const values = await Promise.all([
        readSecret(secretArn, 'AWSCURRENT'),
        readSecret(secretArn, 'AWSPREVIOUS'),
      ]);
      const digests = values.flatMap((value) => (value === null ? [] : [digest(value)]));
      known = { digests, readAt: now().getTime() };
      return digests;
    } catch (error) {
      // What was true some minutes ago is better than refusing everybody.
      if (known !== undefined) return known.digests;
      throw new DomainError(
        'unavailable',
        'ORIGIN_CHECK_UNAVAILABLE',
        'The service is starting up. Try again shortly.',
        {
          retryAfterSeconds: 2,
          cause: error,
        },
      );
    } finally {
      reading = undefined;
    }
  };

  const digestsNotOlderThan = async (ms: number): Promise<readonly Buffer[]> => {
    if (known !== undefined && now().getTime() - known.readAt < ms) return known.digests;
    reading ??= read();
    return reading;
  };

  return async (presented) => {
    if (presented === undefined) return false;
    const wanted = digest(presented);
    const matches = (digests: readonly Buffer[]): boolean =>
      digests.some((candidate) => timingSafeEqual(candidate, wanted));
    return matches(await digestsNotOlderThan(KEEP_MS)) || matches(await digestsNotOlderThan(LOOK_AGAIN_MS));
  };
}
