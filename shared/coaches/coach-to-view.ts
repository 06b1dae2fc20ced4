import type { Coach } from '#shared/identity/identity.ts';
import type { CoachView } from './contract.ts';

/** @param competitors how many people the coach has */
export const coachToView = (coach: Coach, competitors: number): CoachView => ({
  id: coach.id,
  name: coach.name,
  email: coach.email,
  school: coach.school,
  enabled: coach.enabled,
  competitors,
  features: coach.features,
  gamePlatformId: coach.gamePlatformId,
});
