import * as z from 'zod';
import type { Activity } from './policy/activity-tiers.ts';
import { FIRST_HABIT, type Habit, type SeenSolve } from './policy/reading-habit.ts';
import type { SyncState } from './score-records.ts';

/**
 * What a sync state remembers for the read policy: lists of numbers, so that the row stays small. States of an older
 * release have none; what they do have (last read, newest ODL solve) is then taken instead.
 */

const figure = z.number().nonnegative();

/** The numbers of a {@link Habit}, in the order of its fields; rows of earlier releases lack the last one. */
export const packedHabitSchema = z.array(figure).min(6).max(7);
export type PackedHabit = z.infer<typeof packedHabitSchema>;

/** Newest solve; fading count of solves, worth what they were at the newest; newest Flash CTF solve. Unix seconds, 0: none. */
export const packedActivitySchema = z.array(figure).length(3);
export type PackedActivity = z.infer<typeof packedActivitySchema>;

/** Nine decimals: a read without news still fades a count, and no number gets too small for the table. */
const short = (value: number): number => Math.round(value * 1e9) / 1e9;

export const packHabit = (habit: Habit): PackedHabit =>
  [
    habit.readAt,
    habit.lastSolveAt,
    habit.sessionStartedAt,
    habit.eventSolveAt,
    habit.sessions,
    habit.weeks,
    habit.accessAt,
  ].map(short);

/** Unix seconds; 0: never. */
export const unixOf = (at: string | null): number => (at === null ? 0 : Date.parse(at) / 1000);

/** The habit that reads have observed so far. */
export function habitOf({
  habit,
  lastReadAt,
  cursorUnix,
}: Pick<SyncState, 'habit' | 'lastReadAt' | 'cursorUnix'>): Habit {
  if (habit === undefined) {
    const readAt = unixOf(lastReadAt);
    return { ...FIRST_HABIT, readAt, lastSolveAt: cursorUnix, sessionStartedAt: cursorUnix };
  }
  const [
    readAt = 0,
    lastSolveAt = 0,
    sessionStartedAt = 0,
    eventSolveAt = 0,
    sessions = 0,
    weeks = 0,
    accessAt = 0,
  ] = habit;
  return { readAt, lastSolveAt, sessionStartedAt, eventSolveAt, sessions, weeks, accessAt };
}

const DAY = 86_400;
const WINDOW = 30 * DAY;

/**
 * What is left of a solve in the count, that many seconds later. An exponential with a mean of thirty days stands for
 * the window of thirty days, so that no list of solves is kept: at a steady rate both come to the same number. After
 * the last solve the count falls by a third in twelve days and to 37 % in thirty, where the window would be empty.
 */
const worth = (seconds: number): number => Math.exp(-Math.max(0, seconds) / WINDOW);

/** The activity after new solves, in whatever order they come; those dated after the read count as solved at it. */
export function withSolves(
  before: PackedActivity | undefined,
  solves: readonly SeenSolve[],
  readAt: number,
): PackedActivity {
  const [newestBefore = 0, countBefore = 0, flashBefore = 0] = before ?? [];
  const times = solves.map((solve) => ({ ...solve, at: Math.min(solve.at, readAt) }));
  const newest = times.reduce((latest, { at }) => Math.max(latest, at), newestBefore);
  const count = times.reduce((sum, { at }) => sum + worth(newest - at), 0);
  const flash = times.reduce(
    (latest, { at, source }) => (source === 'flash_ctf' ? Math.max(latest, at) : latest),
    flashBefore,
  );
  return [newest, countBefore * worth(newest - newestBefore) + count, flash].map(short);
}

/** What tiers go by, at a moment in Unix seconds. */
export function activityOf(
  { activity, cursorUnix, habit }: Pick<SyncState, 'activity' | 'cursorUnix' | 'habit'>,
  now: number,
): Activity {
  const accessAt = habit?.[6] ?? 0;
  const [newest = 0, count = 0, flash = 0] = activity ?? [cursorUnix, 0, 0];
  return {
    lastActivityAt: Math.max(newest, accessAt) || null,
    solvesIn30Days: count * worth(now - newest),
    joinedFlashCtf: flash > 0 && now - flash <= WINDOW,
  };
}
