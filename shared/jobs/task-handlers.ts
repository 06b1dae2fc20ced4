import type * as z from 'zod';
import type { Job } from './job.ts';
import { pageOfIds, PlanRefusedError, type PlanPage } from './plan-page.ts';
import type { Refusal } from './reopen-job.ts';
import type { TaskPayload, Tasks } from './task-definition.ts';
import { PartFailedError, type JobOf, type PartWorker } from './work-part.ts';

/** What is done for each type of job: the declarations' server half, looked up by the job's type. */

type Payloads<P> = { readonly [T in keyof P]: TaskPayload };
type Declared<P> = { readonly [T in keyof P]: { readonly payload: z.ZodType<P[T]> } };
type Handlers<P extends Payloads<P>, Rest extends readonly unknown[], Result> = {
  readonly [T in keyof P]: (job: JobOf<P[T]>, ...rest: Rest) => Promise<Result>;
};

/** Those of the given types, each behind its payload's schema. */
function bind<P extends Payloads<P>, Rest extends readonly unknown[], Result>(
  tasks: Declared<P>,
  handlers: Handlers<P, Rest, Result>,
): ReadonlyMap<string, (job: Job, ...rest: Rest) => Promise<Result>> {
  const bound = new Map<string, (job: Job, ...rest: Rest) => Promise<Result>>();
  for (const taskType in handlers) {
    const { payload } = tasks[taskType];
    const handle = handlers[taskType];
    bound.set(taskType, async (job, ...rest) =>
      handle({ ...job, payload: payload.parse(job.payload) }, ...rest),
    );
  }
  return bound;
}

const UNKNOWN = 'This version knows no jobs of this type.';

/** Lists the subjects of a job, a page at a time; `size`: how many a part holds. */
export type Planner<Payload extends TaskPayload> = (
  job: JobOf<Payload>,
  cursor: Job['planCursor'],
  size: number,
) => Promise<PlanPage>;
export type PlanJobPage = (job: Job, cursor: Job['planCursor']) => Promise<PlanPage>;

/** Plans jobs of all types: from what the payload names, or as the type's planner lists them. */
export function planEach<P extends Payloads<P>>(
  tasks: Tasks & Declared<P>,
  planners: { readonly [T in keyof P]: Planner<P[T]> },
): PlanJobPage {
  const bound = bind(tasks, planners);
  const known = new Map(Object.entries<Tasks[string]>(tasks));
  return async (job, cursor) => {
    const task = known.get(job.taskType);
    if (task === undefined) throw new PlanRefusedError(UNKNOWN);
    const named = task.subjectsOf(job.payload);
    if (named !== undefined) return pageOfIds(named, cursor, task.partSize);
    const plan = bound.get(job.taskType);
    if (plan === undefined) throw new PlanRefusedError(UNKNOWN);
    return plan(job, cursor, task.partSize);
  };
}

/** Processes parts of the given types; one of another type fails for good. */
export function workEach<P extends Payloads<P>>(
  tasks: Declared<P>,
  workers: { readonly [T in keyof P]: PartWorker<P[T]> },
): PartWorker {
  const bound = bind(tasks, workers);
  return (job, part, context) => {
    const work = bound.get(job.taskType);
    return work === undefined ? Promise.reject(new PartFailedError(UNKNOWN)) : work(job, part, context);
  };
}

/** Why a job has nothing left to do that would be right today; types without such a check can always be tried again. */
export function supersededEach<P extends Payloads<P>>(
  tasks: Declared<P>,
  checks: { readonly [T in keyof P]: (job: JobOf<P[T]>) => Promise<Refusal | null> },
): (job: Job) => Promise<Refusal | null> {
  const bound = bind(tasks, checks);
  return async (job) => (await bound.get(job.taskType)?.(job)) ?? null;
}
