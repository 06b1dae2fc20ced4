import { flashReadDue } from '../flash-event-state.ts';
import type { Activity } from '../policy/activity-tiers.ts';
import type { Habit } from '../policy/reading-habit.ts';
import type { FlashEvent, ReadingState } from '../score-records.ts';
import { activityOf, habitOf } from '../sync-memory.ts';

/** Somebody a round may read. Times in Unix seconds. */
export interface RoundCandidate {
  readonly id: string;
  /** Null: never. */
  readonly lastReadAt: number | null;
  /** When the last read failed; null: it did not. */
  readonly failedAt: number | null;
  /** Whether the platform itself refused to show this person. */
  readonly refused: boolean;
  /** Calls that a read takes: Flash CTFs are a list of their own. */
  readonly calls: number;
  readonly teamId: string | null;
  readonly activity: Activity;
  readonly habit: Habit;
}

const REFUSALS: ReadonlySet<string> = new Set(['NOT_APPROVED', 'USER_UNKNOWN']);

export function roundCandidate(
  state: ReadingState,
  events: readonly FlashEvent[],
  now: Date,
): RoundCandidate {
  const { lastFailure } = state;
  const lastReadAt = state.lastReadAt === null ? null : Date.parse(state.lastReadAt) / 1000;
  const habit = habitOf(state);
  return {
    id: state.competitorId,
    lastReadAt,
    failedAt: lastFailure === null ? null : Date.parse(lastFailure.at) / 1000,
    refused: lastFailure !== null && REFUSALS.has(lastFailure.code),
    calls: flashReadDue(events, state, now) ? 2 : 1,
    teamId: state.teamId ?? null,
    activity: activityOf(state, now.getTime() / 1000),
    // A totals read teaches the habit, too, but is not the read that the hours promised are about.
    habit: { ...habit, readAt: Math.min(habit.readAt, lastReadAt ?? 0) },
  };
}
