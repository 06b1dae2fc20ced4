import { describe, expect, it, test } from 'vitest';
import { NO_FACTS, type CoachFacts } from '#shared/dashboard/facts.ts';
import { periodOf, type Period } from '#shared/dashboard/period.ts';
import { dayOf } from '#shared/kernel/days.ts';
import { reportCardSchema, type CardFigures } from '#shared/report-card/contract.ts';
import { insightsOf, longestStreak } from '#shared/report-card/insights.ts';
import { cardState, reportCardOf, type CardFacts } from '#shared/report-card/read-report-card.ts';
import { categoriesOf, listSolves, workRolesOf } from '#shared/report-card/solve-list.ts';
import { categoryLabel, WORK_ROLES, workRoleOf } from '#shared/report-card/work-roles.ts';
import type { CompetitorStats, Solve, SolveHistory } from '#shared/score-sync/score-records.ts';
import {
  aCompetitor,
  aDay,
  aFlashResult,
  aNewcomer,
  aSolve as aSolveRecord,
  aSyncState,
  aTeam,
} from '#test/support/records.ts';

const ZONE = 'America/Los_Angeles';
const now = new Date('2026-11-24T20:10:00.000Z');
const period = periodOf({ from: '2026-11-01', to: '2026-11-24' }, '2026-11-24') as Period;

/** One that names the role it trains. */
const aSolve = (over: Partial<Solve> = {}): Solve => aSolveRecord({ workRoles: ['DD-WRL-001'], ...over });

const someStats = (over: Partial<CompetitorStats> = {}): CompetitorStats => ({
  competitorId: 'cmp_1',
  coachId: 'coach_1',
  storedOdl: 1,
  storedCtf: 0,
  storedOdlPoints: 100,
  storedCtfPoints: 0,
  lastSolveAt: '2026-11-20T23:00:00.000Z',
  platform: null,
  ...over,
});

function card(over: Partial<Omit<CardFacts, 'facts'>> & { readonly facts?: Partial<CoachFacts> } = {}) {
  const competitor = over.competitor ?? aCompetitor();
  return reportCardOf(
    {
      competitor,
      stored: { solves: [aSolve()], complete: true },
      changes: [],
      flashResults: [],
      ...over,
      facts: {
        ...NO_FACTS,
        competitors: [competitor],
        days: [aDay()],
        stats: [someStats()],
        syncStates: [aSyncState()],
        ...over.facts,
      },
    },
    { period, slaHours: 8, inactiveDays: 14, now, timeZone: ZONE, dayOf: (iso) => dayOf(iso, ZONE) },
  );
}

const figures = (over?: Parameters<typeof card>[0]): CardFigures => {
  const made = card(over).figures;
  if (made === null) throw new Error('The card has no figures.');
  return made;
};

