import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { editTimeBucket, editTimePercentile, editTimesOfMonth } from '#shared/teams/rosters/edit-times.ts';
import { createEditTimesRepository } from '#shared/teams/rosters/edit-times-repository.ts';
import type { Table } from '#shared/table/table.ts';
import { useTestTables } from '#test/support/dynamodb.ts';

const histogramOf = (seconds: readonly number[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const one of seconds) counts[editTimeBucket(one)] = (counts[editTimeBucket(one)] ?? 0) + 1;
  return counts;
};

/** The percentile of the durations themselves, by nearest rank. */
const exact = (seconds: readonly number[], share: number): number =>
  seconds.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(share * seconds.length)) - 1] ?? 0;

const durations = fc.array(fc.double({ min: 0, max: 8_000, noNaN: true }), { minLength: 1, maxLength: 200 });

describe('percentiles of a histogram', () => {
  test('name the bucket in which the true percentile lies', () => {
    fc.assert(
      fc.property(durations, fc.constantFrom(0.01, 0.5, 0.95, 0.99, 1), (seconds, share) => {
        const read = editTimePercentile(histogramOf(seconds), share);
        const bucket = read === null ? 'more' : `le${read}`;
        expect(bucket).toBe(editTimeBucket(exact(seconds, share)));
      }),
    );
  });

  test('never fall as the share grows, whatever months are added up', () => {
    fc.assert(
      fc.property(durations, durations, (one, two) => {
        const counts = histogramOf([...one, ...two]);
        const { p50, p95, p99, edits, withinPromise } = editTimesOfMonth('2026-11', counts);
        const [a, b, c] = [p50, p95, p99].map((value) => value ?? Infinity) as [number, number, number];
        expect(a <= b && b <= c).toBe(true);
        expect(edits).toBe(one.length + two.length);
        const within = [...one, ...two].filter((seconds) => seconds <= 60).length;
        expect(withinPromise).toBeCloseTo(within / edits);
      }),
    );
  });

  test.each([
    ['no edits', {}, null],
    ['one slow edit among a hundred', { le3: 99, le900: 1 }, 3],
    ['two slow edits among a hundred', { le3: 98, le900: 2 }, 900],
    ['edits beyond the last bound', { le3: 1, more: 3 }, null],
  ])('p99 of %s', (_what, counts, p99) => {
    expect(editTimePercentile(counts, 0.99)).toBe(p99);
  });
});

describe('months on the table', () => {
  let table: Table;
  const newTable = useTestTables();
  beforeEach(async () => {
    table = await newTable();
  });

  test('come newest first, at most as many as asked for, with every edit counted once', async () => {
    const times = createEditTimesRepository(table);
    const months = ['2025-12', '2026-01', '2026-02'];
    for (const [index, month] of months.entries()) {
      for (let edit = 0; edit <= index; edit += 1)
        await times.count(edit * 100, new Date(`${month}-15T12:00:00Z`));
    }
    const read = await times.months(2);
    expect(read.map(({ month, counts }) => editTimesOfMonth(month, counts))).toEqual([
      { month: '2026-02', edits: 3, p50: 120, p95: 300, p99: 300, withinPromise: 1 / 3 },
      { month: '2026-01', edits: 2, p50: 1, p95: 120, p99: 120, withinPromise: 1 / 2 },
    ]);
  });
});
