import {
  createListByCoach,
  type ListByCoachDeps,
  type ListPage,
  type ListQuery,
} from '#shared/identity/list-by-coach.ts';
import { competitorStatus } from './competitor-status.ts';
import type { Competitor } from './competitor.ts';
import type { CompetitorStatus } from './contract.ts';

/** `matches` is a further filter, as a search of names. */
export interface CompetitorQuery extends ListQuery<Competitor> {
  readonly status?: CompetitorStatus | undefined;
  readonly teamId?: string | undefined;
}

/** Competitors by coach and id, filtered. */
export function createListCompetitors(
  deps: ListByCoachDeps<Competitor>,
): (query: CompetitorQuery) => Promise<ListPage<Competitor>> {
  const list = createListByCoach(deps);
  return ({ status, teamId, matches, ...query }) => {
    const filtered = status !== undefined || teamId !== undefined || matches !== undefined;
    const wanted = (competitor: Competitor): boolean =>
      (status === undefined || competitorStatus(competitor) === status) &&
      (teamId === undefined || competitor.teamId === teamId) &&
      (matches === undefined || matches(competitor));
    return list({ ...query, matches: filtered ? wanted : undefined });
  };
}
