import { competitorSchema } from '#shared/competitors/competitor.ts';
import { keys } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import { batchGetAll, type Table } from '#shared/table/table.ts';
import { createRosterRepository } from './rosters/roster-repository.ts';
import type { TeamRelatedRecords } from './team-to-view.ts';
import type { Team } from './team.ts';

export interface TeamRelatedRecordsRepository {
  /** Members and those who leave, and how far the platform has them; members are read consistently. */
  readonly of: (teams: readonly Team[]) => Promise<TeamRelatedRecords>;
}

export function createTeamRelatedRecordsRepository(table: Table): TeamRelatedRecordsRepository {
  const rosters = createRosterRepository(table);
  return {
    async of(teams) {
      const coachIds = [...new Set(teams.map((team) => team.coachId))];
      const teamIds = new Set(teams.map((team) => team.id));
      const members = [...new Set(teams.flatMap((team) => team.members))];
      const [ofCoaches, ofMembers] = await Promise.all([
        Promise.all(coachIds.map(rosters.ofCoach)),
        rosters.ofCompetitors(members),
      ]);
      const entries = new Map(ofCoaches.flat().map((entry) => [entry.competitorId, entry]));
      for (const [id, entry] of ofMembers) entries.set(id, entry);
      const leaving = [...entries.values()].filter(({ confirmedTeamId, doubtTeamId, wantedTeamId }) =>
        [confirmedTeamId, doubtTeamId].some((id) => id !== null && id !== wantedTeamId && teamIds.has(id)),
      );
      const ids = [...new Set([...members, ...leaving.map((entry) => entry.competitorId)])];
      const items = await batchGetAll(table, ids.map(keys.competitor), { consistent: true });
      const people = items.map((item) => parseRow(competitorSchema, 'competitor', item));
      return { people: new Map(people.map((person) => [person.id, person])), entries };
    },
  };
}
