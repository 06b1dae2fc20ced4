import { readRoute } from '#web/shared/api/call-route.ts';
import { teamRoutes, teamListSchema, type TeamView } from '#shared/teams/contract.ts';
import { queryOptions } from '@tanstack/react-query';
import type * as z from 'zod';
import type { ApiClient } from '../api/client.ts';

const PAGE = 200;
/** 1,000 teams at once; an admin of more narrows by coach. */
const MOST_PAGES = 5;

export interface TeamList {
  readonly teams: readonly TeamView[];
  /** There are more than were read. */
  readonly more: boolean;
}

export const teamListKey = (actingAs: string | null) => ['teams', actingAs] as const;
export const teamKey = (actingAs: string | null, id: string) => ['team', actingAs, id] as const;

/** `GET /api/teams`, all pages; only an admin narrows by coach. */
export const teamsQuery = (api: ApiClient, actingAs: string | null, coachId: string | null) =>
  queryOptions({
    queryKey: [...teamListKey(actingAs), coachId],
    queryFn: async ({ signal }): Promise<TeamList> => {
      const teams: TeamView[] = [];
      let cursor: string | null = null;
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const answer: z.infer<typeof teamListSchema> = await readRoute(api, teamRoutes.listTeams, {
          query: { limit: PAGE, coachId, cursor },
          signal,
        });
        teams.push(...answer.items);
        cursor = answer.nextCursor;
        if (cursor === null) break;
      }
      return { teams, more: cursor !== null };
    },
    staleTime: 10_000,
  });

/** `GET /api/teams/{id}`, for an address whose team is not among those listed. */
export const teamQuery = (api: ApiClient, actingAs: string | null, id: string) =>
  queryOptions({
    queryKey: teamKey(actingAs, id),
    queryFn: ({ signal }) => readRoute(api, teamRoutes.getTeam, { params: { id: id }, signal }),
    staleTime: 10_000,
  });
