import type { Competitor } from '#shared/competitors/competitor.ts';
import type { UserResponse } from '#shared/game-platform/vendor-contract.ts';

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

/** What score reads begin with. `mark` names the reason and its time. */
export interface ScoreStart {
  readonly competitorId: string;
  readonly coachId: string;
  readonly gamePlatformId: string;
  readonly mark: string;
}

/** The record of a competitor whose account is confirmed, at the next version, and what its score reads begin with. */
export function confirmedAccount(
  competitor: Competitor,
  user: UserResponse,
  at: string,
): { readonly next: Competitor; readonly scoreStart: ScoreStart } {
  const { id: competitorId, coachId } = competitor;
  const gamePlatformId = user.syned_user_id;
  return {
    next: {
      ...competitor,
      version: competitor.version + 1,
      updatedAt: at,
      gamePlatformId,
      platform: { ...accountFactsOf(user), onboardedAt: at, checkedAt: at, refusal: null },
    },
    scoreStart: { competitorId, coachId, gamePlatformId, mark: `onboarded#${at}` },
  };
}
