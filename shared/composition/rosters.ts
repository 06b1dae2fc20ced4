import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import type { GamePlatform } from '#shared/game-platform/game-platform.ts';
import { createReadingRepository } from '#shared/game-platform/reading-repository.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import { goFirst } from '#shared/score-sync/read-alone.ts';
import { createSyncStateRepository } from '#shared/score-sync/sync-state-repository.ts';
import { createLeaseRepository } from '#shared/table/lease-repository.ts';
import type { Table } from '#shared/table/table.ts';
import { createDriveCompetitor, type DriveCompetitorDeps } from '#shared/teams/rosters/drive-competitor.ts';
import { createDriveTeam } from '#shared/teams/rosters/drive-team.ts';
import { createRosterRepository } from '#shared/teams/rosters/roster-repository.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';

/** What drives teams and members to what is wanted, on the table. */
export function createDynamoRosters(options: {
  readonly table: Table;
  readonly platform: Pick<
    GamePlatform,
    | 'getUser'
    | 'createUser'
    | 'createTeam'
    | 'deleteTeam'
    | 'assignTeam'
    | 'deleteAssignment'
    | 'getTeamAssignments'
  >;
  readonly readScores: DriveCompetitorDeps['readScores'];
  readonly onEdit: DriveCompetitorDeps['onEdit'];
  readonly now: Clock;
  readonly newId: NewId;
  readonly sleep?: (ms: number) => Promise<void>;
}) {
  const { table, platform, readScores, onEdit, now, newId, sleep } = options;
  const teams = createTeamRepository(table);
  const competitors = createCompetitorRepository(table);
  const { coaches } = createIdentityRepository(table);
  const leases = createLeaseRepository(table);
  const teamById = (id: string) => teams.byId(id, { consistent: true });
  const entries = createRosterRepository(table);
  const syncStates = createSyncStateRepository(table);
  const driveTeam = createDriveTeam({
    teams: { byId: teamById, saveProgress: teams.saveProgress, remove: teams.remove },
    membersThere: async (team) => {
      // Who left may be known from the index alone, which is a moment old; members are read as they are.
      const [members, ofCoach] = await Promise.all([
        entries.ofCompetitors(team.members),
        entries.ofCoach(team.coachId),
      ]);
      const all = new Map(ofCoach.map((entry) => [entry.competitorId, entry]));
      for (const [id, entry] of members) all.set(id, entry);
      // Somebody who left for another coach is on that coach's list, and waits until the platform has followed.
      for await (const entry of entries.allPending())
        if (!all.has(entry.competitorId)) all.set(entry.competitorId, entry);
      return [...all.values()]
        .filter(({ confirmedTeamId, doubtTeamId }) => [confirmedTeamId, doubtTeamId].includes(team.id))
        .map(({ competitorId }) => competitorId);
    },
    wake: entries.wake,
    coachById: coaches.byId,
    confirmCoachAccount: coaches.confirmPlatformAccount,
    platform,
    leases,
    now,
    newId,
  });
  const driveCompetitor = createDriveCompetitor({
    entries,
    competitorById: (id) => competitors.byId(id, { consistent: true }),
    teams: {
      byId: teamById,
      forget: async (id) => {
        await teams.saveProgress(id, { platform: null }, now().toISOString());
      },
    },
    driveTeam,
    platform,
    readScores,
    leases,
    turns: goFirst({ readings: createReadingRepository(table), now, sleep }),
    onEdit,
    followTeam: (competitorId, teamId) => syncStates.followTeam(competitorId, teamId),
    now,
    newId,
  });
  return { driveTeam, driveCompetitor };
}
