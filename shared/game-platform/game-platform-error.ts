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
] as const;
export type GamePlatformErrorCode = (typeof GAME_PLATFORM_ERROR_CODES)[number];

/** What a log line and an error may hold of a call: ids, never names, e-mails or bodies. */
export interface GamePlatformErrorContext {
  readonly endpoint: string;
  readonly attempts: number;
  readonly synedUserId?: string;
  readonly synedTeamId?: string;
  /** From `Retry-After`, in milliseconds from the answer on. */
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
    return ['THROTTLED', 'UNAVAILABLE', 'TIMED_OUT', 'BUDGET_EXHAUSTED', 'BAD_ANSWER'].includes(this.code);
  }
}
