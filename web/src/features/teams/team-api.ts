import { readRoute, removeByRoute, writeRoute } from '#web/shared/api/call-route.ts';
import { dashboardRoutes, type ActivityLine } from '#shared/dashboard/contract.ts';
import { teamRoutes, type TeamView } from '#shared/teams/contract.ts';
import { type ApiClient } from '#web/shared/api/client.ts';
import { dashboardQuery } from '#web/shared/dashboard/dashboard-query.ts';
import { useActingAs } from '#web/shared/identity/current-user.tsx';
import { competitorListKey } from '#web/shared/roster/competitors.ts';
import { teamKey, type TeamList, teamListKey } from '#web/shared/roster/teams.ts';
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import type { TeamBody } from './team-form-values.ts';

/** `POST /api/teams`. An admin says whose team it is. */
export const createTeam = (
  api: ApiClient,
  input: { readonly body: TeamBody; readonly coachId: string | null; readonly idempotencyKey: string },
): Promise<TeamView> =>
  writeRoute(api, teamRoutes.createTeam, {
    query: { coachId: input.coachId },
    body: input.body,
    idempotencyKey: input.idempotencyKey,
    readAgain: (id) => readRoute(api, teamRoutes.getTeam, { params: { id } }),
  });

/** `PATCH /api/teams/{id}`, refused with 412 when somebody changed the team since `version`. */
export const updateTeam = (
  api: ApiClient,
  input: { readonly id: string; readonly version: number; readonly body: Partial<TeamBody> },
): Promise<TeamView> =>
  writeRoute(api, teamRoutes.updateTeam, {
    params: { id: input.id },
    body: input.body,
    version: input.version,
  });

/** `DELETE /api/teams/{id}`, refused with 409 while the team has members. */
export const deleteTeam = (api: ApiClient, id: string): Promise<undefined> =>
  removeByRoute(api, teamRoutes.deleteTeam, { params: { id: id } });

/** `POST /api/game-platform/teams/{id}/sync`: the platform is asked now; the badges tell the outcome. */
export const pushTeam = (
  api: ApiClient,
  input: { readonly id: string; readonly idempotencyKey: string },
): Promise<{ jobId: string }> =>
  writeRoute(api, teamRoutes.syncTeam, {
    params: { id: input.id },
    idempotencyKey: input.idempotencyKey,
  });

/** `POST /api/game-platform/teams/{id}/recreate`: 409 `NO_DRIFT` or `EVENT_RUNNING`; the badges tell the outcome. */
export const recreateTeam = (
  api: ApiClient,
  input: { readonly id: string; readonly idempotencyKey: string },
): Promise<{ jobId: string }> =>
  writeRoute(api, teamRoutes.recreateTeam, {
    params: { id: input.id },
    idempotencyKey: input.idempotencyKey,
  });

/** `GET /api/game-platform/edit-times`: of all coaches, so the same for everybody. */
export const editTimesQuery = (api: ApiClient) =>
  queryOptions({
    queryKey: ['edit-times'],
    queryFn: async ({ signal }) => (await readRoute(api, teamRoutes.getEditTimes, { signal })).months,
    staleTime: 60_000,
  });

/** Brings a change of a team into everything that shows it. */
export function useKeepTeam() {
  const queries = useQueryClient();
  const actingAs = useActingAs();
  const lists = { queryKey: teamListKey(actingAs) };
  const again = () => {
    void queries.invalidateQueries(lists);
    void queries.invalidateQueries({ queryKey: competitorListKey(actingAs) });
    void queries.invalidateQueries({ queryKey: ['dashboard', actingAs] });
  };
  const inLists = (change: (teams: readonly TeamView[]) => readonly TeamView[]) =>
    queries.setQueriesData<TeamList>(lists, (list) => list && { teams: change(list.teams), more: list.more });
  return {
    /** The server answered with the new state, of a team that may be new. */
    now: (team: TeamView) => {
      queries.setQueryData(teamKey(actingAs, team.id), team);
      inLists((teams) =>
        teams.some(({ id }) => id === team.id)
          ? teams.map((one) => (one.id === team.id ? team : one))
          : [...teams, team],
      );
      again();
    },
    gone: (id: string) => {
      inLists((teams) => teams.filter((team) => team.id !== id));
      queries.removeQueries({ queryKey: teamKey(actingAs, id) });
      again();
    },
    /** The state may have changed: read it again. */
    again: (id: string) => {
      void queries.invalidateQueries({ queryKey: teamKey(actingAs, id) });
      again();
    },
  };
}

/**
 * What the dashboard says of the team over its usual period; undefined where it lists others only. `coachId`: for an
 * admin to all.
 */
export const teamTileQuery = (
  api: ApiClient,
  actingAs: string | null,
  { teamId, coachId }: { readonly teamId: string; readonly coachId: string | null },
) =>
  queryOptions({
    ...dashboardQuery(api, actingAs, { coachId }),
    select: ({ teams, period }) => {
      const tile = teams.rows.find((row) => row.teamId === teamId);
      return tile && { ...tile, period: period.label };
    },
  });

/** The newest lines that are looked through for edits of one team. */
const LINES = 200;
const EDITS_SHOWN = 5;
const EDITS: ReadonlySet<ActivityLine['kind']> = new Set([
  'team_created',
  'team_changed',
  'team_recreated',
  'member_added',
  'member_moved',
  'member_removed',
]);

/** The last edits of the team and its members, newest first. */
export const teamEditsQuery = (
  api: ApiClient,
  actingAs: string | null,
  { teamId, coachId }: { readonly teamId: string; readonly coachId: string | null },
) =>
  queryOptions({
    queryKey: ['activity', actingAs, 'newest', coachId],
    queryFn: ({ signal }) =>
      readRoute(api, dashboardRoutes.listActivity, { query: { coachId, limit: LINES }, signal }),
    select: ({ items }) =>
      items
        .filter(
          ({ kind, team, fromTeam }) => EDITS.has(kind) && (team?.id === teamId || fromTeam?.id === teamId),
        )
        .slice(0, EDITS_SHOWN),
    staleTime: 10_000,
  });
