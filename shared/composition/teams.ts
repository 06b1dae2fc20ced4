import { createActivityRepository } from '#shared/audit/activity-repository.ts';
import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import type { AuditEvents } from '#shared/competitors/competitor-changes.ts';
import type { CompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { sleepFor, type Clock } from '#shared/kernel/clock.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import { runningEvent } from '#shared/score-sync/flash-event-state.ts';
import { createFlashRepository } from '#shared/score-sync/flash-repository.ts';
import { transactWrite, lostRace, type Table } from '#shared/table/table.ts';
import { createChangeMembership } from '#shared/teams/change-membership.ts';
import { createEditTeam } from '#shared/teams/edit-team.ts';
import { createRecreateTeam } from '#shared/teams/recreate-team.ts';
import { createRosterRepository } from '#shared/teams/rosters/roster-repository.ts';
import type { TeamRepository } from '#shared/teams/team-repository.ts';

/** False instead of the error that says that somebody else saved first. */
export async function unlessChanged(write: Promise<void>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    // Met another transaction too often, or another version: either way it has to be decided anew.
    if (lostRace(error)) return false;
    throw error;
  }
}

/** Edits of teams and of who is on them, on the table. */
export function createDynamoTeams(options: {
  readonly table: Table;
  readonly competitors: Pick<CompetitorRepository, 'byId' | 'byIds' | 'updateItems'>;
  readonly teams: Pick<
    TeamRepository,
    'byId' | 'createTransaction' | 'changeTransaction' | 'recreateTransaction'
  >;
  readonly now: Clock;
  readonly newId: NewId;
}) {
  const { table, competitors, teams, now, newId } = options;
  const activity = createActivityRepository(table);
  const audit = createAuditRepository(table);
  const rosters = createRosterRepository(table);
  const flash = createFlashRepository(table);
  const teamById = (id: string) => teams.byId(id, { consistent: true });
  const traceItems = async (auditEvents: AuditEvents) => [
    ...(await activity.appendTeamEdit(auditEvents.activity)),
    await audit.appendTransaction(auditEvents.audit),
  ];
  return {
    edit: createEditTeam({
      byId: teamById,
      create: async (team, auditEvents) =>
        transactWrite(table, [teams.createTransaction(team), ...(await traceItems(auditEvents))]),
      change: async (team, auditEvents) =>
        unlessChanged(
          transactWrite(table, [teams.changeTransaction(team), ...(await traceItems(auditEvents))]),
        ),
      now,
      newId,
    }),
    recreate: createRecreateTeam({
      byId: teamById,
      request: async (team, at, auditEvents) =>
        unlessChanged(
          transactWrite(table, [teams.recreateTransaction(team, at), ...(await traceItems(auditEvents))]),
        ),
      eventRuns: async () => runningEvent(await flash.events(), now()) !== undefined,
      now,
      newId,
    }),
    members: createChangeMembership({
      teamById,
      competitorById: (id) => competitors.byId(id, { consistent: true }),
      competitorsByIds: (ids) => competitors.byIds(ids, { consistent: true }),
      save: async ({ edits, teams: changed, at, by }) => {
        const items = await Promise.all(
          edits.map(async ({ competitor, auditEvents }) => [
            ...competitors.updateItems(competitor),
            rosters.wantTransaction(competitor, { at, by }),
            ...(await traceItems(auditEvents)),
          ]),
        );
        return unlessChanged(
          transactWrite(table, [...changed.map(teams.changeTransaction), ...items.flat()]),
        );
      },
      now,
      newId,
      sleep: sleepFor,
      random: Math.random,
    }),
  };
}
