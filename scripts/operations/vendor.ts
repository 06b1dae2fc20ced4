import { createGamePlatformClient } from '#shared/game-platform/client.ts';
import { GamePlatformError } from '#shared/game-platform/game-platform-error.ts';
import { createLog } from '#shared/kernel/log.ts';
import type { StageAccess } from './stage-access.ts';

/** What came of one call that reads. */
export type Trial =
  | { readonly kind: 'answered'; readonly isKnown: boolean }
  | { readonly kind: 'token_refused' }
  /** Why nothing is known about the token. */
  | { readonly kind: 'unknown'; readonly why: string };

/** Nobody's id: the platform looks for it, which takes a right token, and does not find it. */
export const NOBODY = 'coach-dashboard-smoke-test';

/** Reads one user with a token. Makes and changes nothing over there. */
export async function tryToken(
  { stage }: Pick<StageAccess, 'stage'>,
  token: string,
  userId: string = NOBODY,
): Promise<Trial> {
  const platform = createGamePlatformClient({
    baseUrl: stage.gamePlatformApiBaseUrl,
    token: { current: () => Promise.resolve(token), replace: () => Promise.resolve(null) },
    caller: 'operations',
    log: createLog(() => undefined),
  });
  try {
    // The id is not told in errors.
    const user = await platform.getUser(userId, { typedId: true });
    return { kind: 'answered', isKnown: user !== null };
  } catch (error) {
    if (!(error instanceof GamePlatformError)) throw error;
    return error.code === 'TOKEN_REFUSED' || error.code === 'TOKEN_MISSING'
      ? { kind: 'token_refused' }
      : { kind: 'unknown', why: error.message };
  }
}
