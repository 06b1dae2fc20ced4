import { describe, expect, it } from 'vitest';
import type { ExportName } from '#shared/dashboard/contract.ts';
import { createExport, type ExportDependencies } from '#shared/dashboard/exports.ts';
import { NO_FACTS, type CoachFacts } from '#shared/dashboard/facts.ts';
import { periodOf, type Period } from '#shared/dashboard/period.ts';
import type { DashboardRequest } from '#shared/dashboard/read-dashboard.ts';
import { createMemoryScratch, type CsvCursor } from '#shared/kernel/csv/csv-source.ts';
import { csvLines } from '#shared/kernel/csv/write-csv.ts';
import { dayOf } from '#shared/kernel/days.ts';
import type { Solve } from '#shared/score-sync/score-records.ts';
import {
  aCompetitor,
  aDay,
  aFlashResult,
  aSolve as aSolveRecord,
  aSyncState,
  aTeam,
} from '#test/support/records.ts';

const aSolve = (over: Partial<Solve> = {}): Solve =>
  aSolveRecord({
    title: '=Cookie Jar',
    category: 'Web',
    solvedAt: '2026-11-20T05:30:00.000Z',
    day: '2026-11-19',
    storedAt: '2026-11-20T06:00:00.000Z',
    ...over,
  });
const timeZone = 'America/Los_Angeles';
const aCoach = (id: string) => ({
  id,
  name: 'Kim Vale',
  email: 'kim@example.com',
  school: 'Cedar Hollow',
  enabled: true,
  gamePlatformId: null,
  features: { onboarding: true },
  createdAt: '2026-09-01T00:00:00.000Z',
});
const FACTS = {
  ...NO_FACTS,
  competitors: [
    aCompetitor({ teamId: 'team_1' }),
    aCompetitor({ id: 'cmp_2', firstName: 'Noa', division: 'middle_school' }),
  ],
  teams: [aTeam()],
  days: [aDay({ day: '2026-11-19', odl: 2 })],
  flashResults: [aFlashResult()],
  syncStates: [aSyncState(), aSyncState({ competitorId: 'cmp_2' })],
};
const positionOf = (index: number) => ({ pk: 'pk', sk: String(index), gsi2pk: 'gsi2pk', gsi2sk: 'gsi2sk' });
const deps = (
  solves: readonly Solve[] = [],
  factsOf: (id: string) => CoachFacts = () => FACTS,
): ExportDependencies => ({
  coachById: async (id) => (id === 'coach_1' ? aCoach(id) : null),
  allCoaches: async () => ['coach_3', 'coach_1', 'coach_2'].map(aCoach),
  factsOfCoach: async (id) => factsOf(id),
  freshnessFactsOfCoach: async (id) => factsOf(id),
  // A page ends a little sooner than it may, as those of the table do where they are full.
  solvesOfCoach: async (_, __, { limit, after }) => {
    const from = Number(after?.sk ?? 0);
    const to = from + Math.min(limit, 2);
    return { solves: solves.slice(from, to), last: to < solves.length ? positionOf(to) : null };
  },
  slaHours: async () => 4,
  now: () => new Date('2026-11-24T20:00:00.000Z'),
  timeZone,
  dayOf: (iso) => dayOf(iso, timeZone),
});
const request = {
  coachId: 'coach_1',
  division: 'high_school',
  period: periodOf({ from: '2026-11-01', to: '2026-11-24' }, '2026-11-24') as Period,
};
/** The whole file, step by step; `resumed`: each step as another invocation takes it up. */
async function exportCsv(
  dependencies: ExportDependencies,
  name: ExportName,
  asked: DashboardRequest,
  resumed = false,
): Promise<string | null> {
  const scratch = createMemoryScratch();
  let source = await createExport(dependencies, name, asked, scratch);
  if (source === null) return null;
  let csv = '';
  let cursor: CsvCursor | null = null;
  do {
    const step = await source(cursor);
    csv += csvLines(step.lines, csv === '' && step.lines.length > 0);
    cursor = step.next === null ? null : JSON.parse(JSON.stringify(step.next));
    if (resumed) source = (await createExport(dependencies, name, asked, scratch)) ?? source;
  } while (cursor !== null);
  return csv;
}
const linesOf = (csv: string | null) => (csv ?? '').replace('\uFEFF', '').trimEnd().split('\r\n');

