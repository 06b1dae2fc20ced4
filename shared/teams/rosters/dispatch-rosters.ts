import type { Clock } from '#shared/kernel/clock.ts';
import type { Log } from '#shared/kernel/log.ts';
import type { Suspension } from '#shared/settings/processing.ts';
import type { Team } from '../team.ts';
import type { RosterEntry, RosterWakeUp } from './roster-entry.ts';

export interface DispatchRostersDeps {
  readonly entries: {
    readonly pendingDue: (now: Date) => AsyncIterable<RosterEntry>;
    readonly postpone: (entry: RosterEntry, due: string) => Promise<boolean>;
  };
  readonly teams: {
    readonly pendingDue: (now: Date) => AsyncIterable<Team>;
    readonly saveProgress: (
      teamId: string,
      progress: Partial<Pick<Team, 'sync'>>,
      due: string | null,
    ) => Promise<boolean>;
  };
  readonly send: (wakeUps: readonly RosterWakeUp[]) => Promise<void>;
  readonly suspension: () => Promise<Suspension | null>;
  readonly now: Clock;
}

/** No second wake-up message for the same one sooner: the queue may merely be long. */
const WAKE_AGAIN_MS = 2 * 60_000;
const RESERVE_MS = 20_000;
const BATCH = 10;

/**
 * Every minute: wake-up messages for all teams and members that wait for the platform and are due, whatever became of earlier
 * wake-up messages; none while calls are paused. Each is postponed before it is woken, so that two dispatchers send one wake-up message and
 * a crash in between is found by a later round.
 */
export function createDispatchRosters(
  deps: DispatchRostersDeps,
): (remainingMs: () => number, log: Log) => Promise<void> {
  return async (remainingMs, log) => {
    if ((await deps.suspension()) !== null) return;
    const now = deps.now();
    const due = new Date(now.getTime() + WAKE_AGAIN_MS).toISOString();
    let sent = 0;
    let batch: RosterWakeUp[] = [];
    const flush = async () => {
      if (batch.length > 0) await deps.send(batch);
      sent += batch.length;
      batch = [];
    };
    const add = async (wakeUp: RosterWakeUp) => {
      batch.push(wakeUp);
      if (batch.length >= BATCH) await flush();
    };

    for await (const team of deps.teams.pendingDue(now)) {
      if (remainingMs() < RESERVE_MS) break;
      const settled = team.wantedState === 'present' && team.platform !== null && team.recreate === null;
      const kept = await deps.teams.saveProgress(team.id, {}, settled ? null : due);
      if (kept && !settled) await add({ kind: 'team', teamId: team.id });
    }
    for await (const entry of deps.entries.pendingDue(now)) {
      if (remainingMs() < RESERVE_MS) break;
      if (await deps.entries.postpone(entry, due)) {
        await add({ kind: 'roster', competitorId: entry.competitorId });
      }
    }
    await flush();
    if (sent > 0) log.info('roster wake-up messages sent again', { sent });
  };
}
