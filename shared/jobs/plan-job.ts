import type { Clock } from '#shared/kernel/clock.ts';
import type { Log } from '#shared/kernel/log.ts';
import { NO_TRACING, type Tracing } from '#shared/kernel/tracing.ts';
import type { Suspension } from '#shared/settings/processing.ts';
import { finishJobIfDone, type FinishJobDeps } from './finish-job.ts';
import type { Job, JobPart } from './job.ts';
import { PlanRefusedError, type PlanPage } from './plan-page.ts';
import type { DelayOf, SendWakeUps } from './queue-sender.ts';
import { reopenParts, type ReopenPartsDeps } from './reopen-parts.ts';
import { sendOrLeave } from './send-or-leave.ts';
import type { PlanJobPage } from './task-handlers.ts';

/** Time kept back for the last wake-up messages and the end of the plan. */
const RESERVE_MS = 3_000;
/** Wake-up messages in one call to SQS. */
const SENT_AT_ONCE = 10;

export interface PlanJobDeps extends FinishJobDeps {
  readonly jobs: FinishJobDeps['jobs'] & {
    readonly begin: (jobId: string, at: string) => Promise<Job | undefined>;
    readonly addPart: (
      job: Job,
      part: {
        readonly subjects: readonly string[];
        readonly reasons?: readonly string[];
        readonly cursor: Job['planCursor'];
        readonly last: boolean;
        readonly sentAt: string | null;
      },
    ) => Promise<JobPart | undefined>;
    readonly endPlan: (job: Job, counts?: Readonly<Record<string, number>>) => Promise<void>;
    readonly fail: (job: Job, error: string, at: string) => Promise<boolean>;
  } & ReopenPartsDeps['jobs'];
  readonly planPage: PlanJobPage;
  /** Why waking up parts of this type is of no use now. */
  readonly suspension: (taskType: string) => Promise<Suspension | null>;
  readonly sendWakeUps: SendWakeUps;
  /** When the parts of a job of this type are to be begun, so that none waits for its turn in a worker's time. */
  readonly delays?: (taskType: string) => Promise<DelayOf>;
  readonly now: Clock;
  readonly log: Log;
  readonly tracing?: Pick<Tracing, 'span'>;
}

const due = (job: Job, now: Date): boolean =>
  job.notBefore === null || Date.parse(job.notBefore) <= now.getTime();

/** The job, running and with parts still to be written; undefined when there is nothing (more) to plan. */
async function openForPlanning(
  deps: PlanJobDeps,
  jobId: string,
  remainingMs: () => number,
): Promise<Job | undefined> {
  let job = await deps.jobs.byId(jobId);
  if (job?.status === 'running' && job.reopening === true) {
    const paused = (await deps.suspension(job.taskType)) !== null;
    if (!(await reopenParts(deps, job, { paused, remainingMs }))) return undefined;
  }
  if (job?.status === 'pending' && due(job, deps.now())) {
    job = (await deps.jobs.begin(jobId, deps.now().toISOString())) ?? (await deps.jobs.byId(jobId));
  }
  return job?.status === 'running' && !job.planned ? job : undefined;
}

/** The planner's next page; undefined when it refused the job, which has ended with that. */
async function pageOf(deps: PlanJobDeps, job: Job, cursor: Job['planCursor']): Promise<PlanPage | undefined> {
  try {
    return await deps.planPage(job, cursor);
  } catch (error) {
    if (!(error instanceof PlanRefusedError)) throw error;
    const { sentence } = error;
    deps.log.info('job refused by its plan', { jobId: job.id, taskType: job.taskType });
    const at = deps.now().toISOString();
    if (await deps.jobs.fail(job, sentence, at)) {
      deps.onFinished({ ...job, status: 'failed', error: sentence, finishedAt: at });
    }
    return undefined;
  }
}

/** A page's parts. Planning goes on behind the page with its last part only: a crash before has it asked for again. */
export function partsOfPage({ subjects, reasons, partSize, next }: PlanPage, cursor: Job['planCursor']) {
  const size = partSize ?? subjects.length;
  return Array.from({ length: size > 0 ? Math.ceil(subjects.length / size) : 0 }, (_, index) => {
    const [from, to] = [index * size, (index + 1) * size];
    const ends = to >= subjects.length;
    return {
      subjects: subjects.slice(from, to),
      ...(reasons === undefined ? {} : { reasons: reasons.slice(from, to) }),
      cursor: ends ? next : cursor,
      last: ends && next === null,
    };
  });
}

/**
 * Divides a job into parts and sends a wake-up message for each, and opens those again that a retry has to. Each part is written
 * together with the cursor it moves, so that a crash, a second planner or the end of the invocation only means that
 * planning goes on there, by whoever comes next. They go out while planning still runs; while processing is paused none
 * does, and the dispatcher sends them afterwards. A planner may refuse the job, which ends it with the reason.
 * `firstPage`: what the planner has answered already.
 */
export const planJob = (
  deps: PlanJobDeps,
  jobId: string,
  remainingMs: () => number,
  firstPage?: PlanPage,
): Promise<void> =>
  (deps.tracing ?? NO_TRACING).span('plan of a job', (span) => {
    span.annotate({ jobId });
    return planOpen(deps, jobId, remainingMs, firstPage);
  });

async function planOpen(
  deps: PlanJobDeps,
  jobId: string,
  remainingMs: () => number,
  firstPage: PlanPage | undefined,
): Promise<void> {
  let job = await openForPlanning(deps, jobId, remainingMs);
  let cursor = job?.planCursor ?? null;
  let known = job?.parts === 0 && cursor === null ? firstPage : undefined;
  let unsent: JobPart[] = [];
  const paused = job !== undefined && (await deps.suspension(job.taskType)) !== null;
  const delayOf = job === undefined ? undefined : await deps.delays?.(job.taskType);
  const flush = async () => {
    const parts = unsent;
    unsent = [];
    if (parts.length > 0) await sendOrLeave(deps, parts, delayOf);
  };

  /** The parts written so far are marked as sent. */
  const flushAndThrow = async (error: unknown): Promise<never> => {
    await flush();
    throw error;
  };

  /** False when another planner was first. */
  const write = async (plans: ReturnType<typeof partsOfPage>): Promise<boolean> => {
    const before = job;
    if (before === undefined) return true;
    for (const [index, plan] of plans.entries()) {
      if (index > 0 && remainingMs() <= RESERVE_MS) return true;
      const sentAt = paused ? null : deps.now().toISOString();
      const parts = before.parts + index;
      const part = await deps.jobs.addPart({ ...before, parts }, { ...plan, sentAt }).catch(flushAndThrow);
      if (part === undefined) return false;
      job = { ...before, parts: parts + 1 };
      if (!paused) unsent.push(part);
      if (unsent.length >= SENT_AT_ONCE) await flush();
    }
    return true;
  };

  while (job !== undefined && remainingMs() > RESERVE_MS) {
    const page = known ?? (await pageOf(deps, job, cursor));
    known = undefined;
    if (page === undefined) return;
    if (!(await write(partsOfPage(page, cursor)))) {
      job = await openForPlanning(deps, jobId, remainingMs);
      cursor = job?.planCursor ?? null;
      continue;
    }
    cursor = page.next;
    if (cursor !== null) continue;
    if (page.subjects.length === 0) await deps.jobs.endPlan(job, page.counts);
    break;
  }
  await flush();
  await finishJobIfDone(deps, jobId);
}
