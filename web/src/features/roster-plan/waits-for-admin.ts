import type { RosterPlanView } from '#shared/teams/contract.ts';

/** Changes that only an admin can release; counted in the navigation. What waits for an event's end goes by itself. */
export const waitsForAdmin = (plan: RosterPlanView | null | undefined): number =>
  plan?.confirmed === null
    ? plan.rows.filter(({ state, heldBy }) => state === 'held' && heldBy !== 'event_running').length
    : 0;
