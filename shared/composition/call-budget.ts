import { createBudgetRepository } from '#shared/game-platform/budget/budget-repository.ts';
import { createRateLimiter, type SharedRateLimiter } from '#shared/game-platform/budget/rate-limiter.ts';
import { blockOf, dayLimit, laneRates, spacingOf } from '#shared/game-platform/budget/lease-slots.ts';
import { createMoments } from '#shared/game-platform/budget/moment.ts';
import { TASKS } from './tasks.ts';
import { orAborted } from '#shared/game-platform/keyed-queue.ts';
import type { HandleMessage } from '#shared/jobs/queue-entry.ts';
import type { DelayOf } from '#shared/jobs/queue-sender.ts';
import type { TaskDefinition } from '#shared/jobs/task-definition.ts';
import { sleepFor, type Clock } from '#shared/kernel/clock.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import type { Log } from '#shared/kernel/log.ts';
import { METRICS, STOPPED_BY } from '#shared/kernel/metric-names.ts';
import type { Metrics } from '#shared/kernel/metrics.ts';
import { createCachedSyncSettings } from '#shared/settings/cached-settings.ts';
import type { Suspension, Lane } from '#shared/settings/processing.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import type { Table } from '#shared/table/table.ts';

const sleep = (ms: number, signal?: AbortSignal): Promise<void> => orAborted(sleepFor(ms), signal);

interface DynamoBudgetDeps {
  readonly table: Table;
  readonly timeZone: string;
  readonly now: Clock;
}

/** What a processing switch asks about the budget: why the calls of a lane wait, until it changes. */
export function createDynamoWaits({ table, timeZone, now }: DynamoBudgetDeps) {
  const row = createBudgetRepository(table);
  const limits = createCachedSyncSettings({ settings: createSettingsRepository(table), now });
  const moment = createMoments(timeZone);
  return async (): Promise<(lane: Lane, at: Date) => Suspension | null> => {
    const [state, allowed] = await Promise.all([row.state(), limits()]);
    return (lane, at) => {
      const bar = state === undefined ? null : blockOf(state, allowed, lane, moment(at));
      return bar === null
        ? null
        : { kind: 'waiting', code: bar.code, until: new Date(bar.until).toISOString() };
    };
  };
}

/** How many calls the day's budget leaves to reads: today, and on a whole day. */
export function createCallsLeft(on: DynamoBudgetDeps): () => Promise<{ today: number; perDay: number }> {
  const row = createBudgetRepository(on.table);
  const limits = createCachedSyncSettings({ settings: createSettingsRepository(on.table), now: on.now });
  const moment = createMoments(on.timeZone);
  return async () => {
    const [state, allowed] = await Promise.all([row.state(), limits()]);
    const perDay = dayLimit(allowed, 'reads');
    const spent = state?.today.day === moment(on.now()).day ? state.spent : 0;
    return { today: Math.max(0, perDay - spent), perDay };
  };
}

/** Well below the time after which the dispatcher takes a wake-up message for lost. */
const LONGEST_DELAY_SECONDS = 480;

/**
 * When the parts of a job's plan are to be begun: each when the calls of those before it have had their slots. Workers
 * that all began at once would share the same calls a second, and wait at the price of working.
 */
export function createDelays({ table, now }: Pick<DynamoBudgetDeps, 'table' | 'now'>) {
  const limits = createCachedSyncSettings({ settings: createSettingsRepository(table), now });
  return async (taskType: string): Promise<DelayOf> => {
    const task: TaskDefinition | undefined = new Map(Object.entries(TASKS)).get(taskType);
    // People wait for what the roster queue does, and it has calls of its own.
    if (task?.queue !== 'sync' || task.calls === undefined) return () => 0;
    const perCall = spacingOf(laneRates(await limits()).reads) / 1_000;
    const perPart = perCall * task.partSize * task.calls.each;
    return ({ part }) => Math.min(LONGEST_DELAY_SECONDS, Math.floor(part * perPart));
  };
}

/** The budget of one function, on the row that all share. */
export function createDynamoBudget({
  log,
  metrics,
  newId,
  ...on
}: DynamoBudgetDeps & {
  readonly log: Log;
  readonly metrics?: Pick<Metrics, 'add'>;
  readonly newId: NewId;
}): SharedRateLimiter {
  return createRateLimiter({
    row: createBudgetRepository(on.table),
    limits: createCachedSyncSettings({ settings: createSettingsRepository(on.table), now: on.now }),
    moment: createMoments(on.timeZone),
    now: on.now,
    sleep,
    random: Math.random,
    newId,
    log,
    onCalls: (calls) => {
      if (calls > 0) metrics?.add(METRICS.gamePlatformCalls, calls);
    },
  });
}

/** The same handling; after the last of the messages that are processed together the unused rest of a block goes back. */
export function givingBack(budget: Pick<SharedRateLimiter, 'flush'>, handle: HandleMessage): HandleMessage {
  let going = 0;
  return async (body, delivery, log) => {
    going += 1;
    try {
      return await handle(body, delivery, log);
    } finally {
      going -= 1;
      if (going === 0) await budget.flush();
    }
  };
}

/**
 * Measures, as often as it is called, how far the day's budget is used up, and what stops all calls: the breaker, or an
 * admin who switched processing off.
 */
export function createPlatformGauge({
  metrics,
  ...on
}: DynamoBudgetDeps & { readonly metrics: Pick<Metrics, 'add'> }): () => Promise<void> {
  const row = createBudgetRepository(on.table);
  const settings = createSettingsRepository(on.table);
  const limits = createCachedSyncSettings({ settings, now: on.now });
  const moment = createMoments(on.timeZone);
  return async () => {
    const [state, allowed, { processing }] = await Promise.all([
      row.state(),
      limits(),
      settings.processing(),
    ]);
    const { day } = moment(on.now());
    const spent = state?.today.day === day ? state.spent : 0;
    metrics.add(METRICS.gamePlatformBudgetUsed, (100 * spent) / dayLimit(allowed, 'roster'), 'percent');
    const broken = state !== undefined && state.breaker.kind !== 'closed';
    const stoppedBy = processing.enabled ? (broken ? 'breaker' : 'nothing') : 'admin';
    metrics.add(METRICS.gamePlatformStopped, STOPPED_BY[stoppedBy]);
  };
}
