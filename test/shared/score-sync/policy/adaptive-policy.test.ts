import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Candidate, planRound, type PolicySettings } from '#shared/score-sync/policy/adaptive-policy.ts';
import { readDue } from '#shared/score-sync/policy/read-policy.ts';
import { callLedgerSchema, FIRST_LEDGER } from '#shared/score-sync/policy/call-price.ts';
import {
  expectedSolves,
  roundKnowledge,
  worthwhileSolves,
} from '#shared/score-sync/policy/expected-solves.ts';
import { explainRead } from '#shared/score-sync/policy/explain-read.ts';
import {
  FIRST_HABIT,
  firstProgramHabit,
  type Habit,
  habitSchema,
  observeRead,
  programHabitSchema,
  type SeenSolve,
  sessionsPerWeek,
} from '#shared/score-sync/policy/reading-habit.ts';
import { stillSolving } from '#shared/score-sync/policy/session-model.ts';
import { FIRST_TEAM_SHARE, teamShareSchema } from '#shared/score-sync/policy/team-share.ts';
import { hourShares, rhythmWindow, weekHourIn } from '#shared/score-sync/policy/weekly-rhythm.ts';
import { randomFrom } from '#test/game-platform-simulator/random.ts';

const weekHour = weekHourIn('America/Los_Angeles');
/** A Tuesday, 16:00 in Los Angeles. */
const NOW = Date.UTC(2026, 0, 14, 0) / 1000;
const HOUR = 3600;
const DAY = 24 * HOUR;
const settings: PolicySettings = {
  slaSeconds: 28_800,
  roundSeconds: 300,
  usualCalls: 300,
  dailyBudget: 400,
};
const program = firstProgramHabit(NOW - 30 * DAY);

const habit = (given: Partial<Habit> = {}): Habit => ({
  ...FIRST_HABIT,
  readAt: NOW - HOUR,
  sessions: 4,
  weeks: 4,
  ...given,
});

const plan = (candidates: readonly Candidate[], given: Partial<Parameters<typeof planRound>[0]> = {}) =>
  planRound({
    now: NOW,
    candidates,
    program,
    ledger: FIRST_LEDGER,
    teamShare: FIRST_TEAM_SHARE,
    event: null,
    settings,
    weekHour,
    ...given,
  });

const knowledge = roundKnowledge(
  program,
  rhythmWindow(hourShares(program.rhythm, 6.5), NOW, weekHour),
  null,
  0.5,
);

const anyNumber = fc.oneof(
  fc.double(),
  fc.constantFrom(Number.NaN, Infinity, -Infinity, -1, 0, Number.MAX_VALUE, NOW, NOW + DAY),
);
const anyHabit: fc.Arbitrary<Habit> = fc.record({
  readAt: anyNumber,
  lastSolveAt: anyNumber,
  sessionStartedAt: anyNumber,
  eventSolveAt: anyNumber,
  sessions: anyNumber,
  weeks: anyNumber,
  accessAt: anyNumber,
});
const saneHabit: fc.Arbitrary<Habit> = fc.record({
  readAt: fc.integer({ min: NOW - 29_000, max: NOW }),
  lastSolveAt: fc.integer({ min: NOW - 9_000, max: NOW }),
  sessionStartedAt: fc.integer({ min: NOW - 12_000, max: NOW }),
  eventSolveAt: fc.constant(0),
  sessions: fc.double({ min: 0, max: 60, noNaN: true }),
  weeks: fc.double({ min: 0, max: 12, noNaN: true }),
  accessAt: fc.integer({ min: NOW - 9_000, max: NOW }),
});

describe('the eight hours', () => {
  it('are kept for everyone whatever the records say, and whatever the price', () => {
    const team = fc.option(fc.constantFrom('a', 'b'));
    fc.assert(
      fc.property(
        fc.array(fc.record({ teamId: team, habit: anyHabit }), { maxLength: 12 }),
        fc.constantFrom(0, 1, 1e6),
        (candidates, dailyBudget) => {
          const { reads } = plan(candidates, {
            settings: { ...settings, dailyBudget, usualCalls: dailyBudget },
          });
          const read = new Set(reads.map(({ index }) => index));
          expect(read.size).toBe(reads.length);
          const unsafe = candidates.flatMap((candidate, index) => {
            const age = NOW - candidate.habit.readAt;
            return age >= 0 && age + settings.roundSeconds < settings.slaSeconds ? [] : [index];
          });
          expect(unsafe.filter((index) => !read.has(index))).toEqual([]);
        },
      ),
    );
  });

  it('count from the last round before them', () => {
    expect(readDue({ readAt: NOW - 28_500 }, NOW, settings)).toBe(true);
    expect(readDue({ readAt: NOW - 28_499 }, NOW, settings)).toBe(false);
    expect(readDue(FIRST_HABIT, NOW, settings)).toBe(true);
    expect(readDue({ readAt: NOW + DAY }, NOW, settings)).toBe(true);
  });
});