/** Two people for each coach, named by the coach. */
const ofCoach = (id: string): CoachFacts => ({
  ...FACTS,
  competitors: [
    aCompetitor({ teamId: 'team_1', id: `cmp_1_${id}`, firstName: id }),
    aCompetitor({ id: `cmp_2_${id}`, firstName: id, division: 'middle_school' }),
  ],
  days: [aDay({ day: '2026-11-19', competitorId: `cmp_1_${id}`, odl: Number(id.at(-1)) })],
  flashResults: [aFlashResult({ competitorId: `cmp_1_${id}` })],
  syncStates: [
    aSyncState({ competitorId: `cmp_1_${id}`, lastReadAt: `2026-11-24T19:0${id.at(-1) ?? ''}:00.000Z` }),
  ],
});

describe('A file of the dashboard', () => {
  it('says as of when and for which days, in the program’s zone, and follows the division', async () => {
    expect(linesOf(await exportCsv(deps(), 'leaderboard', request))).toEqual([
      'As of (Pacific Time),2026-11-24 11:30 AM,everyone read on time,Days,2026-11-01 to 2026-11-24',
      'Rank,Competitor,Team,Grade,Division,ODL solved,CTF solved,Solved in all,Points,Last solve (Pacific Time),Scores as of (Pacific Time),Scores late',
      '1,Amara Quill,Packet Foxes,11,High School,2,0,2,100,2026-11-20 3:00 PM,2026-11-24 11:30 AM,no',
    ]);
  });

  it('lists solves that stand on days of the range, and runs no formula', async () => {
    const solves = [
      aSolve(),
      aSolve({ solveId: 2, revokedAt: '2026-11-21T00:00:00.000Z' }),
      aSolve({ solveId: 3, day: '2026-10-31' }),
      aSolve({ solveId: 4, competitorId: 'cmp_2' }),
    ];
    expect(linesOf(await exportCsv(deps(solves), 'solves', request)).slice(2)).toEqual([
      "2026-11-19 9:30 PM,Amara Quill,Packet Foxes,11,High School,ODL,,'=Cookie Jar,Web,100",
    ]);
  });

  it('lists results in Flash CTFs that began in the range', async () => {
    expect(linesOf(await exportCsv(deps(), 'flash-ctf', request)).slice(2)).toEqual([
      'November Flash CTF,2026-11-13 2:00 PM,Amara Quill,Packet Foxes,11,High School,3,600,2000,12,2026-11-13 10:00 PM',
    ]);
  });

  const everybody = { ...request, coachId: null, division: null };
  it('of all coaches ranks everybody together, is as of the oldest read, and counts who is late', async () => {
    const lines = linesOf(await exportCsv(deps([], ofCoach), 'leaderboard', everybody));
    expect(lines[0]).toBe(
      'As of (Pacific Time),2026-11-24 11:01 AM,3 of 6 read late,Days,2026-11-01 to 2026-11-24',
    );
    expect(lines.slice(2).map((line) => line.split(',').slice(0, 2))).toEqual([
      ['1', 'coach_3 Quill'],
      ['2', 'coach_2 Quill'],
      ['3', 'coach_1 Quill'],
      ['4', 'coach_1 Quill'],
      ['4', 'coach_2 Quill'],
      ['4', 'coach_3 Quill'],
    ]);
  });

  it.each(['leaderboard', 'solves', 'flash-ctf'] as const)(
    'is the same when another invocation goes on with it after any step: %s',
    async (name) => {
      const solves = Array.from({ length: 5 }, (_, solveId) =>
        aSolve({ solveId, competitorId: 'cmp_1_coach_1' }),
      );
      const whole = await exportCsv(deps(solves, ofCoach), name, everybody);
      expect(linesOf(whole).length).toBeGreaterThan(4);
      expect(await exportCsv(deps(solves, ofCoach), name, everybody, true)).toBe(whole);
    },
  );

  it('is none of a coach who does not exist', async () => {
    expect(await exportCsv(deps(), 'solves', { ...request, coachId: 'nobody' })).toBeNull();
  });
});
