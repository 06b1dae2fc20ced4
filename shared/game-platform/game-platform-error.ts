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
  'UNAVAILABLE',
  'TIMED_OUT',
  'BUDGET_EXHAUSTED',
  'BAD_ANSWER',
  'BREAKER_OPEN',
  'DAY_SPENT',
] as const;
export type GamePlatformErrorCode = (typeof GAME_PLATFORM_ERROR_CODES)[number];

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

export class GamePlatformError extends Error {
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
    return this.code === 'BREAKER_OPEN' || this.code === 'DAY_SPENT';
  }
}
