import type { CoachView } from '#shared/coaches/contract.ts';
import { counted } from '#shared/kernel/format.ts';

/** The coaches in words, and which of them a filter lets through; pure. */

interface CoachFilterOption {
  readonly id: string;
  readonly text: string;
  readonly holds: (coach: CoachView) => boolean;
}

const ALL: CoachFilterOption = { id: 'all', text: 'All', holds: () => true };

const FILTERS: readonly CoachFilterOption[] = [
  ALL,
  {
    id: 'no-account',
    text: 'No account of their own',
    holds: (coach) => coach.enabled && coach.gamePlatformId === null,
  },
  { id: 'no-onboarding', text: 'Onboarding off', holds: (coach) => !coach.features.onboarding },
  { id: 'off', text: 'Switched off', holds: (coach) => !coach.enabled },
];

export const coachFilterOf = (id: string | null): CoachFilterOption =>
  FILTERS.find((filter) => filter.id === id) ?? ALL;

export const countedCoachFilters = (coaches: readonly CoachView[]) =>
  FILTERS.map(({ id, text, holds }) => ({ id, text, count: coaches.filter(holds).length }));

/** `12 in all: 11 can sign in, 10 can add competitors, 2 without their own account`. */
export function coachesSummary(coaches: readonly CoachView[]): string {
  const count = (holds: (coach: CoachView) => boolean) => coaches.filter(holds).length;
  const signIn = count(({ enabled }) => enabled);
  const onboarding = count(({ enabled, features }) => enabled && features.onboarding);
  const without = count(({ enabled, gamePlatformId }) => enabled && gamePlatformId === null);
  return `${counted(coaches.length, 'coach', 'coaches')}: ${signIn} can sign in, ${onboarding} can add competitors, ${without} without their own account`;
}