/** Days of rounds in which nothing, or something, is found. */
function live(people: number, days: number, seed: number, solvesPerRead: number, given: PolicySettings) {
  const random = randomFrom(seed);
  const candidates = Array.from({ length: people }, (_, index) => ({
    teamId: `team-${index % 7}`,
    habit: habit({ readAt: NOW - Math.floor(28_000 * random()), sessions: 20 * random() }),
  }));
  let known = program;
  let ledger = FIRST_LEDGER;
  let teamShare = FIRST_TEAM_SHARE;
  const hours = Array.from({ length: 24 * days }, () => 0);
  let longest = 0;
  for (let now = NOW; now < NOW + days * DAY; now += 300) {
    const round = planRound({
      now,
      candidates,
      program: known,
      ledger,
      teamShare,
      event: null,
      settings: given,
      weekHour,
    });
    ledger = callLedgerSchema.parse(JSON.parse(JSON.stringify(round.ledger)));
    teamShare = teamShareSchema.parse(JSON.parse(JSON.stringify(round.teamShare)));
    hours[Math.floor((now - NOW) / HOUR)]! += round.reads.length;
    for (const { index } of round.reads) {
      const candidate = candidates[index]!;
      longest = Math.max(longest, now - candidate.habit.readAt);
      const solves = random() < solvesPerRead ? [{ at: now - 60, source: 'odl' as const }] : [];
      const observed = observeRead(candidate.habit, known, now, solves, weekHour);
      candidate.habit = observed.habit;
      known = observed.program;
    }
  }
  const days24 = hours.slice(23).map((_, index) => hours.slice(index, index + 24).reduce((a, b) => a + b, 0));
  return { mostIn24Hours: Math.max(...days24), hours, longest };
}

describe('the daily budget', () => {
  it.each([
    ['nothing is ever found', 0],
    ['some reads find something', 0.2],
    ['every read finds something', 1],
  ])('is kept in any 24 hours, and so are the eight hours, when %s', (_, solvesPerRead) => {
    for (const seed of [1, 2, 3]) {
      const given = { ...settings, usualCalls: 250, dailyBudget: 300 };
      const { mostIn24Hours, longest } = live(60, 4, seed, solvesPerRead, given);
      expect(mostIn24Hours).toBeLessThanOrEqual(300);
      expect(longest).toBeLessThanOrEqual(28_800);
    }
  });

  it('is not spent in a burst when a day begins or ends', () => {
    const { hours } = live(60, 4, 5, 0.05, { ...settings, usualCalls: 500, dailyBudget: 600 });
    // After the first day, in which the demand is observed.
    const later = hours.slice(24);
    const mean = later.reduce((sum, calls) => sum + calls, 0) / later.length;
    expect(Math.max(...later)).toBeLessThan(4 * mean);
  });

  it('that is too small for the eight hours yields to them', () => {
    const { longest } = live(40, 2, 1, 0.5, { ...settings, usualCalls: 10, dailyBudget: 10 });
    expect(longest).toBeLessThanOrEqual(28_800);
  });
});

