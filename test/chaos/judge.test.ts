import { describe, expect, test } from 'vitest';
import { judge, monthsOf, type Finding, type Truth, type TruePerson } from './judge.ts';

type Row = Readonly<Record<string, unknown>>;

const ZONE = 'America/Los_Angeles';
const AT = Date.parse('2026-11-03T20:00:00.000Z') / 1_000;
const BEFORE = Date.parse('2026-10-20T20:00:00.000Z') / 1_000;

const trueSolve = (key: string, at: number, points: number) => ({
  key,
  at,
  points,
  title: 'Challenge',
  category: 'crypto',
});
const SOLVES = [
  trueSolve('odl#odl#1', AT, 100),
  trueSolve('ctf#event#1', AT + 60, 50),
  trueSolve('odl#odl#2', BEFORE, 75),
];
const PERSON: TruePerson = {
  id: 'cmp_a',
  solves: SOLVES,
  results: [{ eventId: 'event', solved: 1, points: 50, maxPoints: 500, rank: 4 }],
  teamId: 'team_1',
  name: 'Zqcmpa',
  before: {},
  wish: 'team_1',
  erased: false,
};
const GONE: TruePerson = {
  ...PERSON,
  id: 'cmp_g',
  name: 'Zqcmpg',
  teamId: null,
  wish: undefined,
  erased: true,
};
const TRUTH: Truth = { timeZone: ZONE, openMonth: '2026-11', teamIds: ['team_1'], people: [PERSON, GONE] };

const solveRow = (key: string, at: number, points: number): Row => {
  const [source, eventId, solveId] = key.split('#');
  const told = {
    title: 'Challenge',
    category: 'crypto',
    points,
    solvedAt: new Date(at * 1_000).toISOString(),
  };
  return {
    pk: 'COMP#cmp_a',
    sk: `SOLVE#${key}`,
    type: 'solve',
    source,
    eventId,
    solveId: Number(solveId),
    ...told,
  };
};
const day = (date: string, sums: Row): Row => ({
  pk: 'COMP#cmp_a',
  sk: `DAY#${date}`,
  type: 'day',
  day: date,
  odl: 0,
  odlPoints: 0,
  ctf: 0,
  ctfPoints: 0,
  ...sums,
});

/** A table in which everything is as the platform says. */
const ROWS: readonly Row[] = [
  ...SOLVES.map(({ key, at, points }) => solveRow(key, at, points)),
  { ...solveRow('odl#odl#9', AT, 10), revokedAt: '2026-11-03T21:00:00.000Z' },
  {
    pk: 'COMP#cmp_a',
    sk: 'STATS',
    type: 'stats',
    storedOdl: 2,
    storedOdlPoints: 175,
    storedCtf: 1,
    storedCtfPoints: 50,
    lastSolveAt: new Date((AT + 60) * 1_000).toISOString(),
  },
  day('2026-11-03', { odl: 1, odlPoints: 100, ctf: 1, ctfPoints: 50 }),
  day('2026-10-20', { odl: 1, odlPoints: 75 }),
  { ...day('', { odl: 1, odlPoints: 75 }), sk: 'RESTATED#2026-10', type: 'restated_month', month: '2026-10' },
  {
    pk: 'COMP#cmp_a',
    sk: 'FLASH#event',
    type: 'flash_result',
    eventId: 'event',
    solved: 1,
    points: 50,
    maxPoints: 500,
    rank: 4,
  },
  {
    pk: 'ACTIVITY#coa_1',
    sk: 'line',
    type: 'activity',
    kind: 'solves_stored',
    competitorId: 'cmp_a',
    details: { odl: 2, ctf: 1 },
  },
  {
    pk: 'COMP#cmp_a',
    sk: 'PROFILE',
    type: 'competitor',
    id: 'cmp_a',
    gamePlatformId: 'cmp_a',
    teamId: 'team_1',
  },
  {
    pk: 'COMP#cmp_a',
    sk: 'ROSTER',
    type: 'roster_entry',
    confirmedTeamId: 'team_1',
    doubtTeamId: null,
    failure: null,
  },
  { pk: 'TEAM#team_1', sk: 'META', type: 'team', id: 'team_1', members: ['cmp_a'] },
  {
    pk: 'JOB#job_1',
    sk: 'META',
    type: 'job',
    id: 'job_1',
    status: 'succeeded',
    parts: 1,
    partsDone: 1,
    partsFailed: 0,
    error: null,
    counts: { total: 2, synced: 1, skipped: 1 },
  },
  { pk: 'COMP#cmp_g', sk: 'ERASED', type: 'tombstone', competitorId: 'cmp_g' },
];

const kinds = (findings: readonly Finding[]) => [...new Set(findings.map(({ kind }) => kind))];
const without = (sk: string) => ROWS.filter((row) => row['sk'] !== sk);
const changed = (sk: string, change: Row) =>
  ROWS.map((row) => (row['sk'] === sk ? { ...row, ...change } : row));
const judged = (rows: readonly Row[], truth = TRUTH, open: readonly string[] = []) =>
  kinds(judge(truth, rows, open));

