import { GamePlatformError } from '#shared/game-platform/game-platform-error.ts';
import type { GamePlatform } from '#shared/game-platform/game-platform.ts';
import type { UserCreate, UserResponse } from '#shared/game-platform/vendor-contract.ts';
import type { RefusalCode } from './refusals.ts';

export type AccountAnswer =
  | { readonly kind: 'account'; readonly user: UserResponse }
  | {
      readonly kind: 'refused';
      readonly code: RefusalCode;
      readonly retryAfterMs: number | undefined;
      /** True when a create was sent whose end we do not know: it may still be worked on over there. */
      readonly mayStillRun: boolean;
    };

/** Shares of the time left: the last look-up has to fit in behind a create that took all of its own. */
const LOOK_UP_SHARE = 0.35;
const CREATE_SHARE = 0.65;

const refused = (error: GamePlatformError, mayStillRun = false): AccountAnswer => ({
  kind: 'refused',
  code: error.code,
  retryAfterMs: error.context.retryAfterMs,
  mayStillRun,
});

/** Runs one call; an error of the platform is its value, everything else is thrown on. */
async function settle<T>(call: () => Promise<T>): Promise<T | GamePlatformError> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof GamePlatformError) return error;
    throw error;
  }
}

/** Whether a create that ended so may have worked all the same. */
function mayHaveWorked({ code }: GamePlatformError): boolean {
  return code === 'TIMED_OUT' || code === 'UNAVAILABLE' || code === 'BAD_ANSWER';
}

/** An answer about another id than was asked for is nobody's account. */
const accountOf = (user: UserResponse, id: string): AccountAnswer =>
  user.syned_user_id === id
    ? { kind: 'account', user }
    : { kind: 'refused', code: 'ID_TAKEN', retryAfterMs: undefined, mayStillRun: false };

/** The platform's account of this `syned_user_id`; `unknown` when there is none. Nothing is made. */
export async function findPlatformAccount(
  platform: Pick<GamePlatform, 'getUser'>,
  id: string,
  budgetMs: number,
): Promise<AccountAnswer | { readonly kind: 'unknown' }> {
  const known = await settle(() => platform.getUser(id, { budgetMs }));
  if (known instanceof GamePlatformError) return refused(known);
  return known === null ? { kind: 'unknown' } : accountOf(known, id);
}

/**
 * The platform's account of this `syned_user_id`, made if there is none. Looks up, then creates; a create whose end is
 * unknown, or that met an existing account, is settled by looking up again. So it may be called any number of times.
 *
 * @param leftMs milliseconds that may still be spent on calls
 */
export async function ensurePlatformAccount(
  platform: Pick<GamePlatform, 'getUser' | 'createUser'>,
  wanted: UserCreate,
  leftMs: () => number,
): Promise<AccountAnswer> {
  const id = wanted.syned_user_id;
  const share = (part: number) => ({ budgetMs: Math.floor(leftMs() * part) });
  const account = (user: UserResponse) => accountOf(user, id);
  const known = await findPlatformAccount(platform, id, share(LOOK_UP_SHARE).budgetMs);
  if (known.kind !== 'unknown') return known;

  const created = await settle(() => platform.createUser(wanted, share(CREATE_SHARE)));
  if (!(created instanceof GamePlatformError)) return account(created);
  const existed = created.code === 'ALREADY_EXISTS';
  if (!existed && !mayHaveWorked(created)) return refused(created);

  const found = await settle(() => platform.getUser(id, share(1)));
  if (found !== null && !(found instanceof GamePlatformError)) return account(found);
  if (!existed) return refused(created, true);
  if (found instanceof GamePlatformError) return refused(found);
  // Not this id, so it is the email that exists.
  return { kind: 'refused', code: 'EMAIL_KNOWN', retryAfterMs: undefined, mayStillRun: false };
}
