import * as z from 'zod';
import type { ListPage, ListPosition } from '#shared/identity/list-by-coach.ts';
import type { Scope } from '#shared/identity/scope.ts';
import { competitorStatus } from './competitor-status.ts';
import type { Competitor } from './competitor.ts';
import type { CompetitorStatus } from './contract.ts';
import type { CompetitorQuery } from './list-competitors.ts';
import { nameContains, searchNames, searchWords } from './name-search.ts';

/** Where a search goes on: in one coach's list, or (by name) in everybody's. */
export const searchPositionSchema = z.union([
  z.strictObject({ coachId: z.string(), afterId: z.string().nullable() }),
  z.strictObject({ name: z.string() }),
]);
type SearchPosition = z.infer<typeof searchPositionSchema>;

export interface SearchDeps {
  readonly list: (query: CompetitorQuery) => Promise<ListPage<Competitor>>;
  readonly byNamePrefix: (
    prefix: string,
    page: { readonly limit: number; readonly after: string | null },
  ) => Promise<{
    readonly found: readonly {
      readonly competitorId: string;
      readonly order: 'last' | 'first';
      readonly position: string;
    }[];
    readonly end: boolean;
  }>;
  readonly byIds: (competitorIds: readonly string[]) => Promise<ReadonlyMap<string, Competitor>>;
}

export interface SearchQuery {
  readonly q: string;
  readonly scope: Scope;
  readonly status?: CompetitorStatus | undefined;
  readonly teamId?: string | undefined;
  readonly limit: number;
  readonly from: SearchPosition | null;
}

export interface SearchPage {
  readonly items: readonly Competitor[];
  readonly next: SearchPosition | null;
}

const READ_SIZE = 100;
/** Index rows looked at for one answer; a page that ends here may be short, and has a position to go on from. */
const READ_LIMIT = 2_000;

/** Everybody whose name begins so, by name; each person once, though both orders of the name may match. */
async function amongAll(deps: SearchDeps, query: SearchQuery, prefix: string): Promise<SearchPage> {
  const items: Competitor[] = [];
  let after = query.from !== null && 'name' in query.from ? query.from.name : null;
  for (let read = 0; read < READ_LIMIT; read += READ_SIZE) {
    const { found, end } = await deps.byNamePrefix(prefix, { limit: READ_SIZE, after });
    const people = await deps.byIds([...new Set(found.map((row) => row.competitorId))]);
    for (const { competitorId, order, position } of found) {
      const competitor = people.get(competitorId);
      const wanted =
        competitor !== undefined &&
        (order === 'last' || !searchNames(competitor).last.startsWith(prefix)) &&
        (query.status === undefined || competitorStatus(competitor) === query.status) &&
        (query.teamId === undefined || competitor.teamId === query.teamId);
      if (wanted) {
        if (items.length === query.limit) return { items, next: after === null ? null : { name: after } };
        items.push(competitor);
      }
      after = position;
    }
    if (end) return { items, next: null };
  }
  return { items, next: after === null ? null : { name: after } };
}

/**
 * One coach's people whose name holds the words anywhere; over everybody, those whose name (last or first name first)
 * begins with them. Without words, the plain list.
 */
export function createSearchCompetitors(deps: SearchDeps): (query: SearchQuery) => Promise<SearchPage> {
  return (query) => {
    const words = searchWords(query.q);
    if (query.scope.coachId === null && words !== '') return amongAll(deps, query, words);
    const from: ListPosition | null = query.from !== null && 'coachId' in query.from ? query.from : null;
    return deps.list({
      scope: query.scope,
      status: query.status,
      teamId: query.teamId,
      limit: query.limit,
      from,
      ...(words === '' ? {} : { matches: (competitor) => nameContains(competitor, words) }),
    });
  };
}
