import type { Clock } from '#shared/kernel/clock.ts';
import type { JobEstimate } from './contract.ts';
import type { CallsLeft } from './forecast.ts';
import { PlanRefusedError, type PlanPage } from './plan-page.ts';
import { newJob } from './start-job.ts';
import { queueOf, type TaskPayload, type Tasks } from './task-definition.ts';
import type { PlanJobPage } from './task-handlers.ts';

/** What a job would take of the platform, planned by the planner of the real job, without a job. */

export interface EstimateJobDeps {
  readonly tasks: Tasks;
  /** Writes nothing. */
  readonly planPage: PlanJobPage;
  /** Calls for these subjects exactly, as the type's worker decides them; undefined: it cannot be told exactly. */
  readonly callsOf: (taskType: string, payload: TaskPayload, page: PlanPage) => Promise<number | undefined>;
  /** Of the day's budget, for reads. */
  readonly callsLeft: () => Promise<CallsLeft>;
  /** Calls in a second that rosters and reads may make. */
  readonly perSecond: () => Promise<{ readonly roster: number; readonly reads: number }>;
  readonly now: Clock;
}

/** Subjects that are counted for one answer. */
const MOST_COUNTED = 20_000;
/** No further page is planned with less time left. */
const RESERVE_MS = 4_000;

export async function estimateJob(
  deps: EstimateJobDeps,
  { taskType, payload }: { readonly taskType: string; readonly payload: TaskPayload },
  remainingMs: () => number,
): Promise<JobEstimate> {
  const job = newJob('job_estimate', { taskType, payload, startedBy: 'user:estimate' }, deps.now());
  const calls = deps.tasks[taskType]?.calls;
  const found = { subjects: 0, calls: 0, exact: calls?.orMore !== true };
  const answer = async (complete: boolean, refusal: string | null): Promise<JobEstimate> => {
    const [left, rates] = await Promise.all([deps.callsLeft(), deps.perSecond()]);
    const perSecond = queueOf(deps.tasks, taskType) === 'roster' ? rates.roster : rates.reads;
    const seconds = Math.ceil(found.calls / perSecond);
    return { ...found, complete, perSecond, seconds, leftToday: left.today, refusal };
  };
  let cursor = job.planCursor;
  try {
    do {
      if (found.subjects >= MOST_COUNTED || remainingMs() < RESERVE_MS) return await answer(false, null);
      const page = await deps.planPage(job, cursor);
      const exactly = calls === undefined ? 0 : await deps.callsOf(taskType, payload, page);
      found.subjects += page.subjects.length;
      found.calls += exactly ?? page.subjects.length * (calls?.each ?? 0);
      cursor = page.next;
    } while (cursor !== null);
    return await answer(true, null);
  } catch (error) {
    if (error instanceof PlanRefusedError) return answer(false, error.sentence);
    throw error;
  }
}
