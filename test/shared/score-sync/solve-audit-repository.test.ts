import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { counterDeltas } from '#shared/score-sync/counters.ts';
import { dayOf } from '#shared/kernel/days.ts';
import {
  competitorDaySchema,
  competitorStatsSchema,
  isStanding,
  solveSchema,
  type Solve,
} from '#shared/score-sync/score-records.ts';
import type { Claim } from '#shared/score-sync/solve-audit.ts';
import { keys } from '#shared/table/keys.ts';
import { createSolveRepository } from '#shared/score-sync/solve-repository.ts';
import type { Table } from '#shared/table/table.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { runs } from '#test/support/effort.ts';

const newTable = useTestTables();

const subject = { competitorId: 'cmp_1', coachId: 'coach_1' };
const START = Date.parse('2026-10-20T00:00:00.000Z');
const at = (minutes: number) =>
  new Date(Date.parse('2026-11-24T18:00:00.000Z') + minutes * 60_000).toISOString();

const aSolve = (solveId: number, points: number, readAt: string, halfDays = solveId): Solve => {
  const solvedAt = new Date(START + halfDays * 12 * 3_600_000).toISOString();
  return {
    ...subject,
    source: 'odl',
    eventId: 'odl',
    solveId,
    challengeId: solveId,
    title: 'Cookie Jar',
    points,
    category: 'web',
    solvedAt,
    day: dayOf(solvedAt, 'America/Los_Angeles'),
    retired: false,
    workRoles: [],
    storedAt: readAt,
  };
};
const claimOf = (solves: readonly Solve[], readAt: string, jobId: string): Claim => ({
  source: 'odl',
  mapped: { solves, rejected: [], oddParts: [], listsAllOf: () => true },
  complete: true,
  readAt,
  jobId,
});
let ids = 0;
const options = {
  openMonth: '2026-11',
  totalsMark: 'mark_1',
  activity: (kind: string, details: Record<string, unknown>) => {
    ids += 1;
    const line = {
      id: `act_${ids}`,
      coachId: 'coach_1',
      at: at(0),
      actor: 'job:job_1',
      competitorId: 'cmp_1',
    };
    return { ...line, kind, details } as never;
  },
};

/** Totals, days and the marks of months are what the solves that stand come to. */
async function expectSums(table: Table): Promise<Solve[]> {
  const items = await itemsOf(table, keys.competitorPartition('cmp_1'));
  const of = (type: string) => items.filter((item) => item['type'] === type);
  const solves = of('solve').map((item) => solveSchema.parse(item));
  const deltas = counterDeltas(solves.filter(isStanding));
  const [stats] = of('stats').map((item) => competitorStatsSchema.parse(item));
  expect(stats).toMatchObject({
    storedOdl: deltas?.stats.odl ?? 0,
    storedOdlPoints: deltas?.stats.odlPoints ?? 0,
    lastSolveAt: deltas?.stats.lastSolveAt ?? null,
  });
  const days = of('day').map((item) => competitorDaySchema.parse(item));
  expect(Object.fromEntries(days.map((day) => [day.day, [day.odl, day.odlPoints, day.lastSolveAt]]))).toEqual(
    Object.fromEntries(
      [...(deltas?.days ?? [])].map(([day, delta]) => [day, [delta.odl, delta.odlPoints, delta.lastSolveAt]]),
    ),
  );
  return solves;
}

test('several audits and stores of one competitor at once leave sums that are those of the solves', async () => {
  const answer = fc.uniqueArray(
    fc.record({ id: fc.nat(11), points: fc.constantFrom(10, 20), halfDays: fc.nat(40) }),
    { minLength: 4, maxLength: 12, selector: ({ id }) => id },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(answer, { minLength: 3, maxLength: 5 }), async (answers) => {
      const table = await newTable();
      const first = Array.from({ length: 12 }, (_, id) => aSolve(id, 10, at(0)));
      const store = { since: at(0), jobId: 'job_0', openMonth: '2026-11', totalsMark: null, activity: null };
      await createSolveRepository(table).store(subject, first.slice(0, 9), store);
      await Promise.all([
        createSolveRepository(table).store(subject, first.slice(5), store),
        ...answers.map((list, index) => {
          const readAt = at(index + 1);
          const solves = list.map(({ id, points, halfDays }) => aSolve(id, points, readAt, halfDays));
          const claim = claimOf(solves, readAt, `job_${index + 1}`);
          return createSolveRepository(table).reconcile(subject, claim, options);
        }),
      ]);
      await expectSums(table);

      // And the last word is the platform's: twice, for what was pending.
      const last = (answers[0] ?? []).map(({ id, points }) => aSolve(id, points, at(60)));
      for (const [index, minutes] of [60, 90].entries())
        await createSolveRepository(table).reconcile(
          subject,
          claimOf(last, at(minutes), `job_last_${index}`),
          options,
        );
      const standing = (await expectSums(table)).filter(isStanding);
      expect(new Map(standing.map((solve) => [solve.solveId, solve.points]))).toEqual(
        new Map(last.map((solve) => [solve.solveId, solve.points])),
      );
      // A month's mark is what moved in it since it was first counted: all marks of a month and its sum agree.
      const october = standing.filter(({ day }) => day.startsWith('2026-10'));
      const marks = await createSolveRepository(table).restatedMonths('coach_1', '2026-10', '2026-10');
      expect(marks.reduce((sum, { odl }) => sum + odl, 0)).toBe(october.length);
    }),
    { numRuns: runs(20, 4) },
  );
});

test('hundreds of withdrawals fit their transactions, and the second time there is nothing to do', async () => {
  const table = await newTable();
  const repository = createSolveRepository(table);
  const all = Array.from({ length: 300 }, (_, id) => aSolve(id, 10, at(0), id % 60));
  const store = { since: at(0), jobId: 'job_0', openMonth: null, totalsMark: null, activity: null };
  await repository.store(subject, all, store);
  const claim = claimOf(all.slice(0, 160), at(10), 'job_1');
  expect(await repository.reconcile(subject, claim, options)).toMatchObject({ revoked: 140, pending: 0 });
  const solves = await expectSums(table);
  expect(solves.filter(isStanding)).toHaveLength(160);
  const later = claimOf(all.slice(0, 160), at(20), 'job_2');
  expect(await repository.reconcile(subject, later, options)).toMatchObject({
    revoked: 0,
    expected: { solves: 160, points: 1600 },
  });
});
