import { createActivityRepository } from '#shared/audit/activity-repository.ts';
import {
  CompetitorChangedError,
  createCompetitorRepository,
} from '#shared/competitors/competitor-repository.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import { runningEvent } from '#shared/score-sync/flash-event-state.ts';
import { createFlashRepository } from '#shared/score-sync/flash-repository.ts';
import { lostRace, type Table } from '#shared/table/table.ts';
import { createCarryOutRow, type CarryOutRowDeps } from '#shared/teams/reconcile/carry-out-row.ts';
import type { ReconcileWorkerDeps } from '#shared/teams/reconcile/reconcile-worker.ts';
import { createRosterPictureRepository } from '#shared/teams/rosters/roster-picture-repository.ts';
import { createRosterPlanRepository } from '#shared/teams/rosters/roster-plan-repository.ts';
import { createRosterRepository } from '#shared/teams/rosters/roster-repository.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';

/** Takes a deactivated person off their team here, and puts down where the platform has them: all or nothing. */
function createDynamoTakeOff(table: Table, newId: NewId): CarryOutRowDeps['takeOff'] {
  const competitors = createCompetitorRepository(table);
  const teams = createTeamRepository(table);
  const rosters = createRosterRepository(table);
  const activity = createActivityRepository(table);
  return async (observation) => {
    const { competitorId, at, planId } = observation;
    const competitor = await competitors.byId(competitorId, { consistent: true });
    if (competitor === undefined || competitor.active) return false;
    const { teamId, coachId } = competitor;
    if (teamId === null || teamId !== observation.seen.wantedTeamId) return false;
    const team = await teams.byId(teamId, { consistent: true });
    if (team === undefined) return false;
    const updatedAt = at.toISOString();
    try {
      await competitors.update(
        { ...competitor, teamId: null, teamJoinedAt: null, version: competitor.version + 1, updatedAt },
        [
          teams.changeTransaction({
            ...team,
            members: team.members.filter((id) => id !== competitorId),
            version: team.version + 1,
            updatedAt,
          }),
          rosters.repairTransaction(observation),
          ...(await activity.appendTeamEdit({
            id: newId('act'),
            coachId,
            at: updatedAt,
            kind: 'member_removed',
            actor: `job:${planId}`,
            competitorId,
            details: { teamId, because: 'deactivated' },
          })),
        ],
      );
      return true;
    } catch (error) {
      if (error instanceof CompetitorChangedError || lostRace(error)) return false;
      throw error;
    }
  };
}

/** What the reconciliation's worker needs, on the table. */
export function createDynamoReconcile(
  table: Table,
  newId: NewId,
  now: Clock,
): Pick<ReconcileWorkerDeps, 'picture' | 'runningEvent' | 'plans' | 'carryOut' | 'now'> {
  const flash = createFlashRepository(table);
  return {
    picture: createRosterPictureRepository(table),
    runningEvent: async () => runningEvent(await flash.events(), now()),
    plans: createRosterPlanRepository(table),
    carryOut: createCarryOutRow({
      entries: createRosterRepository(table),
      takeOff: createDynamoTakeOff(table, newId),
    }),
    now,
  };
}
