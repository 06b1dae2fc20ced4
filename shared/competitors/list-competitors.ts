import type { Coach } from '../identity/identity.ts';
import type { Scope } from '../identity/scope.ts';
import { competitorStatus } from './competitor-status.ts';
import type { CompetitorStatus } from './competitor-view.ts';
import type { Competitor } from './competitor.ts';

export interface ListCompetitorsDeps {
  readonly pageOfCoach: (
    coachId: string,
    page: { readonly limit: number; readonly afterId: string | null },
  ) => Promise<Competitor[]>;
  readonly coachPage: (page: { readonly limit: number; readonly fromId: string | null }) => Promise<Coach[]>;
}

/** Where a list goes on: after this competitor of this coach. */
export interface ListPosition {
  readonly coachId: string;
  readonly afterId: string | null;
}

export interface CompetitorQuery {
  readonly scope: Scope;
  readonly status?: CompetitorStatus | undefined;
  readonly teamId?: string | undefined;
  /** A further filter, as a search of names. */
  readonly matches?: (competitor: Competitor) => boolean;
  readonly limit: number;
  readonly from: ListPosition | null;
}

export interface CompetitorPage {
  readonly items: readonly Competitor[];
  /** Null at the end. */
  readonly next: ListPosition | null;
}

/** Rows read from the index at a time. */
const READ_SIZE = 200;
/**
 * Rows looked at for one answer. A filter that matches hardly anybody ends its page here, perhaps empty but with a
 * position to go on from, so that no request reads the whole programme.
 */
const READ_LIMIT = 4_000;
const COACHES_AT_A_TIME = 50;

/** The coaches whose people are listed, in the order of their ids, from this one on. */
async function* coachesFrom(
  deps: ListCompetitorsDeps,
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

/**
 * Competitors by coach and id. The position names the last one seen, so nobody is skipped or seen twice when people
 * join or leave between two pages.
 */
export function createListCompetitors(
  deps: ListCompetitorsDeps,
): (query: CompetitorQuery) => Promise<CompetitorPage> {
  return async ({ scope, status, teamId, matches: also, limit, from }) => {
    const matches = (competitor: Competitor): boolean =>
      (status === undefined || competitorStatus(competitor) === status) &&
      (teamId === undefined || competitor.teamId === teamId) &&
      (also === undefined || also(competitor));
    const filtered = status !== undefined || teamId !== undefined || also !== undefined;
    const items: Competitor[] = [];
    let read = 0;
    for await (const coachId of coachesFrom(deps, scope, from?.coachId ?? null)) {
      let afterId = from?.coachId === coachId ? from.afterId : null;
      for (;;) {
        // One more than wanted tells whether there is a next page.
        const size = filtered ? READ_SIZE : limit - items.length + 1;
        const rows = await deps.pageOfCoach(coachId, { limit: size, afterId });
        for (const competitor of rows) {
          if (matches(competitor)) {
            if (items.length === limit) return { items, next: { coachId, afterId } };
            items.push(competitor);
          }
          afterId = competitor.id;
        }
        read += rows.length;
        if (read >= READ_LIMIT) return { items, next: { coachId, afterId } };
        if (rows.length < size) break;
      }
    }
    return { items, next: null };
  };
}
