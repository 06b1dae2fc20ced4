import {
  createListByCoach,
  type ListByCoachDeps,
  type ListPage,
  type ListPosition,
  type ListQuery,
} from '#shared/identity/list-by-coach.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { competitorStatus } from './competitor-status.ts';
import type { Competitor } from './competitor.ts';
import { COMPETITOR_STATUSES, type CompetitorSort, type CompetitorStatus } from './contract.ts';
import { searchNames } from './name-search.ts';

/** `matches` is a further filter, as a search of names. */
export interface CompetitorQuery extends ListQuery<Competitor> {
  readonly status?: CompetitorStatus | undefined;
  readonly teamId?: string | undefined;
  readonly division?: Competitor['division'] | undefined;
  readonly grade?: number | undefined;
}

/** Competitors by coach and id, filtered. */
export function createListCompetitors(
  deps: ListByCoachDeps<Competitor>,
): (query: CompetitorQuery) => Promise<ListPage<Competitor>> {
  const list = createListByCoach(deps);
  return ({ status, teamId, division, grade, matches, ...query }) => {
    const tests = [
      status !== undefined && ((one: Competitor) => competitorStatus(one) === status),
      teamId !== undefined && ((one: Competitor) => one.teamId === teamId),
      division !== undefined && ((one: Competitor) => one.division === division),
      grade !== undefined && ((one: Competitor) => one.grade === grade),
      matches !== undefined && matches,
    ].filter((test) => test !== false);
    const wanted = (competitor: Competitor): boolean => tests.every((test) => test(competitor));
    return list({ ...query, matches: tests.length === 0 ? undefined : wanted });
  };
}

/**
 * Where a sorted list goes on: after this person, or, if they have left since, after so many less one. What it is sorted by is
 * looked up again: a name has no place in an address.
 */
export interface SortedPosition extends ListPosition {
  readonly seen: number;
}

/** People of one coach who are sorted: each page reads them all. */
export const MOST_SORTED = 4_000;

const tooManyToSort = () =>
  new DomainError(
    'invalid',
    'TOO_MANY_TO_SORT',
    'This list is too long to be sorted. Narrow it by status, team, division or grade.',
    { errors: [{ path: 'sort', message: `At most ${MOST_SORTED} competitors can be sorted.` }] },
  );
const READ_SIZE = 200;

const COLUMNS: Readonly<Record<string, (one: Competitor) => string | number>> = {
  name: (one) => searchNames(one).last,
  grade: (one) => one.grade ?? 0,
  status: (one) => COMPETITOR_STATUSES.indexOf(competitorStatus(one)),
  createdAt: (one) => one.createdAt,
};

const ascending = (a: string | number, b: string | number): number => Number(a > b) - Number(a < b);

function inOrder(sort: CompetitorSort): (a: Competitor, b: Competitor) => number {
  const key = COLUMNS[sort.replace('-', '')] ?? (({ id }) => id);
  const sign = sort.startsWith('-') ? -1 : 1;
  return (a, b) => sign * ascending(key(a), key(b)) || ascending(a.id, b.id);
}

/**
 * One coach's people in another order: they are all read, which a roster allows.
 * @throws DomainError TOO_MANY_TO_SORT
 */
export function createListSorted(list: ReturnType<typeof createListCompetitors>) {
  return async (
    coachId: string,
    sort: CompetitorSort,
    {
      from: asked,
      limit,
      ...query
    }: Omit<CompetitorQuery, 'scope' | 'from'> & { readonly from: SortedPosition | null },
  ): Promise<{ readonly items: readonly Competitor[]; readonly next: SortedPosition | null }> => {
    const all: Competitor[] = [];
    let position: ListPosition | null = null;
    do {
      const page: ListPage<Competitor> = await list({
        ...query,
        scope: { coachId },
        limit: READ_SIZE,
        from: position,
      });
      all.push(...page.items);
      position = page.next;
      if (all.length > MOST_SORTED) throw tooManyToSort();
    } while (position !== null);
    all.sort(inOrder(sort));
    const from = asked?.coachId === coachId ? asked : null;
    const last = from === null ? -1 : all.findIndex(({ id }) => id === from.afterId);
    const start = last === -1 ? Math.max(0, (from?.seen ?? 0) - 1) : last + 1;
    const items = all.slice(start, start + limit);
    const end = start + items.length;
    const afterId = items.at(-1)?.id ?? null;
    return { items, next: end < all.length ? { coachId, afterId, seen: end } : null };
  };
}
