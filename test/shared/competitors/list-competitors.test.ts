import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Competitor } from '#shared/competitors/competitor.ts';
import type { CompetitorSort } from '#shared/competitors/contract.ts';
import {
  createListCompetitors,
  createListSorted,
  MOST_SORTED,
  type SortedPosition,
} from '#shared/competitors/list-competitors.ts';
import type { ListPosition } from '#shared/identity/list-by-coach.ts';
import { aCoach, aCompetitor } from '#test/support/competitors.ts';

/** The use case over people in memory who may join and leave between two pages. */
function listOver(people: Map<string, Competitor[]>) {
  const sorted = (coachId: string) => (people.get(coachId) ?? []).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  let rowsRead = 0;
  const list = createListCompetitors({
    pageOfCoach: (coachId, { limit, afterId }) => {
      const page = sorted(coachId)
        .filter((competitor) => afterId === null || competitor.id > afterId)
        .slice(0, limit);
      rowsRead += page.length;
      return Promise.resolve(page);
    },
    coachPage: ({ limit, fromId }) =>
      Promise.resolve(
        [...people.keys()]
          .toSorted()
          .filter((id) => fromId === null || id >= fromId)
          .slice(0, limit)
          .map((id) => aCoach({ id })),
      ),
  });
  return { list, rowsRead: () => rowsRead };
}

const person = (coachId: string, number: number, facts: Partial<Competitor> = {}) =>
  aCompetitor({ id: `cmp_${coachId}_${String(number).padStart(5, '0')}`, coachId, ...facts });

const crowd = (sizes: Readonly<Record<string, number>>) =>
  new Map(
    Object.entries(sizes).map(([coachId, size]) => [
      coachId,
      Array.from({ length: size }, (_, index) => person(coachId, index)),
    ]),
  );

async function allPages(
  list: ReturnType<typeof listOver>['list'],
  query: Omit<Parameters<typeof list>[0], 'from'>,
  between: () => void = () => undefined,
): Promise<{ ids: string[]; pages: number }> {
  const ids: string[] = [];
  let from: ListPosition | null = null;
  let pages = 0;
  do {
    const page: Awaited<ReturnType<typeof list>> = await list({ ...query, from });
    ids.push(...page.items.map(({ id }) => id));
    expect(page.items.length).toBeLessThanOrEqual(query.limit);
    from = page.next;
    pages += 1;
    between();
  } while (from !== null);
  return { ids, pages };
}

const everybody = { coachId: null };

test('page after page gives everybody once, over all coaches, whatever the page size', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(9), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 12 }),
      fc.boolean(),
      async (sizes, limit, filtered) => {
        const people = crowd(Object.fromEntries(sizes.map((size, index) => [`coa_${index}`, size])));
        const { list } = listOver(people);
        const query = { scope: everybody, limit, status: filtered ? ('compliance' as const) : undefined };
        const { ids } = await allPages(list, query);
        expect(ids).toEqual([...people.values()].flat().map(({ id }) => id));
      },
    ),
  );
});

test('a full last page is followed by none', async () => {
  const { list } = listOver(crowd({ coa_1: 4 }));
  expect(await allPages(list, { scope: { coachId: 'coa_1' }, limit: 4 })).toMatchObject({ pages: 1 });
});

test('nobody who stays is skipped or seen twice while others join and leave', async () => {
  const people = crowd({ coa_1: 10, coa_2: 10 });
  const { list } = listOver(people);
  let turn = 0;
  const { ids } = await allPages(list, { scope: everybody, limit: 3 }, () => {
    turn += 1;
    people.set(
      'coa_1',
      (people.get('coa_1') ?? []).filter((_, index) => index !== 2),
    );
    people.get('coa_1')?.unshift(person('coa_1', -turn));
    people.get('coa_2')?.push(person('coa_2', 100 + turn));
  });
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => /coa_2_0000/.test(id))).toHaveLength(10);
});