describe('A report card', () => {
  it('answers what its contract says, with totals of the period and of the one before', () => {
    const made = card({ facts: { days: [aDay(), aDay({ day: '2026-10-20', odl: 3, odlPoints: 250 })] } });
    expect(reportCardSchema.parse(made)).toEqual(made);
    expect(made).toMatchObject({ state: 'ok', asOf: '2026-11-24T19:30:00.000Z', partial: false });
    expect(made.figures?.totals).toMatchObject({
      challenges: 1,
      points: 100,
      activeDays: 1,
      days: 24,
      previous: { challenges: 3, points: 250 },
    });
  });

  it('has a heat map of the 90 days up to the last one, and tells days before the account apart', () => {
    const { heat } = figures();
    expect([heat.length, heat[0]?.day, heat.at(-1)?.day]).toEqual([90, '2026-08-27', '2026-11-24']);
    expect(heat.find(({ day }) => day === '2026-11-20')).toMatchObject({ odl: 1, beforeAccount: false });
    // Onboarded on September 5.
    expect(heat.findLast(({ beforeAccount }) => beforeAccount)?.day).toBe('2026-09-04');
  });

  it('puts a Flash CTF on the program’s day, not on that of UTC', () => {
    const { flash, heat } = figures({
      flashResults: [aFlashResult({ startsAt: '2026-11-14T03:00:00.000Z' })],
    });
    expect(flash[0]?.day).toBe('2026-11-13');
    expect(heat.filter(({ flashCtf }) => flashCtf).map(({ day }) => day)).toEqual(['2026-11-13']);
  });

  it('leaves out of the Flash CTFs what was taken back whole', () => {
    expect(figures({ flashResults: [aFlashResult({ solved: 0, points: 0 })] }).flash).toEqual([]);
  });

  it('lists the Flash CTFs oldest first and takes the best rank from the period alone', () => {
    const { flash, totals } = figures({
      flashResults: [
        aFlashResult(),
        aFlashResult({ eventId: 'september', startsAt: '2026-09-18T22:00:00.000Z', rank: 2 }),
      ],
    });
    expect(flash.map(({ rank }) => rank)).toEqual([2, 12]);
    expect(totals.bestRank).toEqual({ rank: 12, eventName: 'November Flash CTF', day: '2026-11-13' });
  });

  it('compares with nothing where there was no account in the period before', () => {
    const platform = { ...aCompetitor().platform, onboardedAt: '2026-11-02T18:00:00.000Z' };
    const { totals, insights } = figures({ competitor: aCompetitor({ platform }) });
    expect(totals.previous).toBeNull();
    expect(insights.some(({ code }) => code === 'progress')).toBe(false);
  });

  it('says when stored solves were more than are read', () => {
    expect(figures({ stored: { solves: [aSolve()], complete: false } }).solvesComplete).toBe(false);
  });
});

describe('A withdrawn solve', () => {
  const withdrawn = aSolve({
    solveId: 2,
    challengeId: 2,
    points: 500,
    revokedAt: '2026-11-21T08:00:00.000Z',
  });

  it('is listed and marked, and counts in no category and no work role', () => {
    const made = figures({ stored: { solves: [aSolve(), withdrawn], complete: true } });
    expect(made.solves.map(({ id, mark }) => [id, mark])).toEqual([
      ['odl#odl#1', null],
      ['odl#odl#2', 'withdrawn'],
    ]);
    expect(made.categories).toEqual([{ category: 'Cryptography', challenges: 1, points: 100 }]);
    expect(made.workRoles).toMatchObject([{ id: 'DD-WRL-001', named: 1, points: 100 }]);
  });

  it('leaves no role where it was the only one', () => {
    expect(workRolesOf([withdrawn], period)).toEqual([]);
  });
});

test('a corrected solve tells what it was worth before, and counts as it is now', () => {
  const change: SolveHistory = {
    competitorId: 'cmp_1',
    coachId: 'coach_1',
    source: 'odl',
    eventId: 'odl',
    solveId: 1,
    kind: 'corrected',
    at: '2026-11-22T08:00:00.000Z',
    jobId: 'job_1',
    before: {
      title: 'Caesar at Sea',
      points: 80,
      category: 'crypto',
      solvedAt: '2026-11-20T23:00:00.000Z',
      revoked: false,
    },
  };
  const list = listSolves([aSolve()], [change], [], period);
  expect(list).toMatchObject([{ mark: 'corrected', markedAt: change.at, pointsBefore: 80, points: 100 }]);
  expect(categoriesOf(list, [])[0]?.points).toBe(100);
});

test('solves outside the period are not listed, newest come first', () => {
  const list = listSolves(
    [
      aSolve(),
      aSolve({ solveId: 2, day: '2026-10-31' }),
      aSolve({ solveId: 3, solvedAt: '2026-11-24T18:00:00.000Z', day: '2026-11-24' }),
    ],
    [],
    [],
    period,
  );
  expect(list.map(({ id }) => id)).toEqual(['odl#odl#3', 'odl#odl#1']);
});

