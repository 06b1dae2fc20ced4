import type { Coach } from '../identity/identity.ts';
import type { Scope } from '../identity/scope.ts';
import type { Team } from './team.ts';

export interface ListTeamsDeps {
  readonly pageOfCoach: (
    coachId: string,
    page: { readonly limit: number; readonly afterId: string | null },
  ) => Promise<Team[]>;
  readonly coachPage: (page: { readonly limit: number; readonly fromId: string | null }) => Promise<Coach[]>;
}

/** Where a list goes on: after this team of this coach. */
export interface TeamPosition {
  readonly coachId: string;
  readonly afterId: string | null;
}

export interface TeamPage {
  readonly teams: readonly Team[];
  /** Null at the end. */
  readonly next: TeamPosition | null;
}

const COACHES_AT_A_TIME = 50;

/** The coaches whose teams are listed, in the order of their ids, from this one on. */
async function* coachesFrom(
  deps: ListTeamsDeps,
  scope: Scope,
  fromId: string | null,
): AsyncGenerator<string> {
  if (scope.coachId !== null) {
    yield scope.coachId;
    return;
  }
  let first = fromId;
  for (;;) {
    const coaches = await deps.coachPage({ limit: COACHES_AT_A_TIME, fromId: first });
    for (const coach of coaches) if (coach.id !== first || first === fromId) yield coach.id;
    const last = coaches.at(-1);
    if (coaches.length < COACHES_AT_A_TIME || last === undefined) return;
    first = last.id;
  }
}

/** Teams by coach and id. The position names the last one seen, so nothing is skipped when teams come and go. */
export function createListTeams(
  deps: ListTeamsDeps,
): (query: {
  readonly scope: Scope;
  readonly limit: number;
  readonly from: TeamPosition | null;
}) => Promise<TeamPage> {
  return async ({ scope, limit, from }) => {
    const teams: Team[] = [];
    for await (const coachId of coachesFrom(deps, scope, from?.coachId ?? null)) {
      let afterId = from?.coachId === coachId ? from.afterId : null;
      // One more than wanted tells whether there is a next page.
      const rows = await deps.pageOfCoach(coachId, { limit: limit - teams.length + 1, afterId });
      for (const team of rows) {
        if (teams.length === limit) return { teams, next: { coachId, afterId } };
        teams.push(team);
        afterId = team.id;
      }
    }
    return { teams, next: null };
  };
}
