import { describe, expect, it } from 'vitest';
import { ctfChartOf } from '#shared/dashboard/ctf-chart.ts';
import { NO_FACTS, narrowToDivision, type CoachFacts } from '#shared/dashboard/facts.ts';
import { figuresOf } from '#shared/dashboard/figures.ts';
import { periodOf, type Period } from '#shared/dashboard/period.ts';
import { factsRangeOf } from '#shared/dashboard/read-dashboard.ts';
import { teamTilesOf } from '#shared/dashboard/team-tiles.ts';
import { streaksOf, timelineOf } from '#shared/dashboard/timeline.ts';
import { dayOf as dayIn } from '#shared/kernel/days.ts';
import { aCompetitor, aDay, aFlashResult, aNewcomer, aSyncState, aTeam } from '#test/support/records.ts';

const today = '2026-11-19';
const dayOf = (iso: string) => dayIn(iso, 'America/Los_Angeles');
const period = (from: string, to: string) => periodOf({ from, to }, today) as Period;
const november = period('2026-11-01', '2026-11-19');
const chart = (facts: Partial<CoachFacts>, range = november, on = today) =>
  ctfChartOf({ figures: figuresOf({ ...NO_FACTS, ...facts }, dayOf), period: range, today: on });
const people = [aCompetitor({ id: 'a' }), aCompetitor({ id: 'b' })];

describe('The pace of CTF solves', () => {
  const days = [
    aDay({ competitorId: 'a', day: '2026-11-02', odl: 9, ctf: 2 }),
    aDay({ competitorId: 'b', day: '2026-11-19', ctf: 17 }),
    aDay({ competitorId: 'a', day: '2026-10-01', ctf: 1 }),
    aDay({ competitorId: 'a', day: '2026-10-19', ctf: 3 }),
    aDay({ competitorId: 'b', day: '2026-10-31', ctf: 4 }),
    aDay({ competitorId: 'a', day: '2026-09-30', ctf: 50 }),
  ];

  it('adds up CTF solves by day of month, this month over the last, with a forecast at the same pace', () => {
    const { pace } = chart({ competitors: people, days });
    expect(pace).toMatchObject({
      month: '2026-11',
      previousMonth: '2026-10',
      monthDays: 30,
      solved: 19,
      previousSameDay: 4,
      previousSolved: 8,
      forecast: 30,
    });
    expect(pace.totals).toHaveLength(19);
    expect([pace.totals[0], pace.totals[1], pace.totals[17], pace.totals[18]]).toEqual([0, 2, 2, 19]);
    expect(pace.previousTotals).toHaveLength(31);
  });

  it('ends with the range, and forecasts nothing for a month that is over or hardly begun', () => {
    const october = chart({ competitors: people, days }, period('2026-10-01', '2026-10-20')).pace;
    expect(october).toMatchObject({ month: '2026-10', solved: 4, previousSolved: 50, forecast: null });
    const early = chart({ competitors: people, days }, period('2026-10-20', '2026-11-19'), '2026-11-02').pace;
    expect(early).toMatchObject({ month: '2026-11', solved: 2, forecast: null });
  });

  it('compares the last days of a long month with all of a shorter one before', () => {
    const march = periodOf({ from: '2027-03-01', to: '2027-03-31' }, '2027-03-31') as Period;
    const { pace } = chart(
      { competitors: people, days: [aDay({ competitorId: 'a', day: '2027-02-28', ctf: 5 })] },
      march,
      '2027-03-31',
    );
    expect(pace).toMatchObject({ previousSameDay: 5, previousSolved: 5, monthDays: 31 });
  });

  it('counts registered competitors alone', () => {
    const competitors = [aCompetitor({ id: 'a', active: false }), aNewcomer({ id: 'b' })];
    expect(chart({ competitors, days }).pace.solved).toBe(0);
  });

  it('has the days of both months read, however short the range is', () => {
    const range = factsRangeOf(period('2026-11-18', '2026-11-19'), today, new Date('2026-11-19T20:00:00Z'));
    expect(range).toMatchObject({ from: '2026-10-01', to: '2026-11-19' });
    expect(range.eventsSince < '2026-10-01').toBe(true);
  });
});

describe('Points per Flash CTF', () => {
  it('are summed by event on the day of the program’s zone, players being those with a solve', () => {
    const result = { eventId: 'nov', eventName: 'November', startsAt: '2026-11-14T02:00:00.000Z' };
    const { events } = chart({
      competitors: people,
      flashResults: [
        aFlashResult({ ...result, competitorId: 'a', points: 600, solved: 3 }),
        aFlashResult({ ...result, competitorId: 'b', points: 0, solved: 0 }),
        aFlashResult({ ...result, competitorId: 'gone', points: 900, solved: 3 }),
        aFlashResult({ eventId: 'old', competitorId: 'a', startsAt: '2026-09-30T20:00:00.000Z' }),
      ],
    });
    expect(events).toEqual([
      { eventId: 'nov', name: 'November', day: '2026-11-13', players: 1, solved: 3, points: 600 },
    ]);
  });
});

const onTeam = (id: string, over = {}) => aCompetitor({ id, teamId: 'team_1', ...over });
const tiles = (facts: Partial<CoachFacts>, range = november) =>
  teamTilesOf({ facts: { ...NO_FACTS, ...facts }, period: range, late: new Set(['b']) }).rows;

