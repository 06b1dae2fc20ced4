import { OwnError } from '#shared/kernel/errors.ts';

export const GAME_PLATFORM_ERROR_CODES = [
  'TOKEN_MISSING',
  'TOKEN_REFUSED',
  'NOT_APPROVED',
  'USER_UNKNOWN',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'VALIDATION_REFUSED',
  'REFUSED',
  'NOT_OFFERED',
  'THROTTLED',
  'RATE_LIMITED',
  'UNAVAILABLE',
  'TIMED_OUT',
  'BUDGET_EXHAUSTED',
  'BAD_ANSWER',
  'BREAKER_OPEN',
  'DAY_SPENT',
] as const;
export type GamePlatformErrorCode = (typeof GAME_PLATFORM_ERROR_CODES)[number];

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
  RATE_LIMITED: 'Our own calls to the Game Platform left no turn for this one in time.',
  UNAVAILABLE: 'The Game Platform cannot be reached or has a fault.',
  TIMED_OUT: 'The Game Platform did not answer in time; the call may have worked all the same.',
  BUDGET_EXHAUSTED: 'There was not enough time left for another call to the Game Platform.',
  BAD_ANSWER: 'The Game Platform answered something that we do not understand.',
  BREAKER_OPEN: 'The Game Platform has been failing, so that calls to it rest for a while.',
  DAY_SPENT: 'The day’s calls to the Game Platform are used up.',
};

/** What a log line and an error may hold of a call: ids, never names, emails or bodies. */
export interface GamePlatformErrorContext {
  readonly endpoint: string;
  readonly attempts: number;
  readonly synedUserId?: string;
  readonly synedTeamId?: string;
  /** From `Retry-After` or our own budget, in milliseconds from the error on. */
  readonly retryAfterMs?: number;
  /** Paths of the fields the platform refused (422); never their values. */
  readonly fields?: readonly string[];
}

export class GamePlatformError extends OwnError {
  override readonly name = 'GamePlatformError';
  constructor(
    /** HTTP status of the last answer; null when there was none. */
    readonly status: number | null,
    readonly code: GamePlatformErrorCode,
    message: string,
    readonly context: GamePlatformErrorContext,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** True when the same call may succeed later without anybody doing anything. */
  get transient(): boolean {
    return [
      'THROTTLED',
      'RATE_LIMITED',
      'UNAVAILABLE',
      'TIMED_OUT',
      'BUDGET_EXHAUSTED',
      'BAD_ANSWER',
      'BREAKER_OPEN',
      'DAY_SPENT',
    ].includes(this.code);
  }

  /** True when everybody has to wait, so that it says nothing about whom the call was for: the work is put aside. */
  get waits(): boolean {
    if (this.code === 'THROTTLED') return this.context.retryAfterMs !== undefined;
    return ['RATE_LIMITED', 'BREAKER_OPEN', 'DAY_SPENT'].includes(this.code);
  }
}
