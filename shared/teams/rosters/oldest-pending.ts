import type { Clock } from '#shared/kernel/clock.ts';
import { natureOf } from '#shared/onboarding/refusals.ts';
import type { Suspension } from '#shared/settings/processing.ts';
import { desiredStateReached, type RosterEntry } from './roster-entry.ts';

export interface OldestPendingDeps {
  readonly entries: {
    /** Entries that wait for the platform and are due before this time. */
    readonly pendingDue: (before: Date) => AsyncIterable<RosterEntry>;
  };
  readonly suspension: () => Promise<Suspension | null>;
  /** Seconds; 0 when no edit waits. */
  readonly onOldest: (ageSeconds: number) => void;
  readonly now: Clock;
}

/** Further ahead than any try is put off to, so that edits that wait for their next try count as well. */
const AHEAD_MS = 24 * 3_600_000;
const RESERVE_MS = 10_000;

/**
 * Seconds that this edit has been waiting; null when it is none that we owe to a coach: it reached the platform before
 * and is only put right, or the platform refused it and somebody has to change something first.
 */
export function pendingSeconds(entry: RosterEntry, now: Date): number | null {
  const refused = entry.failure !== null && natureOf(entry.failure.code) === 'final';
  if (refused || desiredStateReached(entry)) return null;
  return Math.max(0, Math.round((now.getTime() - Date.parse(entry.wantedAt)) / 1_000));
}

/** Tells how long the oldest edit that is not on the platform yet has been waiting; nothing while calls are paused. */
export function createOldestPending(deps: OldestPendingDeps): (remainingMs: () => number) => Promise<void> {
  return async (remainingMs) => {
    if ((await deps.suspension()) !== null) return;
    const now = deps.now();
    let oldest = 0;
    for await (const entry of deps.entries.pendingDue(new Date(now.getTime() + AHEAD_MS))) {
      oldest = Math.max(oldest, pendingSeconds(entry, now) ?? 0);
      if (remainingMs() < RESERVE_MS) break;
    }
    deps.onOldest(oldest);
  };
}
