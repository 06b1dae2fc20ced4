import type { GamePlatform } from '#shared/game-platform/game-platform.ts';
import type { Coach } from '#shared/identity/identity.ts';
import { coachAccountRequest } from './account-requests.ts';
import { ensurePlatformAccount, type AccountAnswer } from './platform-account.ts';
import { createRunAlone, type RunAloneDeps } from './run-alone.ts';

export interface CoachAccountDeps extends RunAloneDeps {
  /** Consistent. */
  readonly coachById: (coachId: string) => Promise<Coach | undefined>;
  /** Keeps the id of the coach's own account; does nothing when it is kept already. */
  readonly confirmCoachAccount: (coachId: string, gamePlatformId: string) => Promise<void>;
  readonly platform: Pick<GamePlatform, 'getUser' | 'createUser'>;
}

export interface TimeLeft {
  /** Milliseconds until the function is ended. */
  readonly remainingMs: () => number;
  /** Milliseconds that may still be spent on calls. */
  readonly leftMs: () => number;
}

/**
 * The id of the coach's own account, made if there is none; the platform's refusal; undefined when somebody else is
 * making it right now. One attempt at a time, under a lease that the rosters' work takes as well.
 */
export function createCoachAccount(
  deps: CoachAccountDeps,
): (
  coach: Coach,
  time: TimeLeft,
) => Promise<{ readonly id: string } | Extract<AccountAnswer, { kind: 'refused' }> | undefined> {
  const alone = createRunAlone(deps);
  return async (coach, { remainingMs, leftMs }) => {
    const known = async () => {
      const id = (await deps.coachById(coach.id))?.gamePlatformId ?? null;
      return id === null ? undefined : { id };
    };
    if (coach.gamePlatformId !== null) return { id: coach.gamePlatformId };
    return alone(`onboard#coach#${coach.id}`, remainingMs, known, async (startCooldown) => {
      const already = await known();
      if (already !== undefined) return already;
      const answer = await ensurePlatformAccount(deps.platform, coachAccountRequest(coach), leftMs);
      if (answer.kind === 'refused') {
        if (answer.mayStillRun) startCooldown();
        return answer;
      }
      await deps.confirmCoachAccount(coach.id, answer.user.syned_user_id);
      return { id: answer.user.syned_user_id };
    });
  };
}
