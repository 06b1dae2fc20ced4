import type { RosterPlanView } from '#shared/rosters/roster-plan-view.ts';

/** Changes that wait for an admin's answer; counted in the navigation. */
export const waitsForAdmin = (plan: RosterPlanView | null | undefined): number =>
  plan?.status === 'stopped' && plan.confirmed === null ? plan.confirmable.all : 0;
