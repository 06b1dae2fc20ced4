import { describe, expect, it } from 'vitest';
import { NO_FACTS, narrowToDivision, type CoachFacts } from '#shared/dashboard/facts.ts';
import { leaderboardOf } from '#shared/dashboard/leaderboard.ts';
import { figuresOf } from '#shared/dashboard/figures.ts';
import { kpisOf } from '#shared/dashboard/kpis.ts';
import { periodOf, type Period } from '#shared/dashboard/period.ts';
import { aCompetitor, aDay, aFlashResult, aNewcomer, aSyncState, aTeam } from '#test/support/records.ts';

const period = periodOf({ from: '2026-11-01', to: '2026-11-24' }, '2026-11-24') as Period;
const dayOf = (iso: string) => iso.slice(0, 10);
const kpis = (facts: Partial<CoachFacts>, late = 0) =>
  kpisOf({
    figures: figuresOf({ ...NO_FACTS, ...facts }, dayOf),
    period,
    asOf: '2026-11-24T19:30:00.000Z',
    late,
  });

const quiet = (id: string) =>
  aCompetitor({ id, platform: { ...aCompetitor().platform, lastLoginAt: '2026-09-06T10:00:00.000Z' } });

describe('Active on platform', () => {
  it('counts who solved something or signed in within the range, of all registered', () => {
    const { active } = kpis({
      competitors: [
        quiet('solver'),
        aCompetitor({ id: 'signed-in' }),
        quiet('idle'),
        aNewcomer({ id: 'new' }),
      ],
      days: [aDay({ competitorId: 'solver', day: '2026-11-02' })],
    });
    expect(active).toMatchObject({ value: 2, of: 3, change: 2 });
  });

  it('compares with who was active in the range before', () => {
    const { active } = kpis({
      competitors: [quiet('one')],
      days: [aDay({ competitorId: 'one', day: '2026-10-20' })],
    });
    expect(active).toMatchObject({ value: 0, change: -1 });
  });
});

describe('Registered and enrolled', () => {
  it('leaves deactivated competitors out of both sides of every share', () => {
    const { registered, enrollment } = kpis({
      competitors: [
        aCompetitor({ id: 'a', teamId: 'team_1', teamJoinedAt: '2026-11-10T10:00:00.000Z' }),
        aNewcomer({ id: 'b' }),
        aCompetitor({ id: 'c', active: false, teamId: 'team_1' }),
      ],
    });
    expect(registered).toMatchObject({ value: 1, of: 2, footnote: '1 not on the platform yet' });
    expect(enrollment).toMatchObject({ value: 50, count: 1, of: 2, change: 50 });
  });

  it('leaves who is on hold out of every figure and the leaderboard', () => {
    const held = aCompetitor({ id: 'held', teamId: 'tea_1', consentWithdrawnDate: '2026-11-20' });
    const facts = {
      competitors: [aCompetitor({ id: 'one' }), held],
      days: [aDay({ competitorId: 'held', day: '2026-11-02' })],
      flashResults: [aFlashResult({ competitorId: 'held' })],
      syncStates: [aSyncState({ competitorId: 'one' })],
    };
    const { active, registered, enrollment, solved, ctfParticipation } = kpis(facts);
    expect([active, registered, enrollment].map(({ count, of }) => [count, of])).toEqual([
      [1, 1],
      [1, 1],
      [0, 1],
    ]);
    expect(solved.value).toBe(0);
    expect(ctfParticipation).toMatchObject({ count: 0, of: 1 });
    const board = leaderboardOf({ facts: { ...NO_FACTS, ...facts }, period, late: new Set() });
    expect(board.rows.map(({ competitorId }) => competitorId)).toEqual(['one']);
  });

  it('have sparklines of the headline’s own quantity: shares where it is a share', () => {
    const { enrollment, ctfParticipation } = kpis({
      competitors: [
        aCompetitor({ id: 'a', teamId: 'team_1', teamJoinedAt: '2026-11-10T20:00:00.000Z' }),
        aCompetitor({ id: 'b', teamId: 'team_1', teamJoinedAt: null }),
        aCompetitor({ id: 'c' }),
      ],
      flashResults: [aFlashResult({ competitorId: 'a' })],
      syncStates: [aSyncState({ competitorId: 'a' })],
    });
    expect([enrollment.value, enrollment.spark[0], enrollment.spark.at(-1)]).toEqual([66.7, 33.3, 66.7]);
    expect([ctfParticipation.value, ctfParticipation.spark[0], ctfParticipation.spark.at(-1)]).toEqual([
      33.3, 0, 33.3,
    ]);
  });

  it('shows nobody as no percentage, not as 0 %', () => {
    expect(kpis({}).enrollment).toMatchObject({ value: null, change: null });
  });
});