describe('filters', () => {
  const people = new Map([
    [
      'coa_1',
      [
        person('coa_1', 1, { teamId: 'tea_1' }),
        person('coa_1', 2, { teamId: 'tea_2' }),
        person('coa_1', 3, { mediaReleaseDate: null, teamId: 'tea_1' }),
        person('coa_1', 4, { gamePlatformId: 'x' }),
      ],
    ],
  ]);
  test.each([
    [{ status: 'compliance' as const }, [1, 2]],
    [{ status: 'profile' as const }, [3]],
    [{ status: 'complete' as const }, [4]],
    [{ status: 'pending' as const }, []],
    [{ teamId: 'tea_1' }, [1, 3]],
    [{ teamId: 'tea_1', status: 'profile' as const }, [3]],
    [{ teamId: 'tea_9' }, []],
    [{ division: 'college' as const }, []],
    [{ grade: 11, teamId: 'tea_1' }, []],
  ])('%o', async (filter, numbers) => {
    const { ids } = await allPages(listOver(people).list, {
      scope: { coachId: 'coa_1' },
      limit: 1,
      ...filter,
    });
    expect(ids).toEqual(numbers.map((number) => person('coa_1', number).id));
  });

  test('a filter that matches nobody reads a bounded part of the program per answer', async () => {
    const { list, rowsRead } = listOver(
      crowd(Object.fromEntries(Array.from({ length: 120 }, (_, index) => [`coa_${1000 + index}`, 100]))),
    );
    const page = await list({ scope: everybody, limit: 50, status: 'complete', from: null });
    expect(page.items).toEqual([]);
    expect(page.next).not.toBeNull();
    expect(rowsRead()).toBeLessThanOrEqual(4_200);
    expect((await allPages(list, { scope: everybody, limit: 50, status: 'complete' })).ids).toEqual([]);
  });
});

const four = () =>
  new Map([
    [
      'coa_1',
      [
        person('coa_1', 1, { lastName: 'Young', grade: 9 }),
        person('coa_1', 2, { lastName: 'Álvarez', grade: null }),
        person('coa_1', 3, { lastName: 'Brandt', grade: 12, mediaReleaseDate: null }),
        person('coa_1', 4, { lastName: 'álvarez', grade: 9, gamePlatformId: 'x' }),
      ],
    ],
  ]);
async function sortedIds(
  people: Map<string, Competitor[]>,
  query: { sort: CompetitorSort; limit: number; grade?: number },
  between: () => void = () => undefined,
): Promise<string[]> {
  const sorted = createListSorted(listOver(people).list);
  const { sort, ...rest } = query;
  const ids: string[] = [];
  let from: SortedPosition | null = null;
  do {
    const page: Awaited<ReturnType<typeof sorted>> = await sorted('coa_1', sort, { ...rest, from });
    ids.push(...page.items.map(({ id }) => id));
    from = page.next;
    between();
  } while (from !== null);
  return ids;
}
const numbers = (ids: readonly string[]) => ids.map((id) => Number(id.slice(-5)));

describe('one coach’s list in another order', () => {
  test.each([
    ['name', [2, 4, 3, 1]],
    ['-name', [1, 3, 2, 4]],
    ['grade', [2, 1, 4, 3]],
    ['-grade', [3, 1, 4, 2]],
    ['status', [2, 3, 1, 4]],
  ] as const)('%s, whatever the page size', async (sort, expected) => {
    for (const limit of [1, 3, 10])
      expect(numbers(await sortedIds(four(), { sort, limit }))).toEqual([...expected]);
  });

  test('with a filter, too', async () => {
    expect(numbers(await sortedIds(four(), { sort: '-name', limit: 1, grade: 9 }))).toEqual([1, 4]);
  });

  test('is refused, and nobody left out, where there are too many', async () => {
    const sorted = createListSorted(listOver(crowd({ coa_1: MOST_SORTED + 1 })).list);
    await expect(sorted('coa_1', 'name', { limit: 10, from: null })).rejects.toMatchObject({
      code: 'TOO_MANY_TO_SORT',
    });
    const most = createListSorted(listOver(crowd({ coa_1: MOST_SORTED })).list);
    expect((await most('coa_1', '-name', { limit: 10, from: null })).items).toHaveLength(10);
  });

  test('goes on behind the last one seen, also when they have left', async () => {
    const people = four();
    const ids = await sortedIds(people, { sort: 'name', limit: 2 }, () =>
      people.set(
        'coa_1',
        (people.get('coa_1') ?? []).filter(({ lastName }) => lastName !== 'álvarez'),
      ),
    );
    expect(numbers(ids)).toEqual([2, 4, 3, 1]);
  });
});

test('a position of another coach than the one asked for starts that coach’s list anew', async () => {
  const { list } = listOver(crowd({ coa_1: 2, coa_2: 2 }));
  const page = await list({
    scope: { coachId: 'coa_2' },
    limit: 5,
    from: { coachId: 'coa_1', afterId: person('coa_1', 1).id },
  });
  expect(page.items.map(({ coachId }) => coachId)).toEqual(['coa_2', 'coa_2']);
});
