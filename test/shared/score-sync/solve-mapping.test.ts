import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChallengeSolve, FlashCtf } from '#shared/game-platform/vendor-contract.ts';
import { dayOf } from '#shared/kernel/days.ts';
import { addToDay, addToStats, counterDeltas, emptyStats } from '#shared/score-sync/counters.ts';
import {
  answerDigest,
  flashEventId,
  mapFlashProgress,
  mapOdlScores,
  solveKey,
} from '#shared/score-sync/solve-mapping.ts';
import { cursorAfter, OVERLAP_SECONDS, readAfter } from '#shared/score-sync/sync-competitor.ts';

const subject = { competitorId: 'cmp_1', coachId: 'coach_1' };
const context = { timeZone: 'America/Los_Angeles', readAt: '2026-11-24T18:00:00.000Z' };
const START = 1_793_000_000;

const aSolve = (over: Partial<ChallengeSolve> = {}): ChallengeSolve => ({
  challenge_solve_id: 5,
  challenge_id: 50,
  challenge_title: 'Cookie Jar',
  challenge_points: 100,
  challenge_category: 'Web',
  timestamp_unix: START,
  challenge_retired: false,
  nist_nice_work_roles: ['Vulnerability Analyst'],
  ...over,
});
const scores = (solves: ChallengeSolve[]) => ({
  metactf_user_id: 1,
  total_challenges_solved: solves.length,
  total_points: 0,
  last_accessed_unix_timestamp: 0,
  category_points: {},
  challenge_solves: solves,
  unparsed: [],
});
const aCtf = (over: Partial<FlashCtf> = {}): FlashCtf => ({
  flash_ctf_name: 'Flash CTF',
  flash_ctf_time_start_unix: START,
  challenges_solved: 1,
  points_earned: 100,
  max_points_possible: 900,
  rank: 3,
  challenge_solves: [aSolve()],
  unparsed: [],
  ...over,
});
const progress = (flash_ctfs: FlashCtf[]) => ({ flash_ctfs, unparsed: [] });

describe('days of the program', () => {
  test.each([
    ['2026-11-24T07:59:59.000Z', '2026-11-23'],
    ['2026-11-24T08:00:00.000Z', '2026-11-24'],
    // Daylight saving: seven hours behind in summer.
    ['2026-07-01T06:59:59.000Z', '2026-06-30'],
    ['2026-07-01T07:00:00.000Z', '2026-07-01'],
    // The night the clocks go back has twenty-five hours.
    ['2026-11-01T07:30:00.000Z', '2026-11-01'],
    ['2026-11-02T07:30:00.000Z', '2026-11-01'],
  ])('%s is on %s in Los Angeles', (instant, day) => {
    expect(dayOf(instant, 'America/Los_Angeles')).toBe(day);
    expect(dayOf(Date.parse(instant) / 1000, 'America/Los_Angeles')).toBe(day);
  });
});

