import { setImmediate } from 'node:timers/promises';
import { createRateLimiter, type SharedRateLimiter } from '#shared/game-platform/budget/rate-limiter.ts';
import type { BudgetDay, BudgetState } from '#shared/game-platform/budget/budget-state.ts';
import type { BudgetLimits } from '#shared/game-platform/budget/lease-slots.ts';
import { createMoments } from '#shared/game-platform/budget/moment.ts';
import { DEFAULT_SYNC_SETTINGS } from '#shared/settings/sync-settings.ts';
import { recordingLog } from '../../kernel/recording-log.ts';

export const START = Date.parse('2026-11-25T18:00:00Z');
export const ZONE = 'America/Los_Angeles';

export const limitsOf = (change: Partial<BudgetLimits> = {}): BudgetLimits => ({
  ...DEFAULT_SYNC_SETTINGS,
  ...change,
});

/** Time that passes only when everybody sleeps: who sleeps shortest wakes first. */
export class FakeTime {
  nowMs = START;
  private readonly sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  #calls = 0;

  /** A call to something real: no time passes meanwhile. */
  readonly during = async <T>(call: () => Promise<T>): Promise<T> => {
    this.#calls += 1;
    try {
      return await call();
    } finally {
      this.#calls -= 1;
    }
  };

  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const give = () => reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
      if (signal?.aborted === true) give();
      signal?.addEventListener('abort', give);
      this.sleepers.push({ at: this.nowMs + ms, wake: resolve });
    });

  /** Runs until the work is done. */
  async until<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const settled = () => {
      done = true;
    };
    work.then(settled, settled);
    for (;;) {
      for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
      if (done) return work;
      if (this.#calls > 0) {
        await setImmediate();
        continue;
      }
      this.sleepers.sort((a, b) => a.at - b.at);
      const next = this.sleepers.shift();
      if (next === undefined) throw new Error('Everybody waits for something else than time.');
      this.nowMs = Math.max(this.nowMs, next.at);
      next.wake();
    }
  }
}

/** The shared row in memory; every write and read is an await, as with the table. */
export class FakeRow {
  current: BudgetState | undefined;
  readonly ended: BudgetDay[] = [];
  reads = 0;
  writes = 0;
  readonly state = async (): Promise<BudgetState | undefined> => {
    this.reads += 1;
    await Promise.resolve();
    return this.current;
  };
  readonly replace = async (next: BudgetState, ended: BudgetDay | null): Promise<BudgetState | null> => {
    this.writes += 1;
    await Promise.resolve();
    if (this.current !== undefined && this.current.version !== next.version - 1) return this.current;
    this.current = next;
    if (ended !== null) this.ended.push(ended);
    return null;
  };
}

/** A worker on the row; `skewMs`: how far its clock is off. */
export function workerOn(
  time: FakeTime,
  row: Pick<FakeRow, 'state' | 'replace'>,
  limits: () => BudgetLimits,
  skewMs = 0,
): SharedRateLimiter {
  let ids = 0;
  const name = Math.random();
  return createRateLimiter({
    row,
    limits: () => Promise.resolve(limits()),
    moment: createMoments(ZONE, () => 0.5),
    now: () => new Date(time.nowMs + skewMs),
    sleep: time.sleep,
    random: () => 0.5,
    newId: (prefix) => `${prefix}-${name}-${(ids += 1)}`,
    log: recordingLog().log,
  });
}

/** The most calls in any half-open second. */
export function busiestSecond(times: readonly number[]): number {
  return busiest(times, 1_000);
}

/** The most calls in any span of so many milliseconds. */
export function busiest(times: readonly number[], spanMs: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return Math.max(0, ...sorted.map((from) => sorted.filter((at) => at >= from && at < from + spanMs).length));
}
