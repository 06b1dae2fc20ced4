import * as z from 'zod';
import { accessesSeen, accessRecordSchema, NO_ACCESSES } from './access-evidence.ts';
import { SESSION_GAP, SOLVES_PER_SESSION } from './session-model.ts';
import { fade, firstRhythm, observeRhythm, WEEK, weeklyRhythmSchema } from './weekly-rhythm.ts';

/**
 * What reads have observed: about one competitor (six numbers beside the sync state), and about the program (one
 * record). Both are moved forward by each read, with solves that the platform showed then for the first time.
 */

const figure = z.number().nonnegative();

/** Times in Unix seconds, 0: never. Counts fade with {@link HALF_LIFE}. */
export const habitSchema = z.object({
  readAt: figure,
  lastSolveAt: figure,
  /** First solve, or access before it, of the session that the last of both belongs to. */
  sessionStartedAt: figure,
  /** Last solve in a Flash CTF. */
  eventSolveAt: figure,
  sessions: figure,
  /** Weeks under observation. */
  weeks: figure,
  /** Last access that the platform told of, where it was later than any solve seen then. */
  accessAt: figure,
});
export type Habit = z.infer<typeof habitSchema>;

export const FIRST_HABIT: Habit = {
  readAt: 0,
  lastSolveAt: 0,
  sessionStartedAt: 0,
  eventSolveAt: 0,
  sessions: 0,
  weeks: 0,
  accessAt: 0,
};

export const programHabitSchema = z.object({
  rhythm: weeklyRhythmSchema,
  /** Of all competitors together, fading. */
  sessions: figure,
  solves: figure,
  weeks: figure,
  /** Rows of earlier releases have none. */
  accesses: accessRecordSchema.default(NO_ACCESSES),
});
export type ProgramHabit = z.infer<typeof programHabitSchema>;

export const firstProgramHabit = (now: number): ProgramHabit => ({
  rhythm: firstRhythm(now),
  sessions: 0,
  solves: 0,
  weeks: 0,
  accesses: NO_ACCESSES,
});

/** After this long an observation counts half: last term says little about this one. */
export const HALF_LIFE = 8 * WEEK;
/** No first read looks further back than this. */
const LONGEST_HISTORY = 26 * WEEK;
/** An access so soon after what is known already says nothing more, and would cost a write at every read. */
const ACCESS_NEWS = 600;
/** Shape of the gamma prior of rates: most people rarely solve, a few often. */
const SHAPE = 0.5;

export interface SeenSolve {
  /** Unix seconds, the platform's own time of the solve. */
  readonly at: number;
  readonly source: 'odl' | 'flash_ctf';
}

/** Decayed weeks of observation in the `seconds` before now. */
const observed = (seconds: number): number => (HALF_LIFE / WEEK / Math.LN2) * (1 - fade(seconds, HALF_LIFE));

interface Observed {
  readonly habit: Habit;
  /** Fading sessions and weeks that this read adds to the program's. */
  readonly sessions: number;
  readonly weeks: number;
}

function observeHabit(
  habit: Habit,
  readAt: number,
  odl: readonly number[],
  flash: readonly number[],
  accessAt: number,
): Observed {
  const first = odl.find((at) => at >= readAt - LONGEST_HISTORY) ?? readAt;
  const before = habit.readAt === 0 ? Math.min(first, readAt) : Math.min(habit.readAt, readAt);
  const kept = fade(readAt - before, HALF_LIFE);
  const weeks = observed(readAt - before);
  let { lastSolveAt, sessionStartedAt } = habit;
  let sessions = 0;
  for (const at of odl) {
    // A solve older than one already seen arrived late: its session is over, and nearly always counted.
    if (at <= lastSolveAt || at < before - LONGEST_HISTORY) continue;
    if (at - lastSolveAt > SESSION_GAP) {
      sessions += fade(readAt - at, HALF_LIFE);
      // Someone seen on the platform shortly before had begun then.
      if (at - Math.max(lastSolveAt, habit.accessAt) > SESSION_GAP) sessionStartedAt = at;
    }
    lastSolveAt = at;
  }
  const seenAt = Math.min(accessAt, readAt);
  const sinceKnown = seenAt - Math.max(lastSolveAt, habit.accessAt);
  if (sinceKnown > SESSION_GAP) sessionStartedAt = seenAt;
  return {
    habit: {
      readAt: Math.max(habit.readAt, readAt),
      lastSolveAt,
      sessionStartedAt,
      eventSolveAt: flash.reduce((latest, at) => Math.max(latest, at), habit.eventSolveAt),
      sessions: habit.sessions * kept + sessions,
      weeks: habit.weeks * kept + weeks,
      accessAt: sinceKnown >= ACCESS_NEWS ? seenAt : habit.accessAt,
    },
    sessions,
    weeks,
  };
}

