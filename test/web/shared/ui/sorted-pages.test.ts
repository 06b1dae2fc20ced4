import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { pageOf, sortRows } from '#web/shared/ui/sorted-pages.ts';

const numbers = fc.array(fc.option(fc.integer({ min: 0, max: 50 })), { maxLength: 60 });

test('sorting keeps everybody, in order, and those without a value last in both directions', () => {
  fc.assert(
    fc.property(numbers, fc.constantFrom('asc' as const, 'desc' as const), (rows, direction) => {
      const sorted = sortRows(rows, (row) => row, direction);
      const known = sorted.filter((row) => row !== null);
      const expected = rows
        .filter((row) => row !== null)
        .toSorted((a, b) => (direction === 'asc' ? a - b : b - a));
      expect(known).toEqual(expected);
      expect(sorted.slice(known.length).every((row) => row === null)).toBe(true);
      expect(sorted).toHaveLength(rows.length);
    }),
  );
});

test('equal rows keep their order', () => {
  const rows = [
    { name: 'first', done: 3 },
    { name: 'second', done: 3 },
  ];
  expect(sortRows(rows, (row) => row.done, 'desc')).toEqual(rows);
});

test('the pages together are the whole list, each row once', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 80 }), fc.integer({ min: 1, max: 20 }), (rows, size) => {
      const { last } = pageOf(rows, 0, size);
      const pages = Array.from({ length: last + 1 }, (_, index) => pageOf(rows, index, size));
      expect(pages.flatMap((page) => page.rows)).toEqual(rows);
    }),
  );
});

test('a list that shrank under the page shows its last page', () => {
  expect(pageOf([1, 2, 3], 7, 2)).toEqual({ rows: [3], index: 1, last: 1, from: 3 });
  expect(pageOf([], 7, 2)).toMatchObject({ rows: [], index: 0, last: 0 });
});
