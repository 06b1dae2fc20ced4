import * as z from 'zod';
import { actorOf, type Actor } from '#shared/audit/actor.ts';
import type { AuthenticatedRequest, RouteHandlers } from '#shared/http/api-types.ts';
import { jobStarted } from '#shared/http/job-started.ts';
import { decodeCursor, encodeCursor, ifMatchVersion } from '#shared/http/request-parsing.ts';
import type { Coach } from '#shared/identity/identity.ts';
import type { ListPage, ListQuery } from '#shared/identity/list-by-coach.ts';
import { mayTouch, scopeOf } from '#shared/identity/scope.ts';
import type { JobAbout } from '#shared/jobs/job-audit.ts';
import type { Job } from '#shared/jobs/job.ts';
import type { StartJobInput } from '#shared/jobs/start-job.ts';
import { notFound, DomainError } from '#shared/kernel/errors.ts';
import { versionTag } from '#shared/kernel/paging.ts';
import type { createChangeMembership, Membership } from '#shared/teams/change-membership.ts';
import { type PlanConfirmation, type RosterPlanView, teamRoutes } from '#shared/teams/contract.ts';
import { visibleTeam, type createEditTeam } from '#shared/teams/edit-team.ts';
import type { createRecreateTeam } from '#shared/teams/recreate-team.ts';
import type { EditTimesRepository } from '#shared/teams/rosters/edit-times-repository.ts';
import { editTimesOfMonth } from '#shared/teams/rosters/edit-times.ts';
import type { RosterWakeUp } from '#shared/teams/rosters/roster-entry.ts';
import { teamToView, type TeamRelatedRecords } from '#shared/teams/team-to-view.ts';
import type { Team } from '#shared/teams/team.ts';

export const ROUTES = teamRoutes;

export interface TeamsApiDeps {
  readonly coachById: (coachId: string) => Promise<Coach | undefined>;
  /** Consistent. */
  readonly teamById: (teamId: string) => Promise<Team | undefined>;
  readonly list: (query: ListQuery<Team>) => Promise<ListPage<Team>>;
  readonly edit: ReturnType<typeof createEditTeam>;
  readonly members: ReturnType<typeof createChangeMembership>;
  readonly relatedRecordsOf: (teams: readonly Team[]) => Promise<TeamRelatedRecords>;
  /** Asks the worker to look now; the dispatcher asks within a minute anyway. */
  readonly wakeUp: (wakeUps: readonly RosterWakeUp[]) => Promise<void>;
  /** Asks for the team to be recreated over there; 404, 409. */
  readonly recreate: ReturnType<typeof createRecreateTeam>;
  /** The last months that had edits, newest first. */
  readonly editTimes: EditTimesRepository['months'];
  readonly latestPlan: () => Promise<RosterPlanView | null>;
  /** Answers the id of the job that carries it out. */
  readonly confirmPlan: (planId: string, confirmation: PlanConfirmation, actor: Actor) => Promise<string>;
  /** Makes the job and notes who started it: both or neither. */
  readonly start: (input: StartJobInput, actor: Actor, about: JobAbout) => Promise<Job>;
  readonly planSoon: (jobId: string) => Promise<void>;
}

const MONTHS_SHOWN = 12;

const positionSchema = z.object({ coachId: z.string(), afterId: z.string().nullable() });

const touchOf = (request: AuthenticatedRequest) => (coachId: string) => mayTouch(request.caller, coachId);

type MembershipRequest = AuthenticatedRequest<typeof ROUTES.addMember | typeof ROUTES.removeMember>;

const membershipRequest = (request: MembershipRequest) => ({
  teamId: request.params.id,
  competitorId: request.params.competitorId,
  expectedVersion: request.headers['if-match'] === undefined ? null : ifMatchVersion(request),
  actor: actorOf(request),
  mayTouch: touchOf(request),
});