describe('How it stands', () => {
  const settings = { hasScores: true, now, slaHours: 8 };
  const withdrawnConsent = aCompetitor({ consentWithdrawnDate: '2026-11-20' });

  it.each([
    ['no account', aNewcomer(), undefined, 'no_account'],
    ['on hold', withdrawnConsent, aSyncState(), 'on_hold'],
    ['deactivated', aCompetitor({ active: false }), aSyncState(), 'deactivated'],
    ['read late', aCompetitor(), aSyncState({ lastReadAt: '2026-11-24T12:00:00.000Z' }), 'stale'],
    ['read in time', aCompetitor(), aSyncState(), 'ok'],
  ] as const)('%s', (_name, competitor, state, expected) => {
    expect(cardState(competitor, state, settings)).toBe(expected);
  });

  it('is told apart before the first read: never read, or not approved yet', () => {
    const nothing = { ...settings, hasScores: false };
    expect(cardState(aCompetitor(), aSyncState({ lastReadAt: null }), nothing)).toBe('never_read');
    const platform = { ...aCompetitor().platform, accountStatus: 'pending_approval' };
    expect(cardState(aCompetitor({ platform }), undefined, nothing)).toBe('not_approved');
  });

  it('shows no figures without an account, on hold and before the first read', () => {
    const nothing = { stored: { solves: [], complete: true } };
    expect(card({ competitor: aNewcomer(), ...nothing }).figures).toBeNull();
    expect(card({ competitor: withdrawnConsent }).figures).toBeNull();
    const unread = [aSyncState({ lastReadAt: null })];
    expect(card({ ...nothing, facts: { syncStates: unread } }).figures).toBeNull();
  });
});

const people = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    aCompetitor({ id: `cmp_${index + 1}`, gamePlatformId: `cmp_${index + 1}`, teamId: 'team_1' }),
  );

const compared = (competitors: ReturnType<typeof people>, over: Partial<CoachFacts> = {}) =>
  figures({
    competitor: aCompetitor({ teamId: 'team_1' }),
    facts: {
      competitors,
      teams: [aTeam()],
      syncStates: competitors.map(({ id }) => aSyncState({ competitorId: id })),
      ...over,
    },
  }).comparison;

describe('The comparison', () => {
  it('divides by the people of team and division today', () => {
    const [team, division] = compared(people(5), { days: [aDay(), aDay({ day: '2026-11-21' })] });
    expect(team).toMatchObject({
      kind: 'team',
      name: 'Packet Foxes',
      people: 5,
      averages: { points: 40, challenges: 0.4, ctf: 0, activeDays: 0.4 },
      late: 0,
    });
    expect(team?.cumulative?.slice(18, 21)).toEqual([0, 20, 40]);
    expect(division).toMatchObject({ kind: 'division', name: 'high_school', people: 5 });
  });

  it('of fewer than five people tells no averages', () => {
    const [team, division] = compared(people(4));
    expect([team?.averages, team?.cumulative, team?.people]).toEqual([null, null, 4]);
    expect(division?.averages).toBeNull();
  });

  it('does not count whoever is on hold or deactivated towards the five', () => {
    const [four, gone] = [people(4), aCompetitor({ id: 'cmp_9', teamId: 'team_1', active: false })];
    const onHold = aCompetitor({ id: 'cmp_8', teamId: 'team_1', consentWithdrawnDate: '2026-11-01' });
    expect(compared([...four, gone, onHold])[0]).toMatchObject({ people: 4, averages: null });
  });

  it('is marked as partial where somebody’s last read is late', () => {
    const competitors = people(5);
    const made = card({
      competitor: aCompetitor({ teamId: 'team_1' }),
      facts: {
        competitors,
        teams: [aTeam()],
        syncStates: competitors.map(({ id }, index) =>
          aSyncState({ competitorId: id, ...(index === 4 && { lastReadAt: null }) }),
        ),
      },
    });
    expect(made.state).toBe('ok');
    expect(made.partial).toBe(true);
    expect(made.figures?.comparison[0]?.late).toBe(1);
  });
});

describe('Categories', () => {
  it.each([
    ['crypto', 'Cryptography'],
    ['Network_Traffic', 'Networking'],
    ['Reverse_Engineering', 'Reverse Engineering'],
    ['web', 'Web Exploitation'],
    ['OSINT', 'OSINT'],
    ['cloud security', 'Cloud Security'],
    ['', 'Miscellaneous'],
  ])('“%s” is %s', (spelled, name) => {
    expect(categoryLabel(spelled)).toBe(name);
  });

  it('show one that others have points in as nothing yet', () => {
    const list = listSolves([aSolve()], [], [], period);
    expect(categoriesOf(list, ['rev', 'Cryptography'])).toEqual([
      { category: 'Cryptography', challenges: 1, points: 100 },
      { category: 'Reverse Engineering', challenges: 0, points: 0 },
    ]);
  });
});

