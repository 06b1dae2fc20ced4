import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstProgramHabit, FIRST_HABIT, type Habit } from '#shared/score-sync/policy/reading-habit.ts';
import { meetingModel, ownShare } from '#shared/score-sync/policy/team-meetings.ts';
import { FIRST_TEAM_SHARE, latestBegin, learnTeamShare } from '#shared/score-sync/policy/team-share.ts';
import { hourShares, rhythmWindow, weekHourIn } from '#shared/score-sync/policy/weekly-rhythm.ts';
import { randomFrom } from '#test/game-platform-simulator/random.ts';

const weekHour = weekHourIn('America/Los_Angeles');
const NOW = Date.UTC(2026, 0, 14, 0) / 1000;
const MINUTE = 60;
const HOUR = 3600;
const window = rhythmWindow(hourShares(firstProgramHabit(NOW).rhythm, 6.5), NOW, weekHour);
const access = { isSession: 1, isShown: 1 };
const model = meetingModel({ window, together: 0.5, access });

const idle = (minutesAgo: number): Habit => ({ ...FIRST_HABIT, readAt: NOW - minutesAgo * MINUTE });
const solving = (since: number, last: number): Habit => ({
  ...idle(1),
  sessionStartedAt: NOW - since * MINUTE,
  lastSolveAt: NOW - last * MINUTE,
});
/** A team with so many sessions a week each, the keenest first. */
const team = (habits: readonly Habit[], sessions = 2) =>
  habits.map((habit, index) => ({ index, habit, sessions: sessions - 0.1 * index }));

const some = fc.record({
  readAt: fc.integer({ min: NOW - 29_000, max: NOW }),
  lastSolveAt: fc.integer({ min: NOW - 15_000, max: NOW }),
  sessionStartedAt: fc.integer({ min: NOW - 18_000, max: NOW }),
  accessAt: fc.integer({ min: NOW - 15_000, max: NOW }),
});

describe('a team meeting', () => {
  it('is likely once a teammate began a session, and more so with two', () => {
    const [, none] = model(team([idle(60), idle(60), idle(60)]));
    const [, , one] = model(team([solving(30, 5), idle(60), idle(60)]));
    const [, , two] = model(team([solving(30, 5), solving(28, 2), idle(60)]));
    expect(none!.solves).toBeLessThan(0.1);
    expect(one!.solves).toBeGreaterThan(5 * none!.solves);
    expect(two!.solves).toBeGreaterThan(one!.solves);
    expect(two!.seenAt).toBe(NOW - 2 * MINUTE);
    expect(none!.seenAt).toBe(0);
  });

  it('is not one for a member who was read since and was doing nothing', () => {
    const [, before] = model(team([solving(30, 5), idle(60)]));
    const [, since] = model(team([solving(30, 5), idle(10)]));
    expect(since!.solves).toBeLessThan(before!.solves / 5);
  });

  it('of a keener member who stayed away says that the less keen did too', () => {
    const [, , away] = model(team([idle(5), solving(30, 5), idle(60)]));
    const [, , unknown] = model(team([idle(60), solving(30, 5), idle(60)]));
    expect(away!.solves).toBeLessThan(unknown!.solves);
  });

  it('adds nothing to the session that a member was seen in', () => {
    const [own] = model(team([solving(30, 5), idle(60)]));
    expect(own!.solves).toBeLessThan(0.05);
  });

  it('means little where sessions are seldom the team’s, and nothing where they never are', () => {
    const members = team([solving(30, 5), idle(60)]);
    const at = (together: number) => meetingModel({ window, together, access })(members)[1]!.solves;
    expect(at(0.1)).toBeLessThan(at(0.5));
    expect(at(0)).toBe(0);
    expect(ownShare(2 * HOUR, 0, window)).toBe(1);
    expect(ownShare(2 * HOUR, 0.5, window)).toBeCloseTo(0.5);
    expect(ownShare(12 * HOUR, 0.5, window)).toBeGreaterThan(0.8);
  });

  it('comes to sane figures for whatever reads have shown', () => {
    fc.assert(
      fc.property(fc.array(some, { minLength: 1, maxLength: 8 }), (habits) => {
        for (const { solves, rate, revealed } of model(
          team(habits.map((habit) => ({ ...FIRST_HABIT, ...habit }))),
        )) {
          for (const figure of [solves, rate, revealed]) expect(figure).toBeGreaterThanOrEqual(0);
          // Three hours at a solve every ten minutes.
          expect(solves).toBeLessThan(18);
          expect(rate).toBeLessThanOrEqual(1 / 600);
        }
      }),
    );
  });
});

const begunAt = (at: number): Habit => ({ ...FIRST_HABIT, sessionStartedAt: at });

/** Eight weeks of teams of three, one session a day, so often with a teammate. */
function learned(company: number) {
  const random = randomFrom(7);
  let known = FIRST_TEAM_SHARE;
  for (let day = 0; day < 56; day += 1) {
    const now = NOW + day * 24 * HOUR;
    const begins = Array.from({ length: 20 }, () => {
      const startedAt = now - 8 * HOUR - 5 * MINUTE;
      const before = random() < company ? startedAt - 5 * MINUTE : startedAt - 90 * HOUR;
      const habits = [startedAt, before, 0].map(begunAt);
      return latestBegin(team(habits))!;
    });
    known = learnTeamShare(known, begins, { ...window, now }, 8 * HOUR);
  }
  return known.share;
}

describe('the share of sessions that are the team’s', () => {
  it('is learned from how often they begin together', () => {
    expect(learned(0)).toBeLessThan(0.05);
    const half = learned(0.25);
    expect(half).toBeGreaterThan(0.3);
    expect(half).toBeLessThan(0.7);
    expect(learned(0.5)).toBeGreaterThan(half);
  });

  it('counts a begin once, when everyone has been read since', () => {
    const habits = [8, 8.1, 90].map((hours) => begunAt(NOW - hours * HOUR));
    const begins = [latestBegin(team(habits))!];
    const early = learnTeamShare(FIRST_TEAM_SHARE, begins, { ...window, now: NOW - HOUR }, 8 * HOUR);
    expect(early.share).toBe(0.5);
    const once = learnTeamShare(early, begins, window, 8 * HOUR);
    expect(once.share).toBeGreaterThan(0.5);
    expect(learnTeamShare(once, begins, { ...window, now: NOW + 300 }, 8 * HOUR).share).toBe(once.share);
  });

  it('needs a team of two, and a session', () => {
    expect(latestBegin(team([solving(30, 5)]))).toBeUndefined();
    expect(latestBegin(team([idle(5), idle(5)]))).toBeUndefined();
  });
});
