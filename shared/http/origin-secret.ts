import { createHash } from 'node:crypto';
import { systemClock, type Clock } from '#shared/kernel/clock.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import type { ReadSecret } from '#shared/kernel/secret-reader.ts';

export interface OriginSecretDeps {
  readonly secretArn: string;
  readonly readSecret: ReadSecret;
  readonly now?: Clock;
}

/**
 * Digests of the secret's current and previous version, in this order, read at most so many milliseconds ago.
 * @throws DomainError unavailable when it was never read and cannot be
 */
export type OriginSecret = (notOlderThanMs: number) => Promise<readonly Buffer[]>;

/** A rotation is noticed after this long at the latest. */
export const KEEP_MS = 5 * 60_000;
/** An unknown value makes us look again, but not more often than this, whatever strangers send. */
export const LOOK_AGAIN_MS = 30_000;

export const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The secret that CloudFront and the API share. Both versions count, so that it can rotate while both are in use. */
export function createOriginSecret({
  secretArn,
  readSecret,
  now = systemClock,
}: OriginSecretDeps): OriginSecret {
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
        { retryAfterSeconds: 2, cause: error },
      );
    } finally {
      reading = undefined;
    }
  };

  return async (ms) => {
    if (known !== undefined && now().getTime() - known.readAt < ms) return known.digests;
    reading ??= read();
    return reading;
  };
}
