import type { Coach } from '#shared/identity/identity.ts';

/**
 * The gradual roll-out: whether competitors of this coach may be put on the platform, by whomever. Everything that
 * does so asks here.
 */
export const mayOnboard = (coach: Pick<Coach, 'features'>): boolean => coach.features.onboarding;

export const NOT_ENABLED_WORDS =
  'The program has not switched this on for this coach yet. An admin can do so in the list of coaches.';
