import type { Actor } from '#shared/audit/actor.ts';
import type { AuditEvents } from '#shared/competitors/competitor-changes.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { DomainError, OwnError } from '#shared/kernel/errors.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import { visibleTeam, type MayTouch } from './edit-team.ts';
import { driftOf } from './team-drift.ts';
import { teamAuditEvents } from './team-audit-events.ts';
import type { Team } from './team.ts';

export interface RecreateTeamDeps {
  /** Consistent. */
  readonly byId: (teamId: string) => Promise<Team | undefined>;
  /** All or nothing; false when the stored version is no longer this one, or the platform lost the team. */
  readonly request: (team: Team, at: string, auditEvents: AuditEvents) => Promise<boolean>;
  /** Whether a Flash CTF is on: nobody is taken off a team meanwhile. */
  readonly eventRuns: () => Promise<boolean>;
  readonly now: Clock;
  readonly newId: NewId;
}

const noDrift = (): DomainError =>
  new DomainError(
    'conflict',
    'NO_DRIFT',
    'The platform has this team as it is here, or does not have it yet. There is nothing to recreate.',
  );

const eventRunning = (): DomainError =>
  new DomainError(
    'conflict',
    'EVENT_RUNNING',
    'A Flash CTF is running, and members are off the team for a moment while it is recreated. Do it afterwards.',
  );

const ATTEMPTS = 8;

/**
 * Asks for a team that was changed here to be recreated over there: its members are taken off, it is deleted, created
 * with today's name, and they are put back. A team that is being recreated stays as it is.
 * @throws DomainError not_found, or conflict `NO_DRIFT`, `EVENT_RUNNING`
 */
export function createRecreateTeam(
  deps: RecreateTeamDeps,
): (teamId: string, actor: Actor, mayTouch: MayTouch) => Promise<Team> {
  return async (teamId, actor, mayTouch) => {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const team = await visibleTeam(deps.byId, teamId, mayTouch);
      if (team.recreate !== null) return team;
      const drift = driftOf(team);
      if (drift === null) throw noDrift();
      if (await deps.eventRuns()) throw eventRunning();
      const at = deps.now().toISOString();
      const auditEvents = teamAuditEvents(
        {
          kind: 'team_recreated',
          action: 'team.recreate',
          subject: team.id,
          coachId: team.coachId,
          competitorId: null,
          details: { teamId: team.id, fields: drift.fields },
        },
        actor,
        at,
        deps.newId,
      );
      if (await deps.request(team, at, auditEvents)) return { ...team, recreate: { requestedAt: at } };
    }
    throw new OwnError(`Team ${teamId} was changed ${ATTEMPTS} times in a row.`);
  };
}
