import { createHash, randomBytes, randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Documents } from '../state-database.ts';
import type { AuthorizationRequest } from './authorization-request.ts';

const CODE_LIFE_MS = 5 * 60_000;
/** How long a rotated refresh token is still taken, so that two tabs do not sign each other out. */
const ROTATION_GRACE_MS = 60_000;

/** Who signed in, when, and for which client. Carried from the code to every token that comes of it. */
const sessionSchema = z.object({
  poolId: z.string(),
  clientId: z.string(),
  username: z.string(),
  scopes: z.array(z.string()),
  nonce: z.string().optional(),
  /** Seconds since 1970. */
  authTime: z.number(),
  /** The same in all tokens of one sign-in. */
  originId: z.string(),
});

export type Session = z.infer<typeof sessionSchema>;

const refreshSchema = z.object({
  session: sessionSchema,
  expiresAt: z.number(),
  rotatedAt: z.number().optional(),
});

const COLLECTION = 'login/refresh-tokens';

/** Codes (in memory, they live five minutes) and refresh tokens (on disk, by their hash). */
export class Grants {
  readonly #codes = new Map<
    string,
    { readonly session: Session; readonly request: AuthorizationRequest; until: number }
  >();
  readonly #documents: Documents;
  readonly #now: () => number;

  constructor(documents: Documents, now: () => number) {
    this.#documents = documents;
    this.#now = now;
  }

  issueCode(request: AuthorizationRequest, username: string): string {
    const now = this.#now();
    for (const [code, entry] of this.#codes) if (entry.until < now) this.#codes.delete(code);
    const code = randomUUID();
    const session: Session = {
      poolId: request.pool.id,
      clientId: request.client.id,
      username,
      scopes: [...request.scopes],
      nonce: request.nonce,
      authTime: Math.floor(now / 1000),
      originId: randomUUID(),
    };
    this.#codes.set(code, { session, request, until: now + CODE_LIFE_MS });
    return code;
  }

  /** A code is good once, for the client, address and verifier that it was made for. */
  redeemCode(code: string, clientId: string, redirectUri: string, verifier: string): Session | undefined {
    const entry = this.#codes.get(code);
    this.#codes.delete(code);
    if (entry === undefined || entry.until < this.#now()) return undefined;
    const { request, session } = entry;
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const matches =
      session.clientId === clientId &&
      request.redirectUri === redirectUri &&
      request.codeChallenge === challenge;
    return matches ? session : undefined;
  }

  /** `lifeSeconds` counts from the sign-in: a rotated token lives no longer than the one before. */
  issueRefreshToken(session: Session, expiresAt: number): string {
    const token = randomBytes(48).toString('base64url');
    const kept: z.infer<typeof refreshSchema> = { session, expiresAt };
    this.#documents.put(COLLECTION, hash(token), kept);
    return token;
  }

  /** Takes a refresh token and gives the one that follows it. */
  rotate(token: string, clientId: string): { readonly session: Session; readonly next: string } | undefined {
    const kept = this.#find(token);
    const now = this.#now();
    if (kept === undefined || kept.session.clientId !== clientId || kept.expiresAt <= now) return undefined;
    if (kept.rotatedAt !== undefined && now > kept.rotatedAt + ROTATION_GRACE_MS) return undefined;
    this.#documents.put(COLLECTION, hash(token), { ...kept, rotatedAt: kept.rotatedAt ?? now });
    return { session: kept.session, next: this.issueRefreshToken(kept.session, kept.expiresAt) };
  }

  /** Ends the sign-in that the token belongs to. */
  revoke(token: string, clientId: string): void {
    const kept = this.#find(token);
    if (kept?.session.clientId !== clientId) return;
    this.#drop((session) => session.originId === kept.session.originId);
  }

  signOut(poolId: string, username: string): void {
    this.#drop((session) => session.poolId === poolId && session.username === username);
  }

  /** Forgets what can no longer be used. */
  sweep(): void {
    const now = this.#now();
    for (const { key, value } of this.#documents.list(COLLECTION)) {
      const kept = refreshSchema.parse(value);
      const rotated = kept.rotatedAt !== undefined && now > kept.rotatedAt + ROTATION_GRACE_MS;
      if (rotated || kept.expiresAt <= now) this.#documents.delete(COLLECTION, key);
    }
  }

  #find(token: string): z.infer<typeof refreshSchema> | undefined {
    const kept = this.#documents.get(COLLECTION, hash(token));
    return kept === undefined ? undefined : refreshSchema.parse(kept);
  }

  #drop(ends: (session: Session) => boolean): void {
    for (const { key, value } of this.#documents.list(COLLECTION)) {
      if (ends(refreshSchema.parse(value).session)) this.#documents.delete(COLLECTION, key);
    }
  }
}

function hash(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