/** What `observeHabit` is given of a read's solves, by source and in their order. */
const timesOf = (solves: readonly SeenSolve[], source: SeenSolve['source'], readAt: number): number[] =>
  solves
    .filter((solve) => solve.source === source && solve.at > 0)
    .map(({ at }) => Math.min(at, readAt))
    .toSorted((a, b) => a - b);

/** The competitor's record alone after a read; see {@link observeRead}. */
export const habitAfterRead = (
  habit: Habit,
  readAt: number,
  solves: readonly SeenSolve[],
  accessAt = 0,
): Habit =>
  observeHabit(habit, readAt, timesOf(solves, 'odl', readAt), timesOf(solves, 'flash_ctf', readAt), accessAt)
    .habit;

/**
 * Both records after a read. Solves may come late, in any order, or be dated after the read (those count as solved at
 * it); only what no earlier read showed may be given.
 */
export function observeRead(
  habit: Habit,
  program: ProgramHabit,
  readAt: number,
  solves: readonly SeenSolve[],
  weekHour: (unix: number) => number,
  accessAt = 0,
): { readonly habit: Habit; readonly program: ProgramHabit } {
  const odl = timesOf(solves, 'odl', readAt);
  const own = observeHabit(habit, readAt, odl, timesOf(solves, 'flash_ctf', readAt), accessAt);
  const seen = accessesSeen(habit, readAt, odl, timesOf(solves, 'flash_ctf', readAt));
  if (odl.length === 0) {
    // Nothing differs by time: the program's record fades when something is own.
    return {
      habit: own.habit,
      program: {
        ...program,
        weeks: program.weeks + own.weeks,
        accesses: {
          ...program.accesses,
          promised: program.accesses.promised + seen.promised,
          followed: program.accesses.followed + seen.followed,
        },
      },
    };
  }
  const kept = fade(readAt - program.rhythm.asOf, HALF_LIFE);
  const solvesWorth = odl.reduce((sum, at) => sum + fade(readAt - at, HALF_LIFE), 0);
  return {
    habit: own.habit,
    program: {
      rhythm: observeRhythm(program.rhythm, readAt, odl, weekHour),
      sessions: program.sessions * kept + own.sessions,
      solves: program.solves * kept + solvesWorth,
      weeks: program.weeks * kept + own.weeks,
      accesses: {
        promised: program.accesses.promised * kept + seen.promised,
        followed: program.accesses.followed * kept + seen.followed,
        begun: program.accesses.begun * kept + seen.begun,
        shown: program.accesses.shown * kept + seen.shown,
      },
    },
  };
}

/** Solves in a session, as observed; {@link SOLVES_PER_SESSION} as long as little is known. */
export const solvesPerSession = ({ sessions, solves }: ProgramHabit): number =>
  (solves + 10 * SOLVES_PER_SESSION) / (sessions + 10);

/** Sessions a week of a competitor nothing is known about. */
export const usualSessions = ({ sessions, weeks }: ProgramHabit): number => (sessions + 1) / (weeks + 1);

/** Sessions a week to be expected of a competitor: gamma-Poisson, with the program's mean as the prior's. */
export const sessionsPerWeek = (habit: Pick<Habit, 'sessions' | 'weeks'>, usual: number): number =>
  (SHAPE + habit.sessions) / (SHAPE / usual + habit.weeks);
