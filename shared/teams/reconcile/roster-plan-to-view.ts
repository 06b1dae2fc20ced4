import type { RosterPlanRow, RosterPlanView } from '../contract.ts';
import type { RosterEntry } from '../rosters/roster-entry.ts';
import { guardLines } from './plan-words.ts';
import {
  goesOnByItself,
  inScope,
  SHOWN_OF_EACH,
  type PlanRow,
  type RosterPlanRecord,
} from './roster-plan.ts';

/** What a plan's view is made of beside the plan. */
export interface PlanRelatedRecords {
  /** False when a later plan took its place. */
  readonly isLatest: boolean;
  readonly entries: ReadonlyMap<string, RosterEntry>;
  /** Names by id; who was erased has none. */
  readonly names: ReadonlyMap<string, string>;
  readonly teamNames: ReadonlyMap<string, string>;
  /** Of all solves we keep; who has none yet is left out. */
  readonly points: ReadonlyMap<string, number>;
  /** Of who confirmed it; null when nobody did, or they are gone. */
  readonly confirmedBy: string | null;
}

const settled = (entry: RosterEntry): boolean =>
  entry.wantedTeamId === entry.confirmedTeamId && entry.doubtTeamId === null;

const editedSince = ({ seen }: PlanRow, entry: RosterEntry | undefined): boolean => {
  if (seen === null || entry === undefined) return (seen === null) !== (entry === undefined);
  return (
    entry.wantedAt !== seen.wantedAt ||
    entry.wantedTeamId !== seen.wantedTeamId ||
    entry.confirmedTeamId !== seen.confirmedTeamId ||
    entry.doubtTeamId !== seen.doubtTeamId
  );
};

/** How far one row is, from the plan and the person's entry: nothing about it is kept in the plan itself. */
export function rowState(
  plan: Pick<RosterPlanRecord, 'id' | 'dryRun' | 'confirmed'>,
  row: PlanRow,
  entry: RosterEntry | undefined,
): RosterPlanRow['state'] {
  const { confirmed } = plan;
  const released = confirmed !== null && inScope(row, confirmed.scope);
  const isReleased = released || goesOnByItself(plan, row);
  if (entry?.repairedBy === plan.id) return settled(entry) ? 'done' : 'handed_over';
  // The entry of an erased person goes once they are off their team there.
  if (row.why === 'erased' && entry === undefined && isReleased) return 'done';
  const through = released && confirmed.carriedOutAt !== null;
  if (editedSince(row, entry) || through) return 'changed';
  return isReleased || row.heldBy === null ? 'planned' : 'held';
}

/** How far a plan is; `stopped`: a guard holds some of it until an admin releases it. */
export function planStatus(plan: RosterPlanRecord, isLatest: boolean): RosterPlanView['status'] {
  const { counts, confirmed, dryRun } = plan;
  if (!isLatest) return 'outdated';
  if (counts.add + counts.move + counts.remove === 0) return 'in_step';
  if (confirmed?.scope === 'all') return 'applied';
  if (dryRun && confirmed === null) return 'drawn';
  return counts.held > 0 ? 'stopped' : 'applied';
}

export function rosterPlanToView(
  plan: RosterPlanRecord,
  rows: readonly PlanRow[],
  around: PlanRelatedRecords,
): RosterPlanView {
  const teamOf = (teamId: string | null) =>
    teamId === null ? null : { teamId, name: around.teamNames.get(teamId) ?? 'a team that was deleted here' };
  const shown = { add: 0, move: 0, remove: 0 };
  const views = rows.flatMap((row): RosterPlanRow[] => {
    shown[row.action] += 1;
    if (shown[row.action] > SHOWN_OF_EACH) return [];
    const { competitorId, coachId, action, why, emptiesTeam, heldBy } = row;
    return [
      {
        competitorId,
        name: around.names.get(competitorId) ?? null,
        coachId,
        action,
        from: teamOf(row.fromTeamId),
        to: teamOf(row.toTeamId),
        why,
        points: around.points.get(competitorId) ?? null,
        emptiesTeam,
        heldBy,
        state: rowState(plan, row, around.entries.get(competitorId)),
      },
    ];
  });
  const { id, jobId, drawnAt, dryRun, assignmentsThere, assignmentsHere, counts, confirmed } = plan;
  const open = confirmed === null && around.isLatest;
  return {
    id,
    jobId,
    drawnAt,
    dryRun,
    status: planStatus(plan, around.isLatest),
    assignmentsThere,
    assignmentsHere,
    counts,
    guards: guardLines(plan, {
      teamNames: around.teamNames,
      changed: views.filter(({ state }) => state === 'changed').length,
    }),
    rows: views,
    unknown: plan.unknown,
    confirmable: open ? plan.confirmable : { safe: 0, all: 0 },
    removals: open ? plan.removals : 0,
    confirmed:
      confirmed === null
        ? null
        : {
            at: confirmed.at,
            by: around.confirmedBy ?? confirmed.by,
            reason: confirmed.reason,
            scope: confirmed.scope,
          },
  };
}
