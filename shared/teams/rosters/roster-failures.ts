import type { GamePlatformError } from '#shared/game-platform/game-platform-error.ts';
import { natureOf } from '#shared/onboarding/refusals.ts';
import type { SyncFailure } from './roster-entry.ts';

/** Why the platform did not take a team or a member, in a coach's words, and what to do about it. */
type Words = Pick<SyncFailure, 'message' | 'remedy'>;

const BY_ITSELF =
  'Nothing is lost. We will try again automatically. If it keeps failing all day, tell an admin.';

const GENERAL: Readonly<Record<string, Words>> = {
  NOT_APPROVED: {
    message: 'The platform requires approval first.',
    remedy: 'The platform’s staff approve accounts by hand. We will try again automatically.',
  },
  USER_UNKNOWN: {
    message: 'The platform says it does not know the account.',
    remedy: 'Tell an admin: the account may have been removed there.',
  },
  NOT_FOUND: { message: 'The platform says it does not have the team.', remedy: BY_ITSELF },
  VALIDATION_REFUSED: {
    message: 'The platform did not accept the team’s name or affiliation.',
    remedy: 'Change the name or the affiliation, and we will send it again right away.',
  },
  REFUSED: {
    message: 'The platform refused the change for an unknown reason.',
    remedy:
      'Tell an admin. The competitor may be on another team on the platform. We will try again automatically.',
  },
  ALREADY_EXISTS: { message: 'The platform says it already has this.', remedy: 'Tell an admin.' },
  NOT_OFFERED: { message: 'The platform does not offer this.', remedy: 'Tell an admin.' },
  THROTTLED: { message: 'The platform is busy and asked us to wait.', remedy: BY_ITSELF },
  RATE_LIMITED: {
    message: 'We are busy with other calls to the platform, and this one has not had its turn yet.',
    remedy: BY_ITSELF,
  },
  UNAVAILABLE: { message: 'The platform could not be reached.', remedy: BY_ITSELF },
  TIMED_OUT: {
    message: 'The platform did not answer in time; the change may have worked.',
    remedy: BY_ITSELF,
  },
  BAD_ANSWER: { message: 'The platform gave an answer that we could not read.', remedy: BY_ITSELF },
  BREAKER_OPEN: {
    message: 'The platform has been failing, so we are waiting before we call it again.',
    remedy: BY_ITSELF,
  },
  DAY_SPENT: {
    message: 'The program’s calls to the platform for today are used up.',
    remedy: 'It is sent after midnight, or as soon as an admin raises the daily budget.',
  },
  TEAM_GONE: {
    message: 'The team no longer exists.',
    remedy: 'Choose another team for the competitor.',
  },
  ON_HOLD: {
    message: 'The competitor is on hold, so they are not on a team on the platform.',
    remedy: 'Record a new release to lift the hold. If there will not be one, take them off the team.',
  },
  RECREATE_REFUSED: {
    message: 'The platform refused to delete the team as it was, so it cannot be recreated yet.',
    remedy:
      'Tell an admin: someone we do not know may be on the team there. We will try again automatically.',
  },
  EMAIL_KNOWN: {
    message: 'Your own account comes first, and the platform already knows your email.',
    remedy: 'Tell an admin which account you use there, so that it can be linked.',
  },
};
const OTHER: Words = { message: 'The platform did not accept the change.', remedy: BY_ITSELF };

export const rosterFailure = (code: string, at: Date): SyncFailure => ({
  code,
  ...(GENERAL[code] ?? OTHER),
  at: at.toISOString(),
});

/** Tries that follow within seconds, while a coach may be looking on. */
export const QUICK_TRIES = 3;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/**
 * Milliseconds until the next try after `attempts` failed ones; null: at once, the queue spaces the tries. What may
 * pass by itself is tried soon, a refusal once a minute at first; both ever more slowly, hourly at the least.
 */
export function retryDelay(code: string, attempts: number, retryAfterMs: number | undefined): number | null {
  const asked = retryAfterMs === undefined ? 0 : retryAfterMs;
  if (natureOf(code) === 'later') {
    if (attempts <= QUICK_TRIES) return asked > 0 ? asked : null;
    return Math.max(asked, Math.min(30 * SECOND * 2 ** (attempts - QUICK_TRIES - 1), 15 * MINUTE));
  }
  return Math.max(asked, Math.min(MINUTE * 2 ** (attempts - 1), 60 * MINUTE));
}

/** Whether a coach is told of an error, or of something that is still under way. */
export const isTrouble = (failure: SyncFailure, attempts: number): boolean =>
  natureOf(failure.code) !== 'later' || attempts > QUICK_TRIES;

export const retryAfterOf = (error: GamePlatformError): number | undefined => error.context.retryAfterMs;
