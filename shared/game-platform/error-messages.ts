import type { GamePlatformErrorCode } from './game-platform-error.ts';

/** What happened, for a person; never in the vendor's words, which may hold names. */
export const ERROR_MESSAGES: Readonly<Record<GamePlatformErrorCode, string>> = {
  TOKEN_MISSING:
    'The Game Platform’s token has not been set, so that nothing can be sent to it or read from it.',
  TOKEN_REFUSED: 'The Game Platform refuses our token.',
  NOT_APPROVED: 'The Game Platform has not approved this account yet.',
  USER_UNKNOWN: 'The Game Platform does not know this person.',
  NOT_FOUND: 'The Game Platform does not have what the call is about.',
  ALREADY_EXISTS: 'The Game Platform says that it has this already.',
  VALIDATION_REFUSED: 'The Game Platform does not accept some of the data.',
  REFUSED: 'The Game Platform refused the call.',
  NOT_OFFERED: 'The Game Platform does not offer this.',
  THROTTLED: 'The Game Platform asks us to slow down.',
  UNAVAILABLE: 'The Game Platform cannot be reached or has a fault.',
  TIMED_OUT: 'The Game Platform did not answer in time; the call may have worked all the same.',
  BUDGET_EXHAUSTED: 'There was not enough time left for another call to the Game Platform.',
  BAD_ANSWER: 'The Game Platform answered something that we do not understand.',
  BREAKER_OPEN: 'The Game Platform has been failing, so that calls to it rest for a while.',
  DAY_SPENT: 'The day’s calls to the Game Platform are used up.',
};