describe('who is read', () => {
  it('never later for solving more often, of two found doing nothing', () => {
    fc.assert(
      fc.property(
        saneHabit,
        fc.double({ min: 0, max: 40, noNaN: true }),
        fc.double({ min: 1, max: 1e6, noNaN: true }),
        (given, more, price) => {
          const slow = { ...given, lastSolveAt: 0, sessionStartedAt: 0, accessAt: 0 };
          const quick = { ...slow, sessions: slow.sessions + more };
          const worth = (each: Habit) => {
            const expected = expectedSolves(each, null, knowledge);
            return expected.solves / worthwhileSolves(expected, price);
          };
          expect(worth(quick)).toBeGreaterThanOrEqual(worth(slow) * (1 - 1e-9));
        },
      ),
    );
  });

  it('the likelier, the dearer a call may be', () => {
    fc.assert(
      fc.property(saneHabit, fc.double({ min: 1, max: 1e6, noNaN: true }), (each, price) => {
        const expected = expectedSolves(each, null, knowledge);
        expect(worthwhileSolves(expected, 2 * price)).toBeGreaterThan(worthwhileSolves(expected, price));
      }),
    );
  });

  it('a teammate of a competitor who is solving, before one alike on another team', () => {
    const solving = habit({ readAt: NOW - 60, lastSolveAt: NOW - 360, sessionStartedAt: NOW - 1800 });
    const { reads } = plan(
      [
        { teamId: 'a', habit: solving },
        { teamId: 'a', habit: habit() },
        { teamId: 'b', habit: habit() },
      ],
      { settings: { ...settings, usualCalls: 100_000, dailyBudget: 100_000 } },
    );
    expect(reads.map(({ index }) => index).filter((index) => index > 0)).toEqual([1, 2]);
  });

  it('one of a team sooner, since finding that one in a meeting leads to the others', () => {
    const members = Array.from({ length: 6 }, () => habit({ readAt: NOW - 2 * HOUR, sessions: 6 }));
    const read = (teamId: (index: number) => string | null) =>
      plan(
        members.map((each, index) => ({ teamId: teamId(index), habit: each })),
        { settings: { ...settings, usualCalls: 90, dailyBudget: 90 } },
      ).reads.map(({ index }) => index);
    expect(read(() => null)).toEqual([]);
    expect(read(() => 'a')).toHaveLength(1);
  });

  it('everyone soon once a Flash CTF is open, participants above all, and no one for it long after', () => {
    const event = { start: NOW - HOUR, end: NOW + HOUR };
    const during = { ...knowledge, event };
    const unknown = expectedSolves(habit({ readAt: NOW - 2 * HOUR }), null, during);
    const taking = expectedSolves(
      habit({ readAt: NOW - HOUR / 2, eventSolveAt: NOW - HOUR / 2 }),
      null,
      during,
    );
    const away = expectedSolves(habit({ readAt: NOW - HOUR / 4 }), null, during);
    expect(unknown.flash).toBeCloseTo(2.4, 1);
    expect(taking.flash).toBeCloseTo(3, 1);
    expect(away.flash).toBeLessThan(0.2);
    const past = { ...knowledge, event: { start: NOW - 9 * HOUR, end: NOW - 7 * HOUR } };
    expect(expectedSolves(habit(), null, past).flash).toBe(0);
  });

  it('sooner after a solve, which fades within the hour', () => {
    expect(stillSolving(0)).toBe(1);
    expect(stillSolving(10 * 60)).toBeGreaterThan(0.6);
    expect(stillSolving(60 * 60)).toBeLessThan(0.02);
    expect(stillSolving(Number.NaN)).toBe(0);
  });
});

describe('what a read observes', () => {
  const seen = fc.record({
    at: fc.integer({ min: NOW - 20 * DAY, max: NOW + DAY }),
    source: fc.constantFrom('odl' as const, 'flash_ctf' as const),
  });

  it('survives storing, in a few hundred bytes', () => {
    fc.assert(
      fc.property(fc.array(seen, { maxLength: 30 }), (solves) => {
        const observed = observeRead(habit(), program, NOW, solves, weekHour);
        const text = JSON.stringify(observed.habit);
        expect(habitSchema.parse(JSON.parse(text))).toEqual(observed.habit);
        expect(text.length).toBeLessThan(250);
        const record = JSON.stringify(observed.program);
        expect(programHabitSchema.parse(JSON.parse(record))).toEqual(observed.program);
        expect(record.length).toBeLessThan(5_000);
      }),
    );
  });

  it('does not depend on the order in which the solves come', () => {
    fc.assert(
      fc.property(fc.array(seen, { maxLength: 12 }), (solves) => {
        expect(observeRead(habit(), program, NOW, solves.toReversed(), weekHour)).toEqual(
          observeRead(habit(), program, NOW, solves, weekHour),
        );
      }),
    );
  });

  it('moves nothing back for a solve that arrives late, or for a read that ends late', () => {
    const before = habit({ lastSolveAt: NOW - 600, sessionStartedAt: NOW - 1200, readAt: NOW - 300 });
    const late: SeenSolve[] = [{ at: NOW - 5 * DAY, source: 'odl' }];
    const after = observeRead(before, program, NOW, late, weekHour).habit;
    expect(after).toMatchObject({ lastSolveAt: NOW - 600, sessionStartedAt: NOW - 1200, readAt: NOW });
    expect(sessionsPerWeek(after, 1)).toBeCloseTo(sessionsPerWeek(before, 1), 2);
    expect(observeRead(before, program, NOW - 900, [], weekHour).habit).toEqual(before);
  });

  it('counts solves in one go as one session, and a longer pause as another', () => {
    const solves = [0, 10, 25, 200, 210].map((minute) => ({
      at: NOW - 6 * HOUR + 60 * minute,
      source: 'odl' as const,
    }));
    const { habit: after } = observeRead(
      habit({ sessions: 0, weeks: 0, readAt: NOW - 8 * HOUR }),
      program,
      NOW,
      solves,
      weekHour,
    );
    expect(after.sessions).toBeCloseTo(2, 1);
    expect(after.sessionStartedAt).toBe(NOW - 6 * HOUR + 200 * 60);
  });

  it('finds the rate of a competitor watched for a while, and the usual one without any data', () => {
    let watched: Habit = { ...FIRST_HABIT, readAt: NOW - 70 * DAY };
    for (let day = 69; day >= 0; day -= 1) {
      const at = NOW - day * DAY;
      const solves = day % 2 === 0 ? [{ at: at - HOUR, source: 'odl' as const }] : [];
      watched = observeRead(watched, program, at, solves, weekHour).habit;
    }
    expect(sessionsPerWeek(watched, 1)).toBeGreaterThan(3);
    expect(sessionsPerWeek(watched, 1)).toBeLessThan(3.8);
    expect(sessionsPerWeek(FIRST_HABIT, 0.7)).toBeCloseTo(0.7);
  });

  it('leaves the weekly rhythm alone for Flash CTFs', () => {
    const flash: SeenSolve[] = [{ at: NOW - 60, source: 'flash_ctf' }];
    const observed = observeRead(habit(), program, NOW, flash, weekHour);
    expect(observed.program.rhythm).toEqual(program.rhythm);
    expect(observed.habit.eventSolveAt).toBe(NOW - 60);
  });
});

