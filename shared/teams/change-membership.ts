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

/** What is written together, or not at all: each competitor's `teamId` and its wish, and each team's list. */
export interface MembershipChange {
  readonly edits: readonly { readonly competitor: Competitor; readonly auditEvents: AuditEvents }[];
  readonly teams: readonly Team[];
  readonly at: string;
  readonly by: string;
}

export interface ChangeMembershipDeps {
  /** Consistent, all. */
  readonly teamById: (teamId: string) => Promise<Team | undefined>;
  readonly competitorById: (competitorId: string) => Promise<Competitor | undefined>;
  readonly competitorsByIds: (competitorIds: readonly string[]) => Promise<ReadonlyMap<string, Competitor>>;
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

/** Each takes six writes of a transaction of a hundred, and each may leave another team. */
export const MOST_ADDED_AT_ONCE = 14;

const tooManyEdits = (): DomainError =>
  new DomainError(
    'unavailable',
    'TOO_MANY_EDITS',
    'Someone else is changing this team right now. Try again.',
    { retryAfterSeconds: 1 },
  );

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
    'The competitor is on hold because there is no valid release. Enter a new release first, then put them on a team.',
  );

const without = (team: Team, competitorIds: ReadonlySet<string>, at: string): Team => ({
  ...team,
  members: team.members.filter((id) => !competitorIds.has(id)),
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
    throw tooManyEdits();
  }

  type Change = Pick<Parameters<typeof teamAuditEvents>[0], 'kind' | 'action' | 'details'>;

  /** One competitor after the edit, with what it leaves in the audit. */
  function edited(before: Competitor, teamId: string | null, change: Change, actor: Actor, at: string) {
    const competitor: Competitor = {
      ...before,
      teamId,
      teamJoinedAt: teamId === null ? null : at,
      version: before.version + 1,
      updatedAt: at,
    };
    const { id, coachId } = before;
    const about = { subject: id, coachId, competitorId: id };
    return { competitor, auditEvents: teamAuditEvents({ ...change, ...about }, actor, at, deps.newId) };
  }

  /** Puts people who are not on the team on it; undefined: somebody else saved first. */
  async function join(
    team: Team,
    people: readonly Competitor[],
    actor: Actor,
  ): Promise<{ readonly team: Team; readonly joined: readonly Competitor[] } | undefined> {
    const at = deps.now().toISOString();
    const ids = new Set(people.map(({ id }) => id));
    const next: Team = {
      ...team,
      members: [...team.members.filter((member) => !ids.has(member)), ...ids],
      version: team.version + 1,
      updatedAt: at,
    };
    const before = new Set(people.flatMap(({ teamId }) => (teamId === null ? [] : [teamId])));
    const found = await Promise.all([...before].map((id) => deps.teamById(id)));
    const left = found.filter((one) => one !== undefined);
    const edits = people.map((one) => {
      const from = left.find(({ id }) => id === one.teamId);
      const change: Change =
        from === undefined
          ? { kind: 'member_added', action: 'team.add_member', details: { teamId: team.id } }
          : {
              kind: 'member_moved',
              action: 'team.move_member',
              details: { teamId: team.id, fromTeamId: from.id },
            };
      return edited(one, team.id, change, actor, at);
    });
    const teams = [next, ...left.map((one) => without(one, ids, at))];
    const saved = await deps.save({ edits, teams, at, by: actor.sub });
    return saved ? { team: next, joined: edits.map(({ competitor }) => competitor) } : undefined;
  }

  return {
    /**
     * On the team, wherever they were before.
     * @throws DomainError not_found, conflict for somebody deactivated or on hold, stale
     */
    add: (request: MembershipRequest): Promise<Membership> =>
      repeated(request, async (team, competitor) => {
        if (competitor.teamId === team.id) return { team, competitor, changed: false };
        if (!competitor.active) throw inactive();
        // Nothing of theirs is sent without consent; taking them off stays possible.
        if (onHold(competitor) !== null) throw heldBack();
        const done = await join(team, [competitor], request.actor);
        const [saved] = done?.joined ?? [];
        return done === undefined || saved === undefined
          ? undefined
          : { team: done.team, competitor: saved, changed: true };
      }),

    /**
     * The same of several, at most {@link MOST_ADDED_AT_ONCE}, in one transaction. Answers who came to the team now;
     * who is on it already, gone, deactivated, on hold or another coach's is left out.
     * @throws DomainError not_found for the team
     */
    async addAll(
      request: Pick<MembershipRequest, 'teamId' | 'actor' | 'mayTouch'> & {
        readonly competitorIds: readonly string[];
      },
    ): Promise<readonly Competitor[]> {
      for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
        const team = await visibleTeam(deps.teamById, request.teamId, request.mayTouch);
        const found = await deps.competitorsByIds(request.competitorIds);
        const people = request.competitorIds.flatMap((id) => {
          const one = found.get(id);
          const mayCome = one?.coachId === team.coachId && one.active && onHold(one) === null;
          return mayCome && one.teamId !== team.id ? [one] : [];
        });
        if (people.length === 0) return [];
        const done = await join(team, people, request.actor);
        if (done !== undefined) return done.joined;
        await deps.sleep(deps.random() * STEP_MS * 2 ** Math.min(attempt, 5));
      }
      throw tooManyEdits();
    },

    /** Off the team; somebody who is not on it stays as they are. */
    remove: (request: MembershipRequest): Promise<Membership> =>
      repeated(request, async (team, competitor) => {
        if (competitor.teamId !== team.id) return { team, competitor, changed: false };
        const at = deps.now().toISOString();
        const next = without(team, new Set([competitor.id]), at);
        const change = {
          kind: 'member_removed',
          action: 'team.remove_member',
          details: { teamId: team.id },
        } as const;
        const edit = edited(competitor, null, change, request.actor, at);
        const saved = await deps.save({ edits: [edit], teams: [next], at, by: request.actor.sub });
        return saved ? { team: next, competitor: edit.competitor, changed: true } : undefined;
      }),
  };
}
