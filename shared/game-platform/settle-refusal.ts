import { GamePlatformError, type GamePlatformErrorCode } from './game-platform-error.ts';
import { errorOf, makeCall, UnsureError, type Call, type CallLimits, type CallerDeps } from './make-call.ts';
import { userResponseSchema } from './vendor-contract.ts';

/**
 * A bare 403 or 404 may be about the user, the token, the path or the address. Asks the platform what it is: first
 * for the user (their state, or whether they exist), and when even that says 404 for the index, which needs nothing.
 * Gives the error to throw instead; anything that is sure already comes back as it is.
 *
 * "Unknown" and "not approved" are only said when the platform said so: when the question could not be settled, the
 * error is the transient `UNAVAILABLE`.
 */
export async function settleRefusal(
  deps: CallerDeps,
  call: Call,
  limits: CallLimits,
  /** Whom the call is about; undefined when it is about nobody. */
  userId: string | undefined,
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof UnsureError)) return error;
  const settled = (code: GamePlatformErrorCode, cause?: Error): GamePlatformError =>
    errorOf(
      call,
      { ...error.context, code, status: error.status, sure: true, ...(cause === undefined ? {} : { cause }) },
      error.context.attempts,
    );
  const unsettled = (cause: unknown): unknown => {
    if (!(cause instanceof GamePlatformError)) return cause;
    if (cause.code === 'TOKEN_MISSING' || cause.code === 'TOKEN_REFUSED') return settled(cause.code, cause);
    // These two say nothing about a person, so that they may stand as they are.
    if (error.code === 'REFUSED' || error.code === 'NOT_OFFERED') return settled(error.code);
    return settled('UNAVAILABLE', cause);
  };

  if (call.endpoint === 'getUser' || userId === undefined || call.endpoint === 'createUser') {
    if (error.status !== 404) return settled(error.code);
    try {
      await makeCall(deps, { endpoint: 'index' }, limits, () => undefined);
      return settled(error.code);
    } catch (indexError) {
      return unsettled(indexError);
    }
  }

  const state = await userState(deps, userId, limits).catch((lookUpError: unknown) => ({ lookUpError }));
  if (state !== null && typeof state === 'object') return unsettled(state.lookUpError);
  if (state === null) return settled('USER_UNKNOWN');
  // They are known, but what they may is not told.
  if (error.status === 403 && state === '') return settled('UNAVAILABLE');
  if (error.status === 403) return settled(state === 'approved' ? 'REFUSED' : 'NOT_APPROVED');
  return settled(call.endpoint === 'sendPasswordReset' ? 'NOT_OFFERED' : 'NOT_FOUND');
}

/** `metactf_user_status`, empty when it cannot be read; null when the platform does not know the user. */
async function userState(deps: CallerDeps, userId: string, limits: CallLimits): Promise<string | null> {
  const call: Call = { endpoint: 'getUser', query: { syned_user_id: userId }, synedUserId: userId };
  try {
    const answer = await makeCall(deps, call, limits, ({ body }) =>
      userResponseSchema.safeParse(body).success ? undefined : [],
    );
    return userResponseSchema.parse(answer.body).metactf_user_status ?? '';
  } catch (error) {
    const final = await settleRefusal(deps, call, limits, userId, error);
    if (final instanceof GamePlatformError && final.code === 'USER_UNKNOWN') return null;
    throw final;
  }
}
