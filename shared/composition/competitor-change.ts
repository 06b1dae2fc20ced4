import { createActivityRepository } from '#shared/audit/activity-repository.ts';
import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import {
  CompetitorChangedError,
  createCompetitorRepository,
} from '#shared/competitors/competitor-repository.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { onHold } from '#shared/competitors/consent.ts';
import type { UpdateCompetitorDeps } from '#shared/competitors/update-competitor.ts';
import { readingChange } from '#shared/score-sync/score-items.ts';
import type { Table, TransactItem } from '#shared/table/table.ts';
import { createRosterRepository } from '#shared/teams/rosters/roster-repository.ts';

/**
 * Saves a changed competitor with its audit events, with whether scores are read from now on, and, when a hold is
 * lifted, with the team that waited for that: all or nothing.
 */
export function createDynamoCompetitorChange(table: Table): UpdateCompetitorDeps['update'] {
  const competitors = createCompetitorRepository(table);
  const activity = createActivityRepository(table);
  const audit = createAuditRepository(table);
  const rosters = createRosterRepository(table);
  const teamThatWaited = async (competitor: Competitor): Promise<TransactItem[]> => {
    const entry = competitor.teamId === null ? undefined : await rosters.byId(competitor.id);
    return entry === undefined || entry.wantedTeamId === entry.confirmedTeamId
      ? []
      : [rosters.accountTransaction(competitor, competitor.updatedAt)];
  };
  return async (competitor, auditEvents, before) => {
    const lifted = onHold(before) !== null && onHold(competitor) === null;
    try {
      await competitors.update(competitor, [
        await activity.appendTransaction(auditEvents.activity),
        await audit.appendTransaction(auditEvents.audit),
        ...readingChange(table, before, competitor),
        ...(lifted ? await teamThatWaited(competitor) : []),
      ]);
      return true;
    } catch (error) {
      if (error instanceof CompetitorChangedError) return false;
      throw error;
    }
  };
}
