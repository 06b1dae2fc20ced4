import { array, assert, constantFrom, integer, oneof, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { initialBudget, type BudgetState } from '#shared/game-platform/budget/budget-state.ts';
import {
  dayLimit,
  laneRates,
  leaseSlots,
  onDay,
  type Moment,
} from '#shared/game-platform/budget/lease-slots.ts';
import { EMPTY_REPORT, withReport } from '#shared/game-platform/budget/usage-report.ts';
import { createMoments } from '#shared/game-platform/budget/moment.ts';
import { limitsOf, START, ZONE } from './budget-world.ts';

const at: Moment = { now: START, day: '2026-11-25', hour: '10', dayEnds: START + 50_000_000, random: 0 };
const fresh = initialBudget(at.day);
const ask = { wanted: 100, waitMs: 2_000 };
const stateWith = (change: Partial<BudgetState>): BudgetState => ({ ...fresh, version: 1, ...change });

/** Calls that may start by the slots of a second, as the platform may see it. */
const mostInASecond = (slots: readonly number[]): number => {
  const sorted = slots.toSorted((a, b) => a - b);
  // 1,200 ms of slots: each call may come up to 80 ms late, by a clock that is off by 10, on a new connection.
  return Math.max(
    ...sorted.map((first, index) => sorted.slice(index).filter((slot) => slot < first + 1_199.99).length),
  );
};

/** Both ask whenever they have no slot ahead of them; the slots that the roster lane was given by second. */
const bothAsk = (seconds: number) => {
  const limits = limitsOf();
  const given: Record<'roster' | 'reads', number[]> = { roster: [], reads: [] };
  let state = fresh;
  for (let now = START; now < START + seconds * 1_000; now += 20) {
    for (const lane of ['reads', 'roster'] as const) {
      if ((given[lane].at(-1) ?? 0) > now) continue;
      const leased = leaseSlots(
        state,
        limits,
        lane,
        { wanted: lane === 'reads' ? 25 : 1, waitMs: 5_000 },
        { ...at, now },
      );
      if (leased.answer.kind === 'leased') given[lane].push(...leased.answer.slots);
      ({ state } = leased);
    }
  }
  return { ...given, state };
};

describe('sharing the rate', () => {
  const asking = array(
    record({
      lane: constantFrom('roster' as const, 'reads' as const),
      afterMs: oneof(integer({ min: 0, max: 120 }), integer({ min: 0, max: 9_000 })),
      wanted: integer({ min: 1, max: 25 }),
    }),
    { minLength: 1, maxLength: 120 },
  );

  it('never gives more slots to a second than the rate, however the lanes ask', () => {
    assert(
      property(asking, integer({ min: 2, max: 30 }), (requests, callsPerSecond) => {
        const limits = limitsOf({ callsPerSecond });
        const slots: number[] = [];
        let state = fresh;
        let now = START;
        for (const { lane, afterMs, wanted } of requests) {
          now += afterMs;
          const leased = leaseSlots(state, limits, lane, { wanted, waitMs: 5_000 }, { ...at, now });
          if (leased.answer.kind === 'leased') slots.push(...leased.answer.slots);
          ({ state } = leased);
        }
        expect(mostInASecond(slots)).toBeLessThanOrEqual(callsPerSecond);
      }),
      { numRuns: 300 },
    );
  });

  it('gives accounts more than half of the rate while they wait, although reads take all they get', () => {
    const { roster, reads } = bothAsk(30);
    expect(roster.length).toBeGreaterThan(0.5 * (roster.length + reads.length));
    expect(reads.length).toBeGreaterThan(0.3 * (roster.length + reads.length));
  });

  it('gives reads their usual pace again some seconds after nobody waits any more', () => {
    const { state } = bothAsk(10);
    const later = START + 20_000;
    const { answer } = leaseSlots(state, limitsOf(), 'reads', ask, { ...at, now: later });
    expect(answer).toMatchObject({ kind: 'leased', slots: { length: 7 } });
  });
});

describe('leasing slots', () => {
  it('splits the rate into whole calls for both lanes', () => {
    expect(laneRates(limitsOf())).toEqual({ roster: 2, reads: 8 });
    expect(laneRates(limitsOf({ callsPerSecond: 2 }))).toEqual({ roster: 1, reads: 1 });
    const most = { perSecond: 0.9, perDay: 0 };
    expect(laneRates(limitsOf({ callsPerSecond: 2, rosterReserve: most }))).toEqual({ roster: 1, reads: 1 });
  });

  it('gives a block of the coming second, and the next one behind it', () => {
    const first = leaseSlots(fresh, limitsOf(), 'reads', ask, at);
    expect(first.answer).toMatchObject({ kind: 'leased', trial: false });
    const slots = first.answer.kind === 'leased' ? first.answer.slots : [];
    expect(slots).toHaveLength(7);
    expect(slots[0]).toBe(START);
    const second = leaseSlots(first.state, limitsOf(), 'reads', ask, at);
    expect(second.answer).toMatchObject({ slots: [first.state.nextReads] });
    expect(second.state.spent).toBe(8);
  });

  it('never lets a roster call wait behind reads, and lends it the reads’ slots when those are free sooner', () => {
    const { state } = leaseSlots(fresh, limitsOf(), 'reads', ask, at);
    const roster = leaseSlots(state, limitsOf(), 'roster', { ...ask, wanted: 1 }, at);
    expect(roster.answer).toMatchObject({ slots: [START] });
    const lent = leaseSlots(
      stateWith({ nextRoster: START + 500 }),
      limitsOf(),
      'roster',
      { ...ask, wanted: 1 },
      at,
    );
    expect(lent.answer).toMatchObject({ slots: [START] });
    expect(lent.state.nextReads).toBeGreaterThan(START);
    const read = leaseSlots(stateWith({ nextReads: START + 500 }), limitsOf(), 'reads', ask, at);
    expect(read.answer).toMatchObject({ slots: expect.arrayContaining([START + 500]) });
  });

  it('says until when, and why, there is none', () => {
    expect(leaseSlots(stateWith({ nextReads: START + 3_000 }), limitsOf(), 'reads', ask, at).answer).toEqual({
      kind: 'refused',
      code: 'RATE_LIMITED',
      until: START + 3_000,
    });
    expect(
      leaseSlots(stateWith({ quietUntil: START + 9_000 }), limitsOf(), 'roster', ask, at).answer,
    ).toEqual({
      kind: 'refused',
      code: 'THROTTLED',
      until: START + 9_000,
    });
    const breaker = { kind: 'open', since: START, until: START + 9_000, openings: 1 } as const;
    expect(leaseSlots(stateWith({ breaker }), limitsOf(), 'roster', ask, at).answer).toEqual({
      kind: 'refused',
      code: 'BREAKER_OPEN',
      until: START + 9_000,
    });
  });

  it('gives one trial when the open time is over, whatever was wanted', () => {
    const breaker = { kind: 'open', since: START - 9, until: START, openings: 2 } as const;
    const { state, answer } = leaseSlots(stateWith({ breaker }), limitsOf(), 'reads', ask, at);
    expect(answer).toMatchObject({ kind: 'leased', trial: true, slots: [START] });
    expect(leaseSlots(state, limitsOf(), 'roster', ask, at).answer).toMatchObject({ code: 'BREAKER_OPEN' });
  });

  it('stops reads at the reserve and everything at the budget, until the day ends', () => {
    const limits = limitsOf({ dailyCallBudget: 200, rosterReserve: { perSecond: 0.2, perDay: 0.25 } });
    expect(dayLimit(limits, 'reads')).toBe(150);
    const nearly = leaseSlots(stateWith({ spent: 148 }), limits, 'reads', ask, at);
    expect(nearly.answer).toMatchObject({ kind: 'leased' });
    expect(nearly.state.spent).toBe(150);
    expect(leaseSlots(nearly.state, limits, 'reads', ask, at).answer).toEqual({
      kind: 'refused',
      code: 'DAY_SPENT',
      until: at.dayEnds,
    });
    expect(leaseSlots(nearly.state, limits, 'roster', ask, at).answer).toMatchObject({ kind: 'leased' });
    expect(leaseSlots(stateWith({ spent: 200 }), limits, 'roster', ask, at).answer).toMatchObject({
      code: 'DAY_SPENT',
    });
  });

  it('takes no notice of a time that only a wrong clock can have written', () => {
    const { answer } = leaseSlots(stateWith({ nextReads: START + 3_600_000 }), limitsOf(), 'reads', ask, at);
    expect(answer).toMatchObject({ kind: 'leased' });
  });
});

describe('the ledger', () => {
  it('counts calls by purpose and hour, and gives back what was not used', () => {
    const report = {
      ...EMPTY_REPORT,
      calls: { score_sync: 5, roster: 1 },
      unused: 2,
      failed: 1,
      throttled: 1,
      refused: 3,
    };
    const state = withReport(
      withReport(stateWith({ spent: 8 }), report, at),
      { ...EMPTY_REPORT, calls: { roster: 1 } },
      at,
    );
    expect(state.spent).toBe(6);
    expect(state.today).toEqual({
      day: at.day,
      calls: { score_sync: 5, roster: 2 },
      hours: { '10': 7 },
      refused: 3,
      throttled: 1,
      errors: 1,
    });
  });

  it('begins anew with the day and hands over the one that ended', () => {
    const before = stateWith({ spent: 8, today: { ...fresh.today, calls: { flash: 8 } } });
    const { state, ended } = onDay(before, '2026-11-26');
    expect(ended).toEqual(before.today);
    expect(state).toMatchObject({ spent: 0, today: { day: '2026-11-26', calls: {} } });
    expect(onDay(state, '2026-11-25')).toEqual({ state, ended: null });
    expect(onDay(fresh, '2026-11-26').ended).toBeNull();
  });
});

describe('the budget’s day', () => {
  it.each([
    ['a usual one', '2026-11-25T18:00:00Z', '2026-11-25', '10', '2026-11-26T08:00:00.000Z'],
    ['one of 23 hours', '2026-03-08T09:00:00Z', '2026-03-08', '01', '2026-03-09T07:00:00.000Z'],
    ['one of 25 hours', '2026-11-01T07:00:00Z', '2026-11-01', '00', '2026-11-02T08:00:00.000Z'],
  ])('ends at midnight of the program’s time zone: %s', (_, now, day, hour, ends) => {
    const moment = createMoments(ZONE, () => 0)(new Date(now));
    expect(moment).toMatchObject({ day, hour, dayEnds: Date.parse(ends) });
  });
});