describe('NICE work roles', () => {
  it('are known by id or name of both sets, in any case', () => {
    expect(new Set(WORK_ROLES.map(({ id }) => id)).size).toBe(53);
    const forensics = workRoleOf('PD-WRL-002');
    expect(forensics?.name).toBe('Digital Forensics');
    for (const word of ['pd-wrl-002', ' Digital  forensics', 'IN-FOR-002', 'cyber defense forensics analyst'])
      expect(workRoleOf(word)).toBe(forensics);
    expect(workRoleOf('Juggling')).toBeUndefined();
  });

  it('count a challenge once, however often and under whatever word it names the role', () => {
    const roles = workRolesOf(
      [
        aSolve({ workRoles: ['PD-WRL-002', 'Digital Forensics', 'IN-FOR-002'] }),
        aSolve({ solveId: 2, workRoles: ['PD-WRL-002'] }),
      ],
      period,
    );
    expect(roles).toMatchObject([{ id: 'PD-WRL-002', named: 1, byCategory: 0, points: 100 }]);
  });

  it('are those of the category for a solve that names none', () => {
    const roles = workRolesOf([aSolve({ workRoles: [], category: 'networking' })], period);
    expect(roles.map(({ id, named, byCategory }) => [id, named, byCategory])).toEqual([
      ['PD-WRL-001', 0, 1],
      ['IO-WRL-004', 0, 1],
    ]);
  });

  it('show a word that is no role as it came', () => {
    expect(workRolesOf([aSolve({ workRoles: ['Badge Maker'] })], period)).toMatchObject([
      { id: null, name: 'Badge Maker', meaning: null },
    ]);
  });
});

describe('Insights', () => {
  it('the longest streak is the later of two that are equal, and ends with a gap', () => {
    const days = ['2026-11-01', '2026-11-02', '2026-11-04', '2026-11-05', '2026-11-09'];
    expect(longestStreak(days)).toEqual({ days: 2, from: '2026-11-04', to: '2026-11-05' });
    expect(longestStreak([])).toBeNull();
  });

  it('carry the figures they rest on', () => {
    const streak = ['2026-11-18', '2026-11-19', '2026-11-20'].map((day) => aDay({ day }));
    const made = figures({
      facts: {
        days: streak,
        stats: [
          someStats({
            platform: {
              challengesCompleted: 1,
              totalScore: 100,
              categoryPoints: { crypto: 100, osint: 10, rev: 20 },
              lastAccessedAt: null,
              monthlyCtfChallenges: 0,
              readAt: '2026-11-24T18:00:00.000Z',
            },
          }),
        ],
      },
    });
    expect(made.insights).toEqual([
      { code: 'progress', challenges: 3, previous: 0, days: 24 },
      { code: 'strongest', category: 'Cryptography', points: 100, of: 100 },
      { code: 'untouched', categories: ['OSINT', 'Reverse Engineering'], known: 3 },
      { code: 'streak', days: 3, from: '2026-11-18', to: '2026-11-20' },
    ]);
  });

  it('name two quiet weeks first, and the way of the ranks', () => {
    const base = figures({
      flashResults: [
        aFlashResult({ rank: 41, eventId: 'a', startsAt: '2026-09-18T22:00:00.000Z' }),
        aFlashResult(),
      ],
    });
    const found = insightsOf({ ...base, streak: null, quietDays: 14, inactiveDays: 14 });
    expect(found[0]).toMatchObject({ code: 'quiet', days: 14 });
    expect(found).toContainEqual({ code: 'rank', from: 41, to: 12, events: 2 });
  });

  it('compare with no team that is too small', () => {
    expect(figures().insights.some(({ code }) => code === 'team')).toBe(false);
  });
});
