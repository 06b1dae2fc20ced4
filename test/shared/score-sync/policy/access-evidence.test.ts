import { describe, expect, it } from 'vitest';
import { accessEvidence, accessesSeen, NO_ACCESSES } from '#shared/score-sync/policy/access-evidence.ts';
import { expectedSolves, roundKnowledge } from '#shared/score-sync/policy/expected-solves.ts';
import {
  FIRST_HABIT,
  firstProgramHabit,
  habitAfterRead,
  type Habit,
  observeRead,
  programHabitSchema,
} from '#shared/score-sync/policy/reading-habit.ts';
import { hourShares, rhythmWindow, weekHourIn } from '#shared/score-sync/policy/weekly-rhythm.ts';

const weekHour = weekHourIn('America/Los_Angeles');
const NOW = Date.UTC(2026, 0, 14, 0) / 1000;
const MINUTE = 60;
const HOUR = 3600;

const seenBefore = (given: Partial<Habit> = {}): Habit => ({
  ...FIRST_HABIT,
  readAt: NOW - HOUR,
  lastSolveAt: NOW - 90 * HOUR,
  sessionStartedAt: NOW - 90 * HOUR,
  weeks: 4,
  ...given,
});

const odl = (...minutesAgo: number[]) =>
  minutesAgo.map((minutes) => ({ at: NOW - minutes * MINUTE, source: 'odl' as const }));

describe('an access that a read shows', () => {
  it('begins a session, which the solves after it go on with', () => {
    const accessed = habitAfterRead(seenBefore(), NOW - 30 * MINUTE, [], NOW - 40 * MINUTE);
    expect(accessed).toMatchObject({ accessAt: NOW - 40 * MINUTE, sessionStartedAt: NOW - 40 * MINUTE });
    expect(accessed.sessions).toBe(0);
    const solved = habitAfterRead(accessed, NOW, odl(20, 5), NOW - 5 * MINUTE);
    expect(solved).toMatchObject({ sessionStartedAt: NOW - 40 * MINUTE, lastSolveAt: NOW - 5 * MINUTE });
    expect(solved.sessions).toBeCloseTo(1, 3);
  });

  it('says nothing when it is no later than a solve or an access already known', () => {
    const before = seenBefore({ lastSolveAt: NOW - 2 * HOUR, accessAt: NOW - HOUR });
    for (const at of [0, NOW - 3 * HOUR, NOW - HOUR]) {
      expect(habitAfterRead(before, NOW, [], at).accessAt).toBe(NOW - HOUR);
    }
  });

  it('counts as at the read when it is dated after it', () => {
    expect(habitAfterRead(seenBefore(), NOW, [], NOW * 1_000).accessAt).toBe(NOW);
  });
});

/** Reads of people who log in, of whom so many solve within minutes. */
function learned(share: number, times = 200) {
  let program = firstProgramHabit(NOW);
  for (let time = 0; time < times; time += 1) {
    const habit = seenBefore({ readAt: NOW - 30 * MINUTE, accessAt: NOW - 32 * MINUTE });
    const solves = time % 10 < 10 * share ? odl(15) : [];
    program = observeRead(habit, program, NOW, solves, weekHour).program;
  }
  return accessEvidence(programHabitSchema.parse(JSON.parse(JSON.stringify(program))).accesses);
}

describe('what accesses are worth', () => {
  it('is learned from the solves that follow them', () => {
    expect(learned(0.8).isSession).toBeGreaterThan(0.9);
    expect(learned(0.4).isSession).toBeGreaterThan(0.4);
    expect(learned(0.4).isSession).toBeLessThan(0.7);
  });

  it('is nothing below a floor, and half before anything is known', () => {
    expect(learned(0.1)).toEqual({ isSession: 0, isShown: 0 });
    expect(accessEvidence(NO_ACCESSES)).toEqual({ isSession: 0.5, isShown: 0.5 });
  });

  it('includes whether a session shows one before its first solve', () => {
    const before = { readAt: NOW - 4 * MINUTE, lastSolveAt: 0, accessAt: 0 };
    const shown = { ...before, accessAt: NOW - 10 * MINUTE };
    const solvedAt = [NOW - 2 * MINUTE];
    expect(accessesSeen(before, NOW, solvedAt, [])).toMatchObject({ shown: 0, promised: 0 });
    const seen = accessesSeen(shown, NOW, solvedAt, []);
    expect(seen.shown).toBe(seen.begun);
    expect(seen.begun).toBeCloseTo(Math.exp(-0.2));
    // A read long before the first solve says nothing about it.
    expect(accessesSeen({ ...before, readAt: NOW - HOUR }, NOW, solvedAt, [])).toEqual(NO_ACCESSES);
  });

  it('counts a solve in a Flash CTF for the access that began it', () => {
    const before = { readAt: NOW - 20 * MINUTE, lastSolveAt: 0, accessAt: NOW - 25 * MINUTE };
    expect(accessesSeen(before, NOW, [], [NOW - 5 * MINUTE]).followed).toBe(1);
    expect(accessesSeen(before, NOW, [], []).followed).toBe(0);
  });

  it('makes new solves expected as far as it goes, and not at all when the field is withheld', () => {
    const expected = (program: ReturnType<typeof firstProgramHabit>, accessAt: number) => {
      const window = rhythmWindow(hourShares(program.rhythm, 6.5), NOW, weekHour);
      const habit = seenBefore({ readAt: NOW - 20 * MINUTE, accessAt });
      return expectedSolves(habit, null, roundKnowledge(program, window, null, 0.5)).session;
    };
    const program = firstProgramHabit(NOW);
    const accesses = { promised: 100, followed: 100, begun: 100, shown: 100 };
    const trusted = { ...program, accesses };
    const noise = { ...program, accesses: { ...accesses, followed: 5 } };
    const fresh = NOW - 22 * MINUTE;
    expect(expected(trusted, fresh)).toBeGreaterThan(1);
    expect(expected(program, fresh)).toBeLessThan(expected(trusted, fresh));
    expect(expected(noise, fresh)).toBe(expected(trusted, 0));
  });
});
