import type { GamePlatformErrorCode } from '#shared/game-platform/game-platform-error.ts';

/** Why the platform made no account, in a coach's words, and what to do about it. */
export interface RefusalWords {
  readonly message: string;
  readonly remedy: string;
}

/** An account that was confirmed once and is not known over there any more. */
export const ACCOUNT_UNKNOWN = 'ACCOUNT_UNKNOWN';

/** The platform knows the email of the coach, whose own account has to come before a competitor's. */
export const COACH_EMAIL_KNOWN = 'COACH_EMAIL_KNOWN';

/** The codes of the vendor client, and what onboarding itself finds out. */
export type RefusalCode =
  GamePlatformErrorCode | 'EMAIL_KNOWN' | typeof COACH_EMAIL_KNOWN | 'ID_TAKEN' | typeof ACCOUNT_UNKNOWN;

const LATER: Pick<RefusalWords, 'remedy'> = {
  remedy: 'Nothing is lost. Try again in a few minutes. If it keeps failing all day, tell an admin.',
};
const PAUSED: RefusalWords = {
  message: 'The program’s access to the Game Platform is paused.',
  remedy: 'An admin has to fix it. Nothing is lost. Add the competitor when it is back on.',
};

const COACH_PAUSED: RefusalWords = {
  message: PAUSED.message,
  remedy: 'Nothing is lost. Create the account when it is back on.',
};

const OF_COMPETITOR: Readonly<Record<RefusalCode, RefusalWords>> = {
  EMAIL_KNOWN: {
    message: 'The platform already knows this email.',
    remedy: 'Ask the competitor which account they use there, or enter another email, then add them again.',
  },
  COACH_EMAIL_KNOWN: {
    message: 'Your own account comes first, and the platform already knows your email.',
    remedy: 'Tell an admin which account you use there, so that it can be linked.',
  },
  ID_TAKEN: {
    message: 'The platform answered about another person than we asked for.',
    remedy: 'Tell an admin. Nothing was changed here.',
  },
  ACCOUNT_UNKNOWN: {
    message: 'The platform no longer knows this account.',
    remedy:
      'Tell an admin, who can ask the platform whether it was removed. We keep checking, and this goes away once it is back.',
  },
  ALREADY_EXISTS: {
    message: 'The platform says this account exists but does not show it.',
    remedy: 'Try again in a few minutes. If this does not go away, tell an admin.',
  },
  VALIDATION_REFUSED: {
    message: 'The platform did not accept the profile’s details.',
    remedy: 'Check the spelling of the names and the email, then add the competitor again.',
  },
  REFUSED: {
    message: 'The platform refused the account for an unknown reason.',
    remedy: 'Check the profile, then try again. If it is refused again, tell an admin.',
  },
  NOT_APPROVED: {
    message: 'The platform requires approval first.',
    remedy: 'Ask the program to have your coach account there approved, then add the competitor again.',
  },
  USER_UNKNOWN: {
    message: 'The platform does not know the coach’s account.',
    remedy: 'Try again in a few minutes. If this does not go away, tell an admin.',
  },
  NOT_FOUND: {
    message: 'The platform does not offer what we asked for.',
    remedy: 'Tell an admin; the platform’s address may be set wrong.',
  },
  NOT_OFFERED: {
    message: 'The platform does not offer this.',
    remedy: 'Tell an admin; the platform’s address may be set wrong.',
  },
  TOKEN_MISSING: PAUSED,
  TOKEN_REFUSED: PAUSED,
  THROTTLED: { message: 'The platform is busy and asked us to wait.', ...LATER },
  RATE_LIMITED: {
    message: 'We are busy with other calls to the platform, and this one did not get its turn in time.',
    remedy:
      'Nothing is lost. A job continues automatically. If you asked for just one, try again in a minute.',
  },
  UNAVAILABLE: { message: 'The platform could not be reached.', ...LATER },
  TIMED_OUT: { message: 'The platform did not answer in time. It may still create the account.', ...LATER },
  BUDGET_EXHAUSTED: { message: 'There was not enough time left to ask the platform.', ...LATER },
  BAD_ANSWER: { message: 'The platform gave an answer that we could not read.', ...LATER },
  BREAKER_OPEN: {
    message: 'The platform has been failing, so we are waiting before we call it again.',
    ...LATER,
  },
  DAY_SPENT: {
    message: 'The program’s calls to the platform for today are used up.',
    remedy: 'Nothing is lost. Try again tomorrow, or ask an admin to raise the daily budget.',
  },
};

/** Where the coach's own account, which has to come first, is what the platform refused. */
const OF_COACH: Partial<Readonly<Record<RefusalCode, RefusalWords>>> = {
  VALIDATION_REFUSED: {
    message: 'Your own account comes first, and the platform did not accept your name or email.',
    remedy: 'Ask an admin to check how you are entered here, then add the competitor again.',
  },
  REFUSED: {
    message: 'Your own account comes first, and the platform refused it.',
    remedy: 'Tell an admin. The competitor can be added once you have an account there.',
  },
};

/** Where an admin makes the coach's account by itself. */
const OF_COACH_ALONE: Partial<Readonly<Record<RefusalCode, RefusalWords>>> = {
  EMAIL_KNOWN: {
    message: 'The platform already knows the coach’s email.',
    remedy: 'Ask the platform’s staff which account that is, and have it linked to this coach.',
  },
  VALIDATION_REFUSED: {
    message: 'The platform did not accept the coach’s name or email.',
    remedy: 'Check how the coach is entered here, then try again.',
  },
  REFUSED: {
    message: 'The platform refused the coach’s account for an unknown reason.',
    remedy: 'Try again. If it is refused again, ask the platform’s staff.',
  },
  NOT_APPROVED: {
    message: 'The platform requires approval first.',
    remedy: 'Ask the platform’s staff to approve the coach, then try again.',
  },
  TOKEN_MISSING: COACH_PAUSED,
  TOKEN_REFUSED: COACH_PAUSED,
};

/** Whose account it is about, and who reads the words: `coach_alone` is for admins. */
export type Subject = 'competitor' | 'coach' | 'coach_alone';

export function refusalWords(code: RefusalCode, subject: Subject): RefusalWords {
  const own = { competitor: undefined, coach: OF_COACH[code], coach_alone: OF_COACH_ALONE[code] }[subject];
  return own ?? OF_COMPETITOR[code];
}

/**
 * `later`: the same attempt may succeed by itself; `paused`: an admin acts, no competitor is at fault; `final`:
 * somebody has to change something first.
 */
export function natureOf(code: string): 'later' | 'paused' | 'final' {
  switch (code) {
    case 'THROTTLED':
    case 'RATE_LIMITED':
    case 'UNAVAILABLE':
    case 'TIMED_OUT':
    case 'BUDGET_EXHAUSTED':
    case 'BAD_ANSWER':
    case 'BREAKER_OPEN':
    case 'DAY_SPENT':
      return 'later';
    case 'TOKEN_MISSING':
    case 'TOKEN_REFUSED':
      return 'paused';
    default:
      return 'final';
  }
}
