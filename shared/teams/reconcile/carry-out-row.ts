import type { RosterEntry } from '../rosters/roster-entry.ts';
import type { PlanRow } from './roster-plan.ts';

export interface CarryOutRowDeps {
  readonly entries: {
    /** Consistent. */
    readonly byId: (competitorId: string) => Promise<RosterEntry | undefined>;
    readonly repair: (observation: Observation) => Promise<boolean>;
    readonly repairErased: (observation: Observation, platformId: string) => Promise<boolean>;
  };
  /** Takes a deactivated person off their team here, too; false when they were changed meanwhile. */
  readonly takeOff: (
    observation: Observation & { readonly seen: NonNullable<PlanRow['seen']> },
  ) => Promise<boolean>;
}

interface Observation {
  readonly competitorId: string;
  readonly coachId: string;
  readonly thereTeamId: string | null;
  readonly seen: PlanRow['seen'];
  readonly planId: string;
  readonly at: Date;
}

/**
 * Puts down what the platform showed, whereupon the roster worker drives the difference as it drives any edit: scores
 * read before a removal, one call after another, doubt first. Done twice it is done once; `changed`: somebody edited
 * the roster since the plan, which is then left alone.
 */
export function createCarryOutRow(
  deps: CarryOutRowDeps,
): (row: PlanRow, planId: string, at: Date) => Promise<'handedOver' | 'changed'> {
  return async (row, planId, at) => {
    const { competitorId, coachId, fromTeamId: thereTeamId, seen } = row;
    const observation = { competitorId, coachId, thereTeamId, seen, planId, at };
    const carriedOut =
      row.why === 'erased'
        ? await deps.entries.repairErased(observation, row.platformId)
        : row.why === 'deactivated' && seen !== null && seen.wantedTeamId !== null
          ? await deps.takeOff({ ...observation, seen })
          : await deps.entries.repair(observation);
    if (carriedOut) return 'handedOver';
    return (await deps.entries.byId(competitorId))?.repairedBy === planId ? 'handedOver' : 'changed';
  };
}
