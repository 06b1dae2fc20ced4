import type { Actor } from '#shared/audit/actor.ts';
import type { AuditEvents } from '#shared/competitors/competitor-changes.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { onHold } from '#shared/competitors/consent.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { notFound, DomainError } from '#shared/kernel/errors.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import { staleTeam, visibleTeam, type MayTouch } from './edit-team.ts';
import { teamAuditEvents } from './team-audit-events.ts';
import type { Team } from './team.ts';

/** What is written together, or not at all: the competitor's `teamId` and its wish, and each team's list. */
export interface MembershipChange {
  readonly competitor: Competitor;
  readonly teams: readonly Team[];
  readonly auditEvents: AuditEvents;
  readonly at: string;
  readonly by: string;
}

export interface ChangeMembershipDeps {
  /** Consistent, both. */
  readonly teamById: (teamId: string) => Promise<Team | undefined>;
  readonly competitorById: (competitorId: string) => Promise<Competitor | undefined>;
  /** False, with nothing written, when any stored version is no longer the one before this. */
  readonly save: (change: MembershipChange) => Promise<boolean>;
  readonly now: Clock;
  readonly newId: NewId;
  readonly sleep: (ms: number) => Promise<void>;
  readonly random: () => number;
}

export interface MembershipRequest {
  readonly teamId: string;
  readonly competitorId: string;
  /** Of the team, when the caller gave one. */
  readonly expectedVersion: number | null;
  readonly actor: Actor;
  readonly mayTouch: MayTouch;
}

export interface Membership {
  readonly team: Team;
  /** False when it was so already. */
  readonly changed: boolean;
  readonly competitor: Competitor;
}

/** Several edits of one team at once: each comes after the other, some milliseconds apart. */
const ATTEMPTS = 10;
const STEP_MS = 20;

const inactive = (): DomainError =>
  new DomainError(
    'conflict',
    'COMPETITOR_INACTIVE',
    'The competitor is deactivated. Activate them first, then put them on a team.',
  );

const heldBack = (): DomainError =>
  new DomainError(
    'conflict',
    'ON_HOLD',
    'The competitor is on hold: their release is not in force. Enter a new release first, then put them on a team.',
  );

const without = (team: Team, competitorId: string, at: string): Team => ({
  ...team,
  members: team.members.filter((id) => id !== competitorId),
  version: team.version + 1,
  updatedAt: at,
});

/**
 * Puts competitors on teams and takes them off. `competitor.teamId` is one field, so nobody is on two teams; it, the
 * lists of both teams, the desired state that the worker follows and the audit events are one transaction.
 */
export function createChangeMembership(deps: ChangeMembershipDeps) {
  /** Team and competitor as the request names them; 404 unless both are the same coach's and the caller's. */
  async function both({ teamId, competitorId, mayTouch, expectedVersion }: MembershipRequest) {
    const team = await visibleTeam(deps.teamById, teamId, mayTouch);
    const competitor = await deps.competitorById(competitorId);
    if (competitor === undefined || competitor.coachId !== team.coachId) throw notFound();
    if (expectedVersion !== null && team.version !== expectedVersion) throw staleTeam(team.version);
    return { team, competitor };
  }

  /** Tries `once` again while others save in between; undefined from it means that. */
  async function repeated(
    request: MembershipRequest,
    once: (team: Team, competitor: Competitor) => Promise<Membership | undefined>,
  ): Promise<Membership> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const { team, competitor } = await both(request);
      const result = await once(team, competitor);
      if (result !== undefined) return result;
      await deps.sleep(deps.random() * STEP_MS * 2 ** Math.min(attempt, 5));
    }
    throw new DomainError(
      'unavailable',
      'TOO_MANY_EDITS',
      'Others are changing this team at the same moment. Try again.',
      { retryAfterSeconds: 1 },
    );
  }

  async function save(
    before: Competitor,
    teamId: string | null,
    teams: readonly Team[],
    change: Pick<Parameters<typeof teamAuditEvents>[0], 'kind' | 'action' | 'details'>,
    actor: Actor,
    at: string,
  ): Promise<Competitor | undefined> {
    const competitor: Competitor = {
      ...before,
      teamId,
      teamJoinedAt: teamId === null ? null : at,
      version: before.version + 1,
      updatedAt: at,
    };
    const { id, coachId } = before;
    const auditEvents = teamAuditEvents(
      { ...change, subject: id, coachId, competitorId: id },
      actor,
      at,
      deps.newId,
    );
    return (await deps.save({ competitor, teams, auditEvents, at, by: actor.sub })) ? competitor : undefined;
  }

  return {
    /**
     * On the team, wherever they were before.
     * @throws DomainError not_found, conflict for somebody deactivated or on hold, stale
     */
    add: (request: MembershipRequest): Promise<Membership> =>
      repeated(request, async (team, competitor) => {
        const { id } = competitor;
        if (competitor.teamId === team.id) return { team, competitor, changed: false };
        if (!competitor.active) throw inactive();
        // Nothing of theirs is sent without consent; taking them off stays possible.
        if (onHold(competitor) !== null) throw heldBack();
        const at = deps.now().toISOString();
        const next: Team = {
          ...team,
          members: [...team.members.filter((member) => member !== id), id],
          version: team.version + 1,
          updatedAt: at,
        };
        const left = competitor.teamId === null ? undefined : await deps.teamById(competitor.teamId);
        const teams = left === undefined ? [next] : [next, without(left, id, at)];
        const change =
          left === undefined
            ? ({ kind: 'member_added', action: 'team.add_member', details: { teamId: team.id } } as const)
            : ({
                kind: 'member_moved',
                action: 'team.move_member',
                details: { teamId: team.id, fromTeamId: left.id },
              } as const);
        const saved = await save(competitor, team.id, teams, change, request.actor, at);
        return saved === undefined ? undefined : { team: next, competitor: saved, changed: true };
      }),

    /** Off the team; somebody who is not on it stays as they are. */
    remove: (request: MembershipRequest): Promise<Membership> =>
      repeated(request, async (team, competitor) => {
        if (competitor.teamId !== team.id) return { team, competitor, changed: false };
        const at = deps.now().toISOString();
        const next = without(team, competitor.id, at);
        const change = {
          kind: 'member_removed',
          action: 'team.remove_member',
          details: { teamId: team.id },
        } as const;
        const saved = await save(competitor, null, [next], change, request.actor, at);
        return saved === undefined ? undefined : { team: next, competitor: saved, changed: true };
      }),
  };
}
