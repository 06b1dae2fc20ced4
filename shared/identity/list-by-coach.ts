import type { Coach } from './identity.ts';
import type { Scope } from './scope.ts';

export interface ListByCoachDeps<T> {
  /** At most `limit` items of a coach whose ids come after `afterId`, by id. Fewer: there are no more. */
  readonly pageOfCoach: (
    coachId: string,
    page: { readonly limit: number; readonly afterId: string | null },
  ) => Promise<readonly T[]>;
  readonly coachPage: (page: { readonly limit: number; readonly fromId: string | null }) => Promise<Coach[]>;
}

/** Where a list goes on: after this item of this coach. */
export interface ListPosition {
  readonly coachId: string;
  readonly afterId: string | null;
}

export interface ListQuery<T> {
  readonly scope: Scope;
  readonly limit: number;
  readonly from: ListPosition | null;
  /** Left out: all of them. */
  readonly matches?: ((item: T) => boolean) | undefined;
}

export interface ListPage<T> {
  readonly items: readonly T[];
  /** Null at the end. */
  readonly next: ListPosition | null;
}

/** Rows read from the index at a time where a filter chooses among them. */
const READ_SIZE = 200;
/**
 * Rows looked at for one answer. A filter that matches hardly anything ends its page here, perhaps empty but with a
 * position to go on from, so that no request reads the whole program.
 */
const READ_LIMIT = 4_000;
const COACHES_AT_A_TIME = 50;

/** The coaches whose items are listed, in the order of their ids, from this one on. */
async function* coachesFrom(
  coachPage: ListByCoachDeps<unknown>['coachPage'],
  scope: Scope,
  fromId: string | null,
): AsyncGenerator<string> {
  if (scope.coachId !== null) {
    yield scope.coachId;
    return;
  }
  let first = fromId;
  for (;;) {
    const coaches = await coachPage({ limit: COACHES_AT_A_TIME, fromId: first });
    for (const coach of coaches) if (coach.id !== first || first === fromId) yield coach.id;
    const last = coaches.at(-1);
    if (coaches.length < COACHES_AT_A_TIME || last === undefined) return;
    first = last.id;
  }
}

/**
 * What coaches have, by coach and id. The position names the last one seen, so that nothing is skipped or seen twice
 * when items come and go between two pages.
 */
export function createListByCoach<T extends { readonly id: string }>(
  deps: ListByCoachDeps<T>,
): (query: ListQuery<T>) => Promise<ListPage<T>> {
  return async ({ scope, limit, from, matches }) => {
    const items: T[] = [];
    let read = 0;
    for await (const coachId of coachesFrom(deps.coachPage, scope, from?.coachId ?? null)) {
      let afterId = from?.coachId === coachId ? from.afterId : null;
      for (;;) {
        // One more than wanted tells whether there is a next page.
        const size = matches === undefined ? limit - items.length + 1 : READ_SIZE;
        const rows = await deps.pageOfCoach(coachId, { limit: size, afterId });
        for (const item of rows) {
          if (matches === undefined || matches(item)) {
            if (items.length === limit) return { items, next: { coachId, afterId } };
            items.push(item);
          }
          afterId = item.id;
        }
        read += rows.length;
        if (read >= READ_LIMIT) return { items, next: { coachId, afterId } };
        if (rows.length < size) break;
      }
    }
    return { items, next: null };
  };
}