test('a table that says what the platform says is found without fault', () => {
  expect(judge(TRUTH, ROWS, [])).toEqual([]);
});

test('sums by month are those of the program’s time zone', () => {
  const lateInOctober = trueSolve('odl#odl#3', Date.parse('2026-11-01T05:00:00.000Z') / 1_000, 5);
  expect(monthsOf([lateInOctober], ZONE)).toEqual({
    '2026-10': { odl: 1, odlPoints: 5, ctf: 0, ctfPoints: 0 },
  });
});

describe('what is planted is found', () => {
  test.each<[string, Finding['kind'], readonly Row[]]>([
    ['a solve that is not stored', 'lost', without('SOLVE#odl#odl#1')],
    [
      'a solve that counts as taken back and stands over there',
      'lost',
      changed('SOLVE#odl#odl#1', { revokedAt: 'x' }),
    ],
    ['a solve under the id of another event', 'lost', changed('SOLVE#ctf#event#1', { eventId: 'another' })],
    ['a solve too many', 'doubled', [...ROWS, solveRow('odl#odl#7', AT, 10)]],
    ['one taken back that counts again', 'doubled', changed('SOLVE#odl#odl#9', { revokedAt: undefined })],
    ['other points', 'wrong', changed('SOLVE#odl#odl#1', { points: 99 })],
    ['another time', 'wrong', changed('SOLVE#odl#odl#1', { solvedAt: '2026-11-03T20:00:01.000Z' })],
    [
      'a line of the timeline that is told twice',
      'doubled',
      [...ROWS, ...ROWS.filter(({ sk }) => sk === 'line')],
    ],
    ['a solve that is counted twice', 'counter', changed('STATS', { storedOdl: 3 })],
    ['points that are counted twice', 'counter', changed('STATS', { storedCtfPoints: 100 })],
    ['no totals', 'counter', without('STATS')],
    ['another last solve', 'counter', changed('STATS', { lastSolveAt: null })],
    ['a day that lacks a solve', 'counter', changed('DAY#2026-11-03', { odl: 0 })],
    ['a day that lacks', 'counter', without('DAY#2026-10-20')],
    ['a day of nothing', 'counter', [...ROWS, day('2026-11-02', { odl: 1 })]],
    ['a month that was restated twice', 'counter', changed('RESTATED#2026-10', { odl: 2 })],
    ['a month that was restated without a mark', 'counter', without('RESTATED#2026-10')],
    ['another rank', 'flash', changed('FLASH#event', { rank: 5 })],
    ['no result', 'flash', without('FLASH#event')],
    ['another team', 'roster', changed('PROFILE', { teamId: 'team_2' })],
    ['a list without a member', 'roster', changed('META', { members: [] })],
    ['another team that is confirmed', 'roster', changed('ROSTER', { confirmedTeamId: null })],
    ['a doubt that stayed', 'roster', changed('ROSTER', { doubtTeamId: 'team_1' })],
    ['an error that stayed', 'roster', changed('ROSTER', { failure: { code: 'UNAVAILABLE' } })],
    [
      'a team that is not over there',
      'roster',
      [...ROWS, { pk: 'TEAM#team_2', sk: 'META', type: 'team', id: 'team_2', members: [] }],
    ],
    ['a job that never ended', 'job', changed('META', { status: 'running' })],
    ['counts that do not add up', 'job', changed('META', { counts: { total: 2, synced: 1 } })],
    ['a part that is open', 'job', changed('META', { partsDone: 0 })],
    ['a row of an erased person', 'erased', [...ROWS, { pk: 'COMP#cmp_g', sk: 'STATS', type: 'stats' }]],
    ['the name of an erased person', 'erased', [...ROWS, { pk: 'AUDIT#day', sk: 'x', text: 'Mira Zqcmpg' }]],
    [
      'a line about an erased person',
      'erased',
      [...ROWS, { pk: 'ACTIVITY#coa_1', sk: 'y', type: 'activity', competitorId: 'cmp_g' }],
    ],
    ['an erased person without a tombstone', 'erased', without('ERASED')],
  ])('%s', (_, kind, rows) => {
    expect(judged(rows)).toContain(kind);
  });

  test.each<[string, Finding['kind'], Partial<TruePerson>]>([
    ['the platform has them on another team', 'roster', { teamId: 'team_2' }],
    ['the platform has them on no team', 'roster', { teamId: null }],
    ['the coach was told another team', 'roster', { wish: null }],
    ['the platform has one solve more', 'lost', { solves: [...SOLVES, trueSolve('odl#odl#8', AT, 5)] }],
  ])('%s', (_, kind, change) => {
    expect(judged(ROWS, { ...TRUTH, people: [{ ...PERSON, ...change }] })).toContain(kind);
  });

  test('a dead letter, or work that never came to an end', () => {
    expect(judged(ROWS, TRUTH, ['dead letter of sync'])).toEqual(['letter']);
  });

  test('an erased person who is still on a team over there', () => {
    expect(judged(ROWS, { ...TRUTH, people: [{ ...GONE, teamId: 'team_1' }] })).toContain('erased');
  });
});
