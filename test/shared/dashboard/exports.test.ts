import { describe, expect, it } from 'vitest';
import { exportCsv, type ExportDependencies } from '#shared/dashboard/exports.ts';
import { NO_FACTS } from '#shared/dashboard/facts.ts';
import { periodOf, type Period } from '#shared/dashboard/period.ts';
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
const deps = (solves: readonly Solve[] = []): ExportDependencies => ({
  coachById: async (id) =>
    id === 'coach_1'
      ? {
          id,
          name: 'Kim Vale',
          email: 'kim@example.com',
          school: 'Cedar Hollow',
          enabled: true,
          gamePlatformId: null,
          features: { onboarding: true },
          createdAt: '2026-09-01T00:00:00.000Z',
        }
      : null,
  allCoaches: async () => [],
  factsOfCoach: async () => ({
    ...NO_FACTS,
    competitors: [
      aCompetitor({ teamId: 'team_1' }),
      aCompetitor({ id: 'cmp_2', firstName: 'Noa', division: 'middle_school' }),
    ],
    teams: [aTeam()],
    days: [aDay({ day: '2026-11-19', odl: 2 })],
    flashResults: [aFlashResult()],
    syncStates: [aSyncState(), aSyncState({ competitorId: 'cmp_2' })],
  }),
  slaHours: async () => 4,
  now: () => new Date('2026-11-24T20:00:00.000Z'),
  timeZone,
  dayOf: (iso) => dayOf(iso, timeZone),
  solvesOfCoach: async (_, __, most) => solves.slice(0, most),
});
const request = {
  coachId: 'coach_1',
  division: 'high_school',
  period: periodOf({ from: '2026-11-01', to: '2026-11-24' }, '2026-11-24') as Period,
};
const linesOf = (csv: string | null) => (csv ?? '').replace('\uFEFF', '').trimEnd().split('\r\n');

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

  it('is refused beyond 5 MB with what to do', async () => {
    const many = Array.from({ length: 50_000 }, (_, solveId) => aSolve({ solveId, title: 'x'.repeat(60) }));
    await expect(exportCsv(deps(many), 'solves', request)).rejects.toMatchObject({
      kind: 'too_large',
      code: 'EXPORT_TOO_LARGE',
    });
    await expect(exportCsv(deps([...many, aSolve()]), 'solves', request)).rejects.toMatchObject({
      code: 'EXPORT_TOO_LARGE',
    });
  });

  it('is none of a coach who does not exist', async () => {
    expect(await exportCsv(deps(), 'solves', { ...request, coachId: 'nobody' })).toBeNull();
  });
});
