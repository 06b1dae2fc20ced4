import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import {
  CompetitorChangedError,
  createCompetitorRepository,
} from '#shared/competitors/competitor-repository.ts';
import { createImportRepository } from '#shared/competitors/import/import-repository.ts';
import type { DeleteCompetitorDeps } from '#shared/competitors/privacy/delete-competitor.ts';
import { createErasureRepository } from '#shared/competitors/privacy/erasure-repository.ts';
import type { ErasureWorkerDeps } from '#shared/competitors/privacy/erasure-worker.ts';
import {
  createPersonRepository,
  type PersonRepository,
} from '#shared/competitors/privacy/person-repository.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { sleepFor, type Clock } from '#shared/kernel/clock.ts';
import { createSyncStateRepository } from '#shared/score-sync/sync-state-repository.ts';
import { lostRace, type Table } from '#shared/table/table.ts';
import { createRosterRepository } from '#shared/teams/rosters/roster-repository.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';

/**
 * The transaction of a deletion: profile, names, tombstone, the team's list of members, what is left of the roster
 * entry, job and audit line.
 */
export function createDynamoErase(table: Table): DeleteCompetitorDeps['erase'] {
  const competitors = createCompetitorRepository(table);
  const teams = createTeamRepository(table);
  const jobs = createJobRepository(table);
  const audit = createAuditRepository(table);
  const rosters = createRosterRepository(table);
  return async (competitor, records) => {
    const { erasedAt } = records.tombstone;
    const team =
      competitor.teamId === null ? undefined : await teams.byId(competitor.teamId, { consistent: true });
    const { gamePlatformId } = competitor;
    const entry = gamePlatformId === null ? undefined : await rosters.byId(competitor.id);
    const onTeam = team?.members.includes(competitor.id) === true;
    try {
      await competitors.erase(competitor, records.tombstone, [
        jobs.createTransaction(records.job),
        await audit.appendTransaction(records.audit),
        ...(team !== undefined && onTeam
          ? [
              teams.changeTransaction({
                ...team,
                members: team.members.filter((id) => id !== competitor.id),
                version: team.version + 1,
                updatedAt: erasedAt,
              }),
            ]
          : []),
        ...(gamePlatformId === null || entry === undefined
          ? []
          : [rosters.eraseTransaction(competitor.id, gamePlatformId, erasedAt)]),
      ]);
      return true;
    } catch (error) {
      // The competitor or the team was changed meanwhile: read again.
      if (error instanceof CompetitorChangedError || lostRace(error)) return false;
      throw error;
    }
  };
}

/** Everything that is kept about one person, wherever it lies. */
export function createDynamoPersonRepository(table: Table): PersonRepository {
  const syncStates = createSyncStateRepository(table);
  return createPersonRepository(table, async (competitorId) => {
    const state = (await syncStates.byIds([competitorId])).get(competitorId);
    return state && { lastReadAt: state.lastReadAt, lastFlashReadAt: state.lastFlashReadAt };
  });
}

/** What the erasure's worker needs, on the table. */
export function createDynamoErasure(table: Table, now: Clock): ErasureWorkerDeps {
  const imports = createImportRepository(table);
  const rows = createDynamoPersonRepository(table);
  return {
    erasure: createErasureRepository(table, rows),
    async coachesOf(competitorId) {
      const coachIds = new Set<string>();
      for await (const { coachId } of rows.activityAbout(competitorId))
        if (typeof coachId === 'string') coachIds.add(coachId);
      return [...coachIds];
    },
    uploadsOf: imports.ofCoach,
    removeUpload: imports.remove,
    now,
    sleep: sleepFor,
  };
}
