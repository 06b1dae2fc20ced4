import type { Job } from '#shared/jobs/job.ts';
import type { ScheduleRun } from '#shared/jobs/start-scheduled-job.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { type RunAhead, RUNS_AHEAD, type ScheduleView } from './contract.ts';
import { ExpressionError, parseExpression } from './expression.ts';
import { clockChange, lastFiring, nextFirings, type Firing } from './firing-times.ts';
import type { SchedulerStore } from './scheduler-store.ts';
import type { StoredSchedule } from './stored-schedule.ts';

/** From its time until a run's absence is told: Scheduler fires within a minute, the queue and a worker take a while. */
const GRACE_MS = 5 * 60_000;
/** Older runs are not kept, so nothing is said of them. */
const JUDGED_MS = 365 * 86_400_000;

/** Undefined for an expression that was made elsewhere and is none that we know. */
function firingOf({ expression, timezone, createdAt }: StoredSchedule): Firing | undefined {
  try {
    const { recurrence } = parseExpression(expression);
    return { recurrence, timeZone: timezone, countsFrom: Date.parse(createdAt) };
  } catch (error) {
    if (error instanceof ExpressionError) return undefined;
    throw error;
  }
}

/** The next runs, each with what the schedule's clock does before it. */
export function runsAhead(firing: Firing, now: number): RunAhead[] {
  const firings = nextFirings(firing, now, RUNS_AHEAD);
  return firings.map((at, index) => {
    const change = clockChange(firing.timeZone, firings[index - 1] ?? now, at);
    return {
      at: new Date(at).toISOString(),
      clockChange: change === null ? null : { at: new Date(change.at).toISOString(), kind: change.kind },
    };
  });
}

/**
 * When the last run should have been that is missing; null when none is. What was to fire before the last change is not
 * held against the schedule. A rate is judged by the time since its last run, whenever the service begins to count.
 */
export function missedRun(
  firing: Firing,
  changedAt: number,
  lastRun: number | null,
  now: number,
): number | null {
  const upTo = now - GRACE_MS;
  if (firing.recurrence.kind === 'rate') {
    const expected = Math.max(lastRun ?? 0, changedAt) + firing.recurrence.everyMs;
    return expected <= upTo ? expected : null;
  }
  const expected = lastFiring(firing, upTo, Math.max(changedAt, now - JUDGED_MS));
  return expected === undefined || (lastRun !== null && lastRun >= expected) ? null : expected;
}

/** The schedule as the API shows it. */
export function scheduleToView(
  schedule: StoredSchedule,
  related: {
    readonly builtIn: boolean;
    readonly lastRun: ScheduleRun | undefined;
    readonly job: Job | undefined;
    readonly now: Date;
  },
): ScheduleView {
  const { builtIn, lastRun, job } = related;
  const now = related.now.getTime();
  const firing = firingOf(schedule);
  const watched = schedule.enabled ? firing : undefined;
  const lastAt = lastRun === undefined ? null : Date.parse(lastRun.time);
  const missed =
    watched === undefined ? null : missedRun(watched, Date.parse(schedule.changedAt), lastAt, now);
  const counts = job?.counts ?? {};
  return {
    name: schedule.name,
    expression: schedule.expression,
    timezone: schedule.timezone,
    taskType: schedule.task?.taskType ?? null,
    payload: schedule.task?.payload ?? {},
    enabled: schedule.enabled,
    builtIn,
    version: schedule.version,
    createdAt: schedule.createdAt,
    changedAt: schedule.changedAt,
    nextRuns: watched === undefined ? [] : runsAhead(watched, now),
    lastRun:
      lastRun === undefined
        ? null
        : {
            time: lastRun.time,
            jobId: lastRun.jobId,
            status: job?.status ?? null,
            result: Object.keys(counts).length === 0 ? null : counts,
            byHand: lastRun.byHand,
          },
    didNotRun: missed === null ? null : { expectedAt: new Date(missed).toISOString() },
  };
}

export interface ReadSchedulesDeps {
  readonly store: Pick<SchedulerStore, 'page'>;
  readonly isBuiltIn: (name: string) => boolean;
  readonly lastRuns: () => Promise<ReadonlyMap<string, ScheduleRun>>;
  readonly jobsById: (ids: readonly string[]) => Promise<ReadonlyMap<string, Job>>;
  readonly now: Clock;
}

/** Schedules as they are shown, with their last runs. */
export const createViews =
  (deps: Omit<ReadSchedulesDeps, 'store'>) =>
  async (schedules: readonly StoredSchedule[]): Promise<ScheduleView[]> => {
    const runs = await deps.lastRuns();
    const jobs = await deps.jobsById(schedules.flatMap(({ name }) => runs.get(name)?.jobId ?? []));
    return schedules.map((schedule) => {
      const lastRun = runs.get(schedule.name);
      return scheduleToView(schedule, {
        builtIn: deps.isBuiltIn(schedule.name),
        lastRun,
        job: jobs.get(lastRun?.jobId ?? ''),
        now: deps.now(),
      });
    });
  };

/** A page of the service's list. */
export const createListSchedules = (deps: ReadSchedulesDeps) => {
  const views = createViews(deps);
  return async (options: Parameters<SchedulerStore['page']>[0]) => {
    const { schedules, next } = await deps.store.page(options);
    return { items: await views(schedules), next };
  };
};
