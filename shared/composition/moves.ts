import { createActivityRepository } from '#shared/audit/activity-repository.ts';
import type { Actor } from '#shared/audit/actor.ts';
import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { createRollupRepository } from '#shared/dashboard/rollups/rollup-repository.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { sleepFor, type Clock } from '#shared/kernel/clock.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import type { MoveWorkerDeps } from '#shared/moves/move-worker.ts';
import { createHandOverRepository } from '#shared/score-sync/hand-over-repository.ts';
import { transactWrite, type Table, type TransactItem } from '#shared/table/table.ts';
import type { RosterWakeUp } from '#shared/teams/rosters/roster-entry.ts';
import { createRosterRepository } from '#shared/teams/rosters/roster-repository.ts';
import { teamAuditEvents } from '#shared/teams/team-audit-events.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';
import type { Team } from '#shared/teams/team.ts';
import { unlessChanged } from './teams.ts';

/** A team that somebody leaves, to be written. */
export const withoutMember = (team: Team, competitorId: string, at: string): Team => ({
  ...team,
  members: team.members.filter((id) => id !== competitorId),
  version: team.version + 1,
  updatedAt: at,
});

/** What the worker of moves needs, on the table. Every step is one transaction with what both coaches are told of it. */
export function createDynamoMoves(options: {
  readonly table: Table;
  readonly wakeUpRosters: (wakeUps: readonly RosterWakeUp[]) => Promise<void>;
  readonly now: Clock;
  readonly newId: NewId;
  readonly sleep?: (ms: number) => Promise<void>;
}): MoveWorkerDeps {
  const { table, wakeUpRosters, now, newId } = options;
  const competitors = createCompetitorRepository(table);
  const teams = createTeamRepository(table);
  const rosters = createRosterRepository(table);
  const activity = createActivityRepository(table);
  const audit = createAuditRepository(table);
  const jobs = createJobRepository(table);
  const rollups = createRollupRepository(table);
  const handOver = createHandOverRepository(table);

  interface Told {
    readonly subject: string;
    readonly competitorId: string | null;
    readonly fromCoachId: string;
    readonly toCoachId: string;
    readonly actor: Actor;
    readonly at: string;
  }

  /** The line and the audit entry of each of the two coaches. */
  async function toldItems(
    kinds:
      | readonly ['competitor_moved_away', 'competitor_moved_here']
      | readonly ['team_moved_away', 'team_moved_here'],
    action: string,
    { subject, competitorId, fromCoachId, toCoachId, actor, at }: Told,
    left: Team | null,
  ): Promise<TransactItem[]> {
    const [away, here] = kinds;
    const team = competitorId === null ? { teamId: subject } : {};
    const ofCoach = (kind: typeof away | typeof here, coachId: string, details: Record<string, string>) =>
      teamAuditEvents({ kind, action, subject, coachId, competitorId, details }, actor, at, newId);
    const ids = { fromCoachId, toCoachId };
    const before = ofCoach(away, fromCoachId, {
      ...ids,
      ...team,
      ...(left === null ? {} : { teamId: left.id }),
    });
    const after = ofCoach(here, toCoachId, { ...ids, ...team });
    return [
      ...(left === null
        ? [await activity.appendTransaction(before.activity)]
        : await activity.appendTeamEdit(before.activity)),
      await activity.appendTransaction(after.activity),
      await audit.appendTransaction(before.audit),
      await audit.appendTransaction(after.audit),
    ];
  }

  /** The roster entry under the new coach; with the wish to be on no team, of somebody who leaves theirs. */
  async function rosterItems(moved: Competitor, leaves: boolean, at: string, by: string) {
    if (leaves) return [rosters.wantTransaction(moved, { at, by })];
    const entry = await rosters.byId(moved.id);
    return entry === undefined ? [] : [rosters.ownerTransaction(moved)];
  }

  return {
    byIds: (ids) => competitors.byIds(ids, { consistent: true }),
    teamsByIds: (ids) => teams.byIds(ids, { consistent: true }),
    rowsOf: (jobId, subjects) => jobs.rowsOf(jobId, subjects),
    saveRows: (jobId, rows) => jobs.saveRows(jobId, rows),

    async moveTeam(team, toCoachId, actor, at) {
      const told = { subject: team.id, competitorId: null, fromCoachId: team.coachId, toCoachId, actor, at };
      return unlessChanged(
        transactWrite(table, [
          teams.ownerTransaction({ ...team, coachId: toCoachId, version: team.version + 1, updatedAt: at }),
          ...(await toldItems(['team_moved_away', 'team_moved_here'], 'team.move', told, null)),
        ]),
      );
    },

    async movePerson({ person, leaves, toCoachId, actor, at }, jobId, row) {
      const moved: Competitor = {
        ...person,
        coachId: toCoachId,
        ...(leaves === null ? {} : { teamId: null, teamJoinedAt: null }),
        version: person.version + 1,
        updatedAt: at,
      };
      const { id } = person;
      const told = { subject: id, competitorId: id, fromCoachId: person.coachId, toCoachId, actor, at };
      return unlessChanged(
        transactWrite(table, [
          ...competitors.updateItems(moved),
          ...(await rosterItems(moved, leaves !== null, at, actor.sub)),
          ...(await handOver.headItems(moved)),
          ...(leaves === null ? [] : [teams.changeTransaction(withoutMember(leaves, id, at))]),
          ...(await toldItems(
            ['competitor_moved_away', 'competitor_moved_here'],
            'competitor.move',
            told,
            leaves,
          )),
          jobs.rowTransaction(jobId, id, row),
        ]),
      );
    },

    followRows: handOver.followRows,

    wakeUp: (ids) => wakeUpRosters(ids.map((competitorId) => ({ kind: 'roster', competitorId }))),

    async forgetSums(coachIds) {
      for (const id of coachIds) await rollups.forget(id);
    },

    now,
    sleep: options.sleep ?? sleepFor,
  };
}
