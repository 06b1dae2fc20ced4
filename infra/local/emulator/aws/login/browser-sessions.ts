import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { Documents } from '../state-database.ts';

const COOKIE = 'cognito';
/** Managed login remembers a browser for an hour. */
const LIFE_SECONDS = 3_600;
const COLLECTION = 'login/browsers';

const browserSchema = z.object({ poolId: z.string(), username: z.string(), until: z.number() });

/** Who is signed in with which browser, by a cookie. */
export class BrowserSessions {
  readonly #documents: Documents;
  readonly #now: () => number;

  constructor(documents: Documents, now: () => number) {
    this.#documents = documents;
    this.#now = now;
  }

  find(cookieHeader: string | undefined, poolId: string): string | undefined {
    const id = cookieValue(cookieHeader);
    const kept = id === undefined ? undefined : this.#documents.get(COLLECTION, hash(id));
    if (kept === undefined) return undefined;
    const browser = browserSchema.parse(kept);
    return browser.poolId === poolId && browser.until > this.#now() ? browser.username : undefined;
  }

  /** The `Set-Cookie` header of the new session. */
  begin(poolId: string, username: string): string {
    const id = randomBytes(32).toString('base64url');
    this.#documents.put(COLLECTION, hash(id), { poolId, username, until: this.#now() + LIFE_SECONDS * 1000 });
    return `${COOKIE}=${id}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${LIFE_SECONDS}`;
  }

  /** The `Set-Cookie` header that takes the cookie away. */
  end(cookieHeader: string | undefined): string {
    const id = cookieValue(cookieHeader);
    if (id !== undefined) this.#documents.delete(COLLECTION, hash(id));
    return `${COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0`;
  }

  sweep(): void {
    for (const { key, value } of this.#documents.list(COLLECTION)) {
      if (browserSchema.parse(value).until <= this.#now()) this.#documents.delete(COLLECTION, key);
    }
  }
}

function cookieValue(header: string | undefined): string | undefined {
  const pairs = (header ?? '').split(/;\s*/).map((pair) => pair.split('='));
  return pairs.find(([name]) => name === COOKIE)?.[1];
}

function hash(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}