describe('the weekly rhythm', () => {
  it('is even without data, and knows the hours that are busy with them', () => {
    const even = hourShares(program.rhythm, 6.5);
    expect(Math.max(...even) / Math.min(...even)).toBeCloseTo(1);
    let observed = program;
    for (let week = 0; week < 4; week += 1) {
      const solves = Array.from({ length: 100 }, (_, index) => ({
        at: NOW - week * 7 * DAY + 30 * index,
        source: 'odl' as const,
      }));
      observed = observeRead(habit(), observed, NOW + HOUR, solves, weekHour).program;
    }
    const shares = hourShares(observed.rhythm, 6.5);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
    expect(shares.indexOf(Math.max(...shares))).toBe(weekHour(NOW));
    expect(weekHour(NOW)).toBe(24 + 16);
    // The same hour of other school days borrows some of it; of the weekend none.
    expect(shares[48 + 16]!).toBeGreaterThan(2 * shares[48 + 4]!);
    expect(shares[120 + 16]!).toBeCloseTo(shares[120 + 4]!);
  });
});

describe('why a competitor is read', () => {
  const rich = { settings: { ...settings, usualCalls: 100_000, dailyBudget: 100_000 } };
  const solving = habit({ readAt: NOW - 60, lastSolveAt: NOW - 360, sessionStartedAt: NOW - 1800 });

  it('is a teammate, said in a sentence with figures', () => {
    const candidates = [
      { teamId: 'a', habit: solving },
      { teamId: 'a', habit: habit({ sessions: 8 }) },
    ];
    const read = plan(candidates, rich).reads.find(({ index }) => index === 1)!;
    const why = explainRead(read, candidates[1]!.habit.readAt, NOW);
    expect(why).toMatchObject({ code: 'team_solving', minutesSinceTeammate: 6, minutesSinceRead: 60 });
    expect(why.sentence).toMatch(
      /^Read now because a teammate was practicing 6 minutes ago: \d\.\d new solves are expected; [\d.a-z ]+ would be enough\.$/,
    );
  });

  it('is the service level, an event, a session or the time of week', () => {
    const codeOf = (candidate: Candidate, event: { start: number; end: number } | null = null) => {
      const { reads } = plan([candidate], { ...rich, event });
      return explainRead(reads[0]!, candidate.habit.readAt, NOW).code;
    };
    expect(codeOf({ teamId: null, habit: FIRST_HABIT })).toBe('sla_due');
    expect(codeOf({ teamId: null, habit: habit() }, { start: NOW - HOUR, end: NOW + HOUR })).toBe(
      'flash_ctf',
    );
    const recent = habit({ readAt: NOW - 1200, lastSolveAt: NOW - 1300, sessionStartedAt: NOW - 1300 });
    expect(codeOf({ teamId: null, habit: recent })).toBe('in_session');
    expect(codeOf({ teamId: null, habit: habit({ readAt: NOW - 7 * HOUR }) })).toBe('usual_time');
  });

  it('names no one and no team', () => {
    fc.assert(
      fc.property(fc.array(saneHabit, { minLength: 1, maxLength: 6 }), (habits) => {
        const candidates = habits.map((each) => ({ teamId: 'Zebras', habit: each }));
        for (const read of plan(candidates, rich).reads) {
          const { sentence } = explainRead(read, habits[read.index]!.readAt, NOW);
          expect(sentence).not.toContain('Zebras');
          expect(sentence).not.toMatch(/NaN|Infinity|undefined|null/);
        }
      }),
    );
  });
});
