import type { Competitor } from '#shared/competitors/competitor.ts';
import { isRead } from '#shared/competitors/consent.ts';
import type { UserResponse } from '#shared/game-platform/vendor-contract.ts';
import { accountFactsOf, type AccountFacts } from './account-facts.ts';
import { ACCOUNT_UNKNOWN, refusalWords } from './refusals.ts';

/** Which accounts to ask the platform about, and what its answer changes; pure. */

/** How often accounts whose state seldom changes are asked about. */
const CALM_MS = 24 * 3_600_000;
/** States that somebody at the platform has decided; any other one may change within the hour. */
const DECIDED: ReadonlySet<string | null> = new Set(['approved', 'denied']);

/** Undecided or troubled accounts in every run, all others once a day. */
export function accountDue(competitor: Competitor, now: Date): boolean {
  const { accountStatus, checkedAt, refusal } = competitor.platform;
  if (!isRead(competitor)) return false;
  if (checkedAt === null || refusal !== null || !DECIDED.has(accountStatus)) return true;
  return now.getTime() - Date.parse(checkedAt) >= CALM_MS;
}

const FACTS: readonly (keyof AccountFacts)[] = ['userId', 'username', 'accountStatus', 'lastLoginAt'];

/** What an answer does not say, or says so that it cannot be read, stays as it was. */
const knownFacts = (before: AccountFacts, answered: AccountFacts): AccountFacts => ({
  userId: answered.userId ?? before.userId,
  username: answered.username ?? before.username,
  accountStatus: answered.accountStatus ?? before.accountStatus,
  lastLoginAt: answered.lastLoginAt ?? before.lastLoginAt,
});

interface AccountChange {
  /** The record to store, at the next version. */
  readonly next: Competitor;
  /** The state before and after; null when it stayed. */
  readonly status: { readonly from: string | null; readonly to: string | null } | null;
}

/**
 * What the platform's answer (null: it does not know the account) changes; undefined: nothing but when it was asked.
 * An account that is unknown keeps what was known of it, and gets a problem; the problem goes when it is back.
 */
export function accountChange(
  competitor: Competitor,
  user: UserResponse | null,
  at: string,
): AccountChange | undefined {
  const { platform } = competitor;
  const next = (changed: Partial<Competitor['platform']>): Competitor => ({
    ...competitor,
    version: competitor.version + 1,
    updatedAt: at,
    platform: { ...platform, ...changed, checkedAt: at },
  });
  if (user === null) {
    if (platform.refusal?.code === ACCOUNT_UNKNOWN) return undefined;
    const refusal = { code: ACCOUNT_UNKNOWN, ...refusalWords(ACCOUNT_UNKNOWN, 'competitor'), at };
    return { next: next({ refusal }), status: null };
  }
  const facts = knownFacts(platform, accountFactsOf(user));
  const same = platform.refusal === null && FACTS.every((fact) => platform[fact] === facts[fact]);
  if (same) return undefined;
  return {
    next: next({ ...facts, refusal: null }),
    status:
      platform.accountStatus === facts.accountStatus
        ? null
        : { from: platform.accountStatus, to: facts.accountStatus },
  };
}
