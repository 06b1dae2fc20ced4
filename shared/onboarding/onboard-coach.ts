import type { Coach } from '#shared/identity/identity.ts';
import { createCoachAccount, type CoachAccountDeps } from './coach-account.ts';
import { refusalOf, WRITE_RESERVE_MS, type OnboardRefusal } from './onboard-competitor.ts';

export type CoachOutcome =
  | { readonly kind: 'onboarded' | 'already'; readonly coach: Coach }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'in_progress' }
  | { readonly kind: 'refused'; readonly refusal: OnboardRefusal };

/**
 * The coach's own account on the platform, without which none of their competitors can have one. Safe to call any
 * number of times, at the same time, and after a crash anywhere. The switch for a coach's competitors is none for this.
 */
export function createOnboardCoach(
  deps: CoachAccountDeps,
): (coachId: string, remainingMs: () => number) => Promise<CoachOutcome> {
  const account = createCoachAccount(deps);
  return async (coachId, remainingMs) => {
    const coach = await deps.coachById(coachId);
    if (coach === undefined) return { kind: 'not_found' };
    if (coach.gamePlatformId !== null) return { kind: 'already', coach };
    const leftMs = () => Math.max(0, remainingMs() - WRITE_RESERVE_MS);
    const answer = await account(coach, { remainingMs, leftMs });
    deps.log.info('onboarding of a coach ended', {
      coachId,
      outcome: answer === undefined ? 'in_progress' : 'kind' in answer ? answer.code : 'onboarded',
    });
    if (answer === undefined) return { kind: 'in_progress' };
    if ('kind' in answer) return { kind: 'refused', refusal: refusalOf(answer, 'coach_alone') };
    return { kind: 'onboarded', coach: { ...coach, gamePlatformId: answer.id } };
  };
}