export function createTeamsApi(deps: TeamsApiDeps): RouteHandlers<typeof ROUTES> {
  const replyWith = async <S extends number>(status: S, team: Team) => ({
    status,
    body: teamToView(team, await deps.relatedRecordsOf([team])),
    headers: { etag: versionTag(team.version) },
  });
  /** The coach that a request is about; 404 when there is none of that id. */
  const scopeOfRequest = async (
    request: AuthenticatedRequest & { readonly query: { readonly coachId?: string | undefined } },
  ) => {
    const scope = scopeOf(request.caller, request.query.coachId);
    const own = request.caller.coachId === scope.coachId;
    if (scope.coachId !== null && !own && (await deps.coachById(scope.coachId)) === undefined)
      throw notFound();
    return scope;
  };
  const wakeUp = (request: AuthenticatedRequest, wakeUps: readonly RosterWakeUp[]): Promise<void> =>
    deps.wakeUp(wakeUps).catch((error: unknown) => {
      request.log.warn('roster wake-up message not sent; the dispatcher will', {}, error);
    });
  const started = async (request: AuthenticatedRequest, jobId: string) => {
    await deps.planSoon(jobId).catch((error: unknown) => {
      request.log.warn('planning not asked for; the dispatcher will', { jobId }, error);
    });
    return jobStarted(jobId);
  };
  const startFor = async (
    request: AuthenticatedRequest,
    taskType: 'team_sync' | 'team_recreate',
    team: Pick<Team, 'id' | 'coachId'>,
  ) => {
    const { idempotencyId } = request;
    const { coachId } = team;
    const job = await deps.start(
      {
        taskType,
        payload: { teamId: team.id },
        startedBy: `user:${request.caller.sub}`,
        ...(idempotencyId === undefined ? {} : { idempotencyId }),
      },
      actorOf(request),
      // What a recreation changes is noted with the team; this is only its job.
      taskType === 'team_sync' ? { action: 'team.sync', subject: team.id, coachId } : { coachId },
    );
    return started(request, job.id);
  };
  const afterMembership = async (request: AuthenticatedRequest, membership: Membership) => {
    const { changed, competitor, team } = membership;
    if (changed && competitor.gamePlatformId !== null) {
      await wakeUp(request, [{ kind: 'roster', competitorId: competitor.id }]);
    }
    return replyWith(200, team);
  };

  return {
    listTeams: async (request) => {
      const { limit, cursor } = request.query;
      const scope = await scopeOfRequest(request);
      const from = cursor === undefined ? null : decodeCursor(positionSchema, cursor);
      const { items: teams, next } = await deps.list({ scope, limit, from });
      const relatedRecords = await deps.relatedRecordsOf(teams);
      return {
        status: 200,
        body: {
          items: teams.map((team) => teamToView(team, relatedRecords)),
          nextCursor: next === null ? null : encodeCursor(next),
        },
      };
    },

    createTeam: async (request) => {
      const input = request.body;
      const { coachId } = await scopeOfRequest(request);
      if (coachId === null) {
        throw new DomainError(
          'invalid',
          'COACH_REQUIRED',
          'Say whose team this is: add “coachId” to the query, or act as the coach.',
          { errors: [{ path: 'coachId', message: 'An admin has to name the coach.' }] },
        );
      }
      const team = await deps.edit.create(coachId, input, actorOf(request));
      await wakeUp(request, [{ kind: 'team', teamId: team.id }]);
      const reply = await replyWith(201, team);
      return { ...reply, headers: { ...reply.headers, location: `/api/teams/${team.id}` } };
    },

    getTeam: async (request) =>
      replyWith(200, await visibleTeam(deps.teamById, request.params.id, touchOf(request))),

    updateTeam: async (request) => {
      const version = request.version;
      const patch = request.body;
      const team = await deps.edit.update(
        request.params.id,
        version,
        patch,
        actorOf(request),
        touchOf(request),
      );
      // The platform may have refused what it was called before.
      if (team.platform === null) await wakeUp(request, [{ kind: 'team', teamId: team.id }]);
      return replyWith(200, team);
    },

    deleteTeam: async (request) => {
      await deps.edit.remove(request.params.id, actorOf(request), touchOf(request));
      await wakeUp(request, [{ kind: 'team', teamId: request.params.id }]);
      return { status: 204 };
    },

    addMember: async (request) =>
      afterMembership(request, await deps.members.add(membershipRequest(request))),

    removeMember: async (request) =>
      afterMembership(request, await deps.members.remove(membershipRequest(request))),

    getEditTimes: async () => {
      const months = await deps.editTimes(MONTHS_SHOWN);
      return {
        status: 200,
        body: { months: months.map(({ month, counts }) => editTimesOfMonth(month, counts)) },
      };
    },

    syncTeam: async (request) => {
      const team = await visibleTeam(deps.teamById, request.params.id, touchOf(request));
      return startFor(request, 'team_sync', team);
    },

    recreateTeam: async (request) => {
      const team = await deps.recreate(request.params.id, actorOf(request), touchOf(request));
      return startFor(request, 'team_recreate', team);
    },

    getRosterPlan: async () => ({ status: 200, body: { plan: await deps.latestPlan() } }),

    confirmRosterPlan: async (request) => {
      const confirmation = request.body;
      const { planId } = request.params;
      return started(request, await deps.confirmPlan(planId, confirmation, actorOf(request)));
    },
  };
}
