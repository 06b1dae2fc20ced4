import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { counterDeltas } from '#shared/score-sync/counters.ts';
import { dayOf } from '#shared/kernel/days.ts';
import type { Solve } from '#shared/score-sync/score-records.ts';
import { keys } from '#shared/table/keys.ts';
import { createSolveRepository } from '#shared/score-sync/solve-repository.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { runs } from '#test/support/effort.ts';

const newTable = useTestTables();

const subject = { competitorId: 'cmp_1', coachId: 'coach_1' };
const options = {
  since: '2026-11-24T18:00:00.000Z',
  jobId: 'job_1',
  openMonth: null,
  totalsMark: 'mark_1',
  activity: null,
};
const HOUR_MS = 3_600_000;
const START = Date.parse('2026-11-01T00:00:00.000Z');

const aSolve = (solveId: number, hours: number, source: 'odl' | 'ctf' = 'odl'): Solve => {
  const solvedAt = new Date(START + hours * HOUR_MS).toISOString();
  return {
    ...subject,
    source,
    eventId: source === 'odl' ? 'odl' : 'event_1',
    solveId,
    challengeId: solveId,
    title: 'Cookie Jar',
    points: 10 + solveId,
    category: 'web',
    solvedAt,
    day: dayOf(solvedAt, 'America/Los_Angeles'),
    retired: false,
    workRoles: [],
    storedAt: '2026-11-24T18:00:00.000Z',
  };
};

test('stores a first import of hundreds of solves in transactions that fit, and nothing at the second call', async () => {
  const table = await newTable();
  const solves = Array.from({ length: 130 }, (_, n) => aSolve(n, n * 11, n % 3 === 0 ? 'ctf' : 'odl'));
  const repository = createSolveRepository(table);
  expect(await repository.store(subject, solves, options)).toMatchObject({ stored: 130, differs: false });
  const later = { ...options, since: '2026-11-24T18:00:00.001Z' };
  expect(await repository.store(subject, solves, later)).toMatchObject({ stored: 0, differs: false });

  const items = await itemsOf(table, keys.competitorPartition('cmp_1'));
  const deltas = counterDeltas(solves);
  expect(items.filter((item) => item['type'] === 'solve')).toHaveLength(130);
  expect(items.filter((item) => item['type'] === 'day')).toHaveLength(deltas?.days.size ?? 0);
  expect(items.find((item) => item['type'] === 'stats')).toMatchObject({
    storedOdl: deltas?.stats.odl,
    storedCtf: deltas?.stats.ctf,
    storedOdlPoints: deltas?.stats.odlPoints,
    lastSolveAt: deltas?.stats.lastSolveAt,
    gsi1pk: 'COACH#coach_1',
    gsi1sk: 'STATS#cmp_1',
    platform: null,
  });
});

test('several workers on one competitor at once, with answers that differ, count every solve once', async () => {
  const answer = fc.uniqueArray(
    fc.record({ id: fc.nat(9), source: fc.constantFrom('odl' as const, 'ctf' as const) }),
    { minLength: 1, maxLength: 8, selector: ({ id, source }) => `${source}${id}` },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(answer, { minLength: 2, maxLength: 4 }), async (answers) => {
      const table = await newTable();
      // Two solves a day, so that answers meet in the day rows too.
      const given = answers.map((list) => list.map(({ id, source }) => aSolve(id, id * 12, source)));
      const stores = given.map((solves) => createSolveRepository(table).store(subject, solves, options));
      const counted = await Promise.all(stores);

      const all = new Map(given.flat().map((solve) => [`${solve.source}${solve.solveId}`, solve]));
      const deltas = counterDeltas([...all.values()]);
      const items = await itemsOf(table, keys.competitorPartition('cmp_1'));
      expect(items.filter((item) => item['type'] === 'solve')).toHaveLength(all.size);
      expect(items.find((item) => item['type'] === 'stats')).toMatchObject({
        storedOdl: deltas?.stats.odl,
        storedCtf: deltas?.stats.ctf,
        storedOdlPoints: deltas?.stats.odlPoints,
        storedCtfPoints: deltas?.stats.ctfPoints,
        lastSolveAt: deltas?.stats.lastSolveAt,
      });
      const days = items.filter((item) => item['type'] === 'day');
      expect(
        Object.fromEntries(
          days.map((item) => [item['day'], [item['odl'], item['ctf'], item['lastSolveAt']]]),
        ),
      ).toEqual(
        Object.fromEntries(
          [...(deltas?.days ?? [])].map(([day, { odl, ctf, lastSolveAt }]) => [day, [odl, ctf, lastSolveAt]]),
        ),
      );
      // Each counts what it found new; none counts more than it was given.
      for (const [index, { stored }] of counted.entries())
        expect(stored).toBeLessThanOrEqual(given[index]?.length ?? 0);
    }),
    { numRuns: runs(30, 6) },
  );
});

test('totals of the platform leave our own counters alone, whichever comes first', async () => {
  const table = await newTable();
  const repository = createSolveRepository(table);
  const totals = {
    challengesCompleted: 4,
    totalScore: 300,
    categoryPoints: { web: 300 },
    lastAccessedAt: null,
    monthlyCtfChallenges: 0,
    readAt: '2026-11-24T18:00:00.000Z',
  };
  await repository.savePlatformTotals(subject, totals);
  expect((await repository.statsOf(['cmp_1'])).get('cmp_1')).toMatchObject({
    storedOdl: 0,
    lastSolveAt: null,
  });
  await repository.store(subject, [aSolve(1, 1)], options);
  await repository.savePlatformTotals(subject, { ...totals, challengesCompleted: 5 });
  expect((await repository.statsOf(['cmp_1'])).get('cmp_1')).toMatchObject({
    storedOdl: 1,
    lastSolveAt: '2026-11-01T01:00:00.000Z',
    platform: { challengesCompleted: 5 },
  });
});