describe('The tile of a team', () => {
  it('averages the points in range of today’s members over all of them', () => {
    const [tile] = tiles({
      competitors: [
        onTeam('a'),
        onTeam('b'),
        aNewcomer({ id: 'new', teamId: 'team_1' }),
        aCompetitor({ id: 'left' }),
      ],
      teams: [aTeam({ members: ['a', 'b', 'new'] })],
      days: [
        aDay({ competitorId: 'a', day: '2026-11-01', odlPoints: 100, ctf: 1, ctfPoints: 400 }),
        aDay({ competitorId: 'b', day: '2026-11-19', odlPoints: 400 }),
        aDay({ competitorId: 'a', day: '2026-10-31', odlPoints: 9_000 }),
        aDay({ competitorId: 'left', day: '2026-11-05', odlPoints: 9_000 }),
      ],
      syncStates: [
        aSyncState({ competitorId: 'a' }),
        aSyncState({ competitorId: 'b', lastReadAt: '2026-11-19T01:00:00.000Z' }),
      ],
    });
    expect(tile).toMatchObject({
      averageScore: 300,
      points: 900,
      solved: 3,
      members: 3,
      active: 2,
      late: 1,
      asOf: '2026-11-19T01:00:00.000Z',
      badge: { state: 'pending' },
    });
    expect(tile?.bars).toHaveLength(19);
    expect([tile?.bars[0], tile?.bars[18]]).toEqual([2, 1]);
  });

  it('leaves out who is on hold, and has no average without members', () => {
    const held = onTeam('a', { consentWithdrawnDate: '2026-11-02' });
    const [tile] = tiles({
      competitors: [held],
      teams: [aTeam({ members: ['a'] })],
      days: [aDay({ competitorId: 'a' })],
    });
    expect(tile).toMatchObject({ averageScore: null, members: 0, solved: 0, asOf: null });
  });

  it('sums a long range in at most 31 bars that hold every solve', () => {
    const year = period('2025-11-19', '2026-11-19');
    const days = ['2025-11-19', '2026-03-05', '2026-11-19'].map((day) => aDay({ competitorId: 'a', day }));
    const [tile] = tiles({ competitors: [onTeam('a')], teams: [aTeam()], days }, year);
    expect(tile?.bars.length).toBeLessThanOrEqual(31);
    expect(tile?.bars.reduce((sum, bar) => sum + bar, 0)).toBe(3);
  });

  it('comes in the order of the averages', () => {
    const rows = tiles({
      competitors: [onTeam('a'), aCompetitor({ id: 'b', teamId: 'best' })],
      teams: [aTeam(), aTeam({ id: 'empty' }), aTeam({ id: 'best' })],
      days: [aDay({ competitorId: 'b', day: '2026-11-02' })],
    });
    expect(rows.map(({ teamId }) => teamId)).toEqual(['best', 'team_1', 'empty']);
  });
});

const timeline = (over: Partial<CoachFacts>) => {
  const facts = { ...NO_FACTS, ...over };
  return timelineOf({
    figures: figuresOf(facts, dayOf),
    streaks: streaksOf(facts, november),
    nameOf: (id) => id,
    period: november,
    today,
    teamEditsSince: facts.teamEditsSince === null ? null : dayOf(facts.teamEditsSince),
  });
};

describe('The timeline', () => {
  it('counts registrations, edits of teams and solves on days of the program’s zone', () => {
    const { days } = timeline({
      competitors: [
        aCompetitor({
          id: 'a',
          platform: { ...aCompetitor().platform, onboardedAt: '2026-11-03T05:00:00.000Z' },
        }),
      ],
      teamEdits: [{ at: '2026-11-03T07:59:00.000Z', competitorId: 'a', teamId: 'team_1' }],
      days: [aDay({ competitorId: 'a', day: '2026-11-02', odl: 2, ctf: 1 })],
    });
    expect(days).toHaveLength(19);
    expect(days[1]).toEqual({ day: '2026-11-02', registrations: 1, teamEdits: 1, solves: 3 });
  });

  it('finds streaks of three days or more, over the end of a month and with one that began before the range', () => {
    const days = ['2026-10-30', '2026-10-31', '2026-11-01', '2026-11-05', '2026-11-06'].map((day) =>
      aDay({ competitorId: 'a', day }),
    );
    const revoked = aDay({ competitorId: 'a', day: '2026-11-07', odl: 0, ctf: 0 });
    const { streaks, streakCount } = timeline({ competitors: people, days: [...days, revoked] });
    expect(streakCount).toBe(1);
    expect(streaks).toMatchObject([{ competitorId: 'a', from: '2026-10-30', to: '2026-11-01', days: 3 }]);
  });

  it('says from when on edits of teams are known, where they were too many', () => {
    expect(timeline({ teamEditsSince: '2026-11-10T03:00:00.000Z' }).teamEditsSince).toBe('2026-11-09');
  });

  it('follows the division with edits of its teams and its people', () => {
    const { teamEdits } = narrowToDivision(
      {
        ...NO_FACTS,
        competitors: [aCompetitor({ id: 'a' }), aCompetitor({ id: 'b', division: 'middle_school' })],
        teams: [aTeam(), aTeam({ id: 'team_2', division: 'middle_school' })],
        teamEdits: [
          { at: '2026-11-03T07:00:00.000Z', competitorId: 'a', teamId: 'team_2' },
          { at: '2026-11-03T07:00:00.000Z', competitorId: 'b', teamId: 'team_1' },
          { at: '2026-11-03T07:00:00.000Z', competitorId: null, teamId: 'team_1' },
          { at: '2026-11-03T07:00:00.000Z', competitorId: null, teamId: 'team_2' },
        ],
      },
      'high_school',
    );
    expect(teamEdits.map(({ competitorId, teamId }) => [competitorId, teamId])).toEqual([
      ['a', 'team_2'],
      [null, 'team_1'],
    ]);
  });
});
