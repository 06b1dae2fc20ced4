import type { Competitor } from '../competitors/competitor.ts';
import type { UserResponse } from '../game-platform/contract.ts';

/** What the platform says of an account, as the competitor's record keeps it. */
export type AccountFacts = Pick<
  Competitor['platform'],
  'userId' | 'username' | 'accountStatus' | 'lastLoginAt'
>;

/** The year 2100: a time beyond it is none. */
const LATEST_UNIX = 4_102_444_800;

const toIso = (unix: number | null | undefined): string | null =>
  unix === null || unix === undefined || unix <= 0 || unix >= LATEST_UNIX
    ? null
    : new Date(unix * 1000).toISOString();

export const accountFactsOf = (user: UserResponse): AccountFacts => ({
  userId: user.metactf_user_id,
  username: user.metactf_username,
  accountStatus: user.metactf_user_status,
  lastLoginAt: toIso(user.last_login_unix_timestamp),
});