describe('an answer as solves', () => {
  test('keeps what the platform says, with the day of the program', () => {
    const { solves, rejected } = mapOdlScores(subject, context, scores([aSolve()]));
    expect(rejected).toEqual([]);
    expect(solves).toEqual([
      {
        competitorId: 'cmp_1',
        coachId: 'coach_1',
        source: 'odl',
        eventId: 'odl',
        solveId: 5,
        challengeId: 50,
        title: 'Cookie Jar',
        points: 100,
        category: 'Web',
        solvedAt: '2026-10-26T07:33:20.000Z',
        day: '2026-10-26',
        retired: false,
        workRoles: ['Vulnerability Analyst'],
        storedAt: context.readAt,
      },
    ]);
  });

  test('the same solve id under two events and in ODL is three solves; twice in one answer is one', () => {
    const ctfs = [aCtf(), aCtf({ flash_ctf_time_start_unix: START + 86_400 }), aCtf()];
    const flash = mapFlashProgress(subject, context, progress(ctfs));
    const odl = mapOdlScores(subject, context, scores([aSolve(), aSolve()]));
    expect(new Set([...flash.solves, ...odl.solves].map(solveKey)).size).toBe(3);
    expect(flash.results).toHaveLength(2);
    expect(odl.solves).toHaveLength(1);
  });

  test.each([0, -5, 1_793_000_000_000])(
    'a solve at %d seconds is set aside without its text, the rest is kept',
    (at) => {
      const { solves, rejected } = mapOdlScores(
        subject,
        context,
        scores([aSolve({ timestamp_unix: at }), aSolve()]),
      );
      expect(solves).toHaveLength(1);
      expect(rejected).toMatchObject([
        { source: 'odl', unparsed: { index: 0, issues: [{ path: 'timestamp_unix' }] } },
      ]);
      expect(JSON.stringify(rejected)).not.toContain('Cookie');
    },
  );

  test('a solve dated beyond a few minutes ahead is set aside until its time has come', () => {
    const now = Date.parse(context.readAt) / 1000;
    const list = [now + 3 * 86_400, now + 301, now + 300, now].map((timestamp_unix, index) =>
      aSolve({ challenge_solve_id: index, timestamp_unix }),
    );
    const odl = mapOdlScores(subject, context, scores(list));
    const flash = mapFlashProgress(
      subject,
      context,
      progress([aCtf({ challenge_solves: list, challenges_solved: 4 })]),
    );
    for (const { solves, rejected } of [odl, flash]) {
      expect(solves.map(({ solveId }) => solveId)).toEqual([2, 3]);
      expect(rejected).toMatchObject([
        { solveId: 0, unparsed: { issues: [{ path: 'timestamp_unix' }] } },
        { solveId: 1, unparsed: { issues: [{ path: 'timestamp_unix' }] } },
      ]);
    }
    const later = { ...context, readAt: '2026-11-27T18:00:00.000Z' };
    expect(mapOdlScores(subject, later, scores(list)).solves).toHaveLength(4);
  });

  test('two solves under one id come out the same whatever the order of the list', () => {
    const pairs = [
      [aSolve({ challenge_points: 50 }), aSolve({ challenge_points: 100 })],
      [aSolve({ timestamp_unix: START + 9 }), aSolve()],
      [aSolve({ challenge_title: 'Cookie Tin' }), aSolve({ challenge_category: 'Misc' })],
    ];
    for (const pair of pairs) {
      const [one, other] = [pair, pair.toReversed()].map(
        (list) => mapOdlScores(subject, context, scores(list)).solves,
      );
      expect(one).toHaveLength(1);
      expect(other).toEqual(one);
    }
  });

  test('one event twice in an answer comes out the same whatever the order of the list', () => {
    const twice = [
      aCtf({ points_earned: 50, rank: 9, challenge_solves: [aSolve({ challenge_points: 50 })] }),
      aCtf(),
    ];
    const [one, other] = [twice, twice.toReversed()].map((list) => {
      const { solves, results, events } = mapFlashProgress(subject, context, progress(list));
      return { solves, results, events };
    });
    expect(one?.results).toHaveLength(1);
    expect(other).toEqual(one);
  });

  test('an event without an end is taken to last three hours; its result says that no end is known', () => {
    const { events, results } = mapFlashProgress(subject, context, progress([aCtf()]));
    expect(events).toMatchObject([
      { startsAt: '2026-10-26T07:33:20.000Z', endsAt: '2026-10-26T10:33:20.000Z' },
    ]);
    expect(results).toMatchObject([{ endsAt: null, solved: 1, points: 100, maxPoints: 900, rank: 3 }]);
  });

  test('an event keeps its id whatever its name’s case and spacing, and has another at another time', () => {
    const id = flashEventId('Flash CTF November', START);
    expect(flashEventId('  flash  CTF november ', START)).toBe(id);
    expect(flashEventId('Flash CTF November', START + 1)).not.toBe(id);
    expect(flashEventId('Flash CTF December', START)).not.toBe(id);
  });
});

