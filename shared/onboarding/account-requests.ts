import type { Competitor } from '#shared/competitors/competitor.ts';
import type { UserCreate } from '#shared/game-platform/vendor-contract.ts';
import type { Coach } from '#shared/identity/identity.ts';

/** Our ids are what the platform knows people by, so that an attempt that broke off is found again. */
export function coachAccountRequest(coach: Coach): UserCreate {
  const words = coach.name.trim().split(/\s+/);
  const last = words.at(-1) ?? '';
  return {
    first_name: words.length > 1 ? words.slice(0, -1).join(' ') : last,
    last_name: last,
    email: coach.email,
    role: 'coach',
    syned_user_id: coach.id,
  };
}

/** @param coachPlatformId the id that the platform knows the coach by */
export function competitorAccountRequest(competitor: Competitor, coachPlatformId: string): UserCreate {
  return {
    first_name: competitor.firstName,
    last_name: competitor.lastName,
    email: competitor.email ?? '',
    role: 'user',
    syned_user_id: competitor.id,
    syned_coach_user_id: coachPlatformId,
  };
}
