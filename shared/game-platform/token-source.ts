import { systemClock, type Clock } from '#shared/kernel/clock.ts';
import type { ReadSecret } from '#shared/kernel/secret-reader.ts';

/** Where the vendor's bearer token comes from. Both methods reject when the place cannot be read. */
export interface TokenSource {
  /** Null while nobody has put one. */
  current(): Promise<string | null>;
  /** After the platform refused `refused`: the token as it is now, read again unless that was done meanwhile. */
  replace(refused: string): Promise<string | null>;
}

export interface SecretTokenDeps {
  readonly secretArn: string;
  readonly readSecret: ReadSecret;
  readonly now?: Clock;
}

/** A token that somebody puts is found after this long at the latest. */
const KEEP_MISSING_MS = 30_000;
/** A token in use is read again now and then, so that one taken away does not live on in a warm function. */
const KEEP_MS = 15 * 60_000;

/** What an HTTP header can carry. Anything else would be quoted in an error of the HTTP client. */
const USABLE = /^[\x21-\x7e]{1,8192}$/;

/** The token from Secrets Manager, kept in memory; a concurrent read is shared. */
export function createTokenSource({
  secretArn,
  readSecret,
  now = systemClock,
}: SecretTokenDeps): TokenSource {
  let known: { readonly token: string | null; readonly readAt: number } | undefined;
  let reading: Promise<string | null> | undefined;

  const read = (): Promise<string | null> => {
    reading ??= readSecret(secretArn)
      .then((text) => {
        const token = text !== null && USABLE.test(text) ? text : null;
        known = { token, readAt: now().getTime() };
        return token;
      })
      .finally(() => {
        reading = undefined;
      });
    return reading;
  };

  return {
    current: async () => {
      const keepMs = known?.token === null ? KEEP_MISSING_MS : KEEP_MS;
      if (known !== undefined && now().getTime() - known.readAt < keepMs) return known.token;
      return read();
    },
    replace: async (refused) => {
      if (known !== undefined && known.token !== refused) return known.token;
      return read();
    },
  };
}