const digest = (solves: ChallengeSolve[], readAt = context.readAt) =>
  answerDigest(mapOdlScores(subject, { ...context, readAt }, scores(solves)));
const digestOfRank = (rank: number) =>
  answerDigest(mapFlashProgress(subject, context, progress([aCtf({ rank })])));

describe('the fingerprint of an answer', () => {
  test('does not depend on order, repetition or the time of the read', () => {
    const [a, b] = [aSolve(), aSolve({ challenge_solve_id: 6 })];
    expect(digest([b, a, a], '2026-11-25T18:00:00.000Z')).toBe(digest([a, b]));
  });

  test('changes with a new solve, with corrected points, with a new rank', () => {
    expect(digest([aSolve(), aSolve({ challenge_solve_id: 6 })])).not.toBe(digest([aSolve()]));
    expect(digest([aSolve({ challenge_points: 90 })])).not.toBe(digest([aSolve()]));
    expect(digestOfRank(1)).not.toBe(digestOfRank(2));
  });
});

test('counting solves in any pieces and any order comes to the same as counting them at once', () => {
  const solve = fc.record({
    source: fc.constantFrom('odl' as const, 'ctf' as const),
    points: fc.nat(500),
    at: fc.integer({ min: START, max: START + 5 * 86_400 }),
  });
  fc.assert(
    fc.property(fc.array(solve, { minLength: 1, maxLength: 30 }), fc.nat(30), (list, cut) => {
      const solves = list.map(({ source, points, at }, index) => {
        const [mapped] = mapOdlScores(
          subject,
          context,
          scores([aSolve({ challenge_solve_id: index, timestamp_unix: at, challenge_points: points })]),
        ).solves;
        return { ...mapped!, source };
      });
      const pieces = [solves.slice(cut).toReversed(), solves.slice(0, cut)];
      let stats = emptyStats(subject);
      const days = new Map<string, ReturnType<typeof addToDay>>();
      for (const piece of pieces) {
        const deltas = counterDeltas(piece);
        if (deltas === null) continue;
        stats = addToStats(stats, deltas.stats);
        for (const [day, delta] of deltas.days) days.set(day, addToDay(subject, day, days.get(day), delta));
      }
      const count = (source: string) => list.filter((one) => one.source === source).length;
      expect(stats).toMatchObject({
        storedOdl: count('odl'),
        storedCtf: count('ctf'),
        lastSolveAt: new Date(Math.max(...list.map(({ at }) => at)) * 1000).toISOString(),
      });
      expect(stats.storedOdlPoints + stats.storedCtfPoints).toBe(
        list.reduce((sum, one) => sum + one.points, 0),
      );
      expect([...days.values()].reduce((sum, day) => sum + day.odl + day.ctf, 0)).toBe(list.length);
    }),
  );
});

describe('what is read when', () => {
  const now = new Date('2026-11-24T18:00:00.000Z');
  const unix = now.getTime() / 1000;
  const ago = (ms: number) => new Date(now.getTime() - ms).toISOString();

  test('everything at first and for a full read, then from the cursor less the overlap', () => {
    expect(readAfter({ cursorUnix: 0 }, false)).toBeUndefined();
    expect(readAfter({ cursorUnix: unix }, true)).toBeUndefined();
    expect(readAfter({ cursorUnix: unix }, false)).toBe(unix - OVERLAP_SECONDS);
  });

  test('the cursor is the newest solve, never back, and never ahead of the clock', () => {
    expect(cursorAfter({ cursorUnix: 7 }, [], now)).toBe(7);
    expect(cursorAfter({ cursorUnix: 7 }, [ago(60_000), ago(5_000), ago(90_000)], now)).toBe(unix - 5);
    expect(cursorAfter({ cursorUnix: unix }, [ago(60_000)], now)).toBe(unix);
    expect(cursorAfter({ cursorUnix: 7 }, [ago(-86_400_000)], now)).toBe(unix);
  });
});
