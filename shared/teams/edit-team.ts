import type { Actor } from '#shared/audit/actor.ts';
import type { AuditEvents } from '#shared/competitors/competitor-changes.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { notFound, DomainError, OwnError } from '#shared/kernel/errors.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import { teamPatchSchema, type TeamCreate, type TeamPatch } from './contract.ts';
import { teamAuditEvents } from './team-audit-events.ts';
import { UNTRIED, type Team } from './team.ts';

export interface EditTeamDeps {
  /** Consistent. */
  readonly byId: (teamId: string) => Promise<Team | undefined>;
  /** All or nothing. */
  readonly create: (team: Team, auditEvents: AuditEvents) => Promise<void>;
  /** All or nothing; false when the stored version is no longer the one before this. */
  readonly change: (team: Team, auditEvents: AuditEvents) => Promise<boolean>;
  readonly now: Clock;
  readonly newId: NewId;
}

/** The fields a patch really changes; empty when the record says all of it already. */
const changedTeamFields = (team: Team, patch: TeamPatch): (keyof TeamPatch)[] =>
  teamPatchSchema
    .keyof()
    .options.filter((field) => patch[field] !== undefined && patch[field] !== team[field]);

export type MayTouch = (coachId: string) => boolean;

export const staleTeam = (current: number): DomainError =>
  new DomainError(
    'stale',
    'STALE_VERSION',
    `Someone else changed this team in the meantime: it is at version ${current} now. Load it again and repeat your change.`,
    { version: current },
  );

const hasMembers = (): DomainError =>
  new DomainError(
    'conflict',
    'TEAM_HAS_MEMBERS',
    'The team still has members. Move them to other teams or remove them, then delete it.',
  );

/** A team that coaches can see; a deleted one is only waiting for the platform. */
export async function visibleTeam(
  byId: EditTeamDeps['byId'],
  teamId: string,
  mayTouch: MayTouch,
): Promise<Team> {
  const team = await byId(teamId);
  if (team === undefined || team.wantedState === 'deleted' || !mayTouch(team.coachId)) throw notFound();
  return team;
}

/** Somebody else's change came in between, and this one does not depend on a version: it is made again. */
const ATTEMPTS = 8;

/** Making, changing and deleting teams. Each change is written with its audit events, or not at all. */
export function createEditTeam(deps: EditTeamDeps) {
  const auditEventsOf = (
    team: Team,
    change: Pick<Parameters<typeof teamAuditEvents>[0], 'kind' | 'action' | 'details'>,
    actor: Actor,
    at: string,
  ) =>
    teamAuditEvents(
      {
        ...change,
        subject: team.id,
        coachId: team.coachId,
        competitorId: null,
        details: { teamId: team.id, ...change.details },
      },
      actor,
      at,
      deps.newId,
    );

  return {
    /** A new team of this coach, with version 1, on its way to the platform. */
    async create(coachId: string, input: TeamCreate, actor: Actor): Promise<Team> {
      const at = deps.now().toISOString();
      const team: Team = {
        id: deps.newId('team'),
        version: 1,
        coachId,
        ...input,
        createdAt: at,
        updatedAt: at,
        members: [],
        ...UNTRIED,
      };
      const auditEvents = auditEventsOf(
        team,
        { kind: 'team_created', action: 'team.create', details: {} },
        actor,
        at,
      );
      await deps.create(team, auditEvents);
      return team;
    },

    /**
     * Changes what the patch names; what changes nothing leaves version and audit events alone.
     * @throws DomainError not_found, or stale with the current version
     */
    async update(
      teamId: string,
      expectedVersion: number,
      patch: TeamPatch,
      actor: Actor,
      mayTouch: MayTouch,
    ): Promise<Team> {
      const team = await visibleTeam(deps.byId, teamId, mayTouch);
      if (team.version !== expectedVersion) throw staleTeam(team.version);
      const changed = changedTeamFields(team, patch);
      if (changed.length === 0) return team;
      const at = deps.now().toISOString();
      const given = Object.fromEntries(changed.map((field) => [field, patch[field]]));
      const next: Team = { ...team, ...given, version: team.version + 1, updatedAt: at };
      const change = { kind: 'team_changed', action: 'team.update', details: { fields: changed } } as const;
      if (await deps.change(next, auditEventsOf(team, change, actor, at))) return next;
      throw staleTeam((await visibleTeam(deps.byId, teamId, mayTouch)).version);
    },

    /**
     * Gone for everybody here at once; the platform's deletion follows and blocks nobody.
     * @throws DomainError not_found, or conflict while it has members
     */
    async remove(teamId: string, actor: Actor, mayTouch: MayTouch): Promise<void> {
      for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
        const team = await visibleTeam(deps.byId, teamId, mayTouch);
        if (team.members.length > 0) throw hasMembers();
        const at = deps.now().toISOString();
        const next: Team = { ...team, wantedState: 'deleted', version: team.version + 1, updatedAt: at };
        const change = { kind: 'team_deleted', action: 'team.delete', details: {} } as const;
        if (await deps.change(next, auditEventsOf(team, change, actor, at))) return;
      }
      throw new OwnError(`Team ${teamId} was changed ${ATTEMPTS} times in a row.`);
    },
  };
}