describe('Challenges solved', () => {
  it('adds up ODL and CTF apart and compares with the range before', () => {
    const { solved } = kpis({
      competitors: [aCompetitor()],
      syncStates: [aSyncState()],
      days: [aDay({ odl: 3, ctf: 2, day: '2026-11-01' }), aDay({ odl: 1, ctf: 1, day: '2026-10-31' })],
    });
    expect(solved).toMatchObject({ value: 5, odl: 3, ctf: 2, change: 3, state: 'ok' });
    expect(solved.spark[0]).toBe(5);
    expect(solved.spark).toHaveLength(24);
  });

  it('leaves deactivated competitors out, as the leaderboard does, so that the totals agree', () => {
    const { solved } = kpis({
      competitors: [aCompetitor({ id: 'a' }), aCompetitor({ id: 'gone', active: false })],
      days: [aDay({ competitorId: 'a', odl: 2 }), aDay({ competitorId: 'gone', odl: 5 })],
    });
    expect(solved).toMatchObject({ value: 2, odl: 2 });
    expect(solved.spark.reduce((sum, count) => sum + count, 0)).toBe(2);
  });

  it('is marked partial while somebody is read late', () => {
    expect(kpis({ competitors: [aCompetitor()], syncStates: [aSyncState()] }, 1).solved.state).toBe(
      'partial',
    );
  });

  it('is marked never, not zero, before anybody was read', () => {
    const facts = { ...NO_FACTS, competitors: [aCompetitor()] };
    expect(kpisOf({ figures: figuresOf(facts, dayOf), period, asOf: null, late: 1 }).solved.state).toBe(
      'never',
    );
  });
});

describe('Monthly CTF participation', () => {
  it('counts registered competitors with a solve in an event that began in the last month of the range', () => {
    const { ctfParticipation } = kpis({
      competitors: [
        aCompetitor({ id: 'a' }),
        aCompetitor({ id: 'b' }),
        aCompetitor({ id: 'c' }),
        aCompetitor({ id: 'd' }),
      ],
      flashResults: [
        aFlashResult({ competitorId: 'a' }),
        aFlashResult({ competitorId: 'a', eventId: 'second' }),
        aFlashResult({ competitorId: 'b', solved: 0 }),
        aFlashResult({ competitorId: 'c', startsAt: '2026-10-09T22:00:00.000Z' }),
        aFlashResult({ competitorId: 'd', startsAt: '2026-10-09T22:00:00.000Z' }),
      ],
    });
    expect(ctfParticipation).toMatchObject({ value: 25, count: 1, of: 4, change: -25 });
  });
});

const board = (facts: Partial<CoachFacts>) =>
  leaderboardOf({ facts: { ...NO_FACTS, ...facts }, period, late: new Set(['late']) });
const at = (time: string) => `2026-11-20T${time}:00.000Z`;

describe('The leaderboard', () => {
  it('orders by solves, then points, then who got there first, and equal values share a rank', () => {
    const { rows } = board({
      competitors: ['slow', 'fast', 'tied', 'points', 'most', 'none', 'none2'].map((id) =>
        aCompetitor({ id }),
      ),
      days: [
        aDay({ competitorId: 'slow', odl: 2, odlPoints: 100, lastSolveAt: at('12:00') }),
        aDay({ competitorId: 'fast', odl: 2, odlPoints: 100, lastSolveAt: at('11:00') }),
        aDay({ competitorId: 'tied', odl: 2, odlPoints: 100, lastSolveAt: at('11:00') }),
        aDay({ competitorId: 'points', odl: 2, odlPoints: 900, lastSolveAt: at('23:00') }),
        aDay({ competitorId: 'most', odl: 3, odlPoints: 10, lastSolveAt: at('23:00') }),
      ],
    });
    expect(rows.map(({ competitorId, rank }) => [competitorId, rank])).toEqual([
      ['most', 1],
      ['points', 2],
      ['fast', 3],
      ['tied', 3],
      ['slow', 5],
      ['none', 6],
      ['none2', 6],
    ]);
  });

  it('shows the rank of the range before only for those who had one', () => {
    const { rows } = board({
      competitors: [aCompetitor({ id: 'a' }), aCompetitor({ id: 'b' })],
      days: [aDay({ competitorId: 'a', day: '2026-11-02' }), aDay({ competitorId: 'b', day: '2026-10-30' })],
    });
    expect(rows.map(({ competitorId, previousRank }) => [competitorId, previousRank])).toEqual([
      ['a', null],
      ['b', 1],
    ]);
  });

  it('marks who is read late and counts everybody in the totals', () => {
    const { rows, total, totals } = board({
      competitors: [aCompetitor({ id: 'late' }), aCompetitor({ id: 'b', teamId: 'team_1' })],
      teams: [aTeam()],
      days: [
        aDay({ competitorId: 'late', odl: 2 }),
        aDay({ competitorId: 'b', odl: 1, ctf: 1, ctfPoints: 50 }),
      ],
    });
    expect(rows.find((row) => row.competitorId === 'late')).toMatchObject({ late: true, teamName: null });
    expect(rows.find((row) => row.competitorId === 'b')).toMatchObject({
      late: false,
      teamName: 'Packet Foxes',
    });
    expect({ total, totals }).toEqual({ total: 2, totals: { odl: 3, ctf: 1, done: 4, points: 250 } });
  });

  it('shows one division only when asked to', () => {
    const facts = narrowToDivision(
      {
        ...NO_FACTS,
        competitors: [aCompetitor({ id: 'a', division: 'college' }), aCompetitor({ id: 'b' })],
        days: [aDay({ competitorId: 'a' }), aDay({ competitorId: 'b' })],
      },
      'college',
    );
    expect(board(facts)).toMatchObject({ total: 1, totals: { done: 1 } });
  });
});
