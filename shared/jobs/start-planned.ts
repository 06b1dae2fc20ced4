import { NO_TRACING } from '#shared/kernel/tracing.ts';
import { tellFinished } from './finish-job.ts';
import type { Job, JobPart } from './job.ts';
import { partsOfPage, type PlanJobDeps } from './plan-job.ts';
import type { PlanPage } from './plan-page.ts';
import { sendOrLeave } from './send-or-leave.ts';
import { newJob, startJob, type StartJobDeps, type StartJobInput } from './start-job.ts';
import type { PartOutcome, PartWorker } from './work-part.ts';

export interface StartPlannedDeps extends PlanJobDeps, StartJobDeps {
  readonly jobs: PlanJobDeps['jobs'] &
    StartJobDeps['jobs'] & {
      readonly createWithPart: (
        job: Job,
        part: {
          readonly subjects: readonly string[];
          readonly reasons?: readonly string[];
          readonly sentAt: string | null;
        },
      ) => Promise<JobPart | undefined>;
      readonly createEnded: (job: Job, part: JobPart) => Promise<boolean>;
    };
  /** Parts that are processed where they are planned, as no queue carries them. */
  readonly own?: {
    readonly has: (taskType: string) => boolean;
    readonly worker: PartWorker;
  };
}

/** A job that was started, and what its planner has answered where its parts are still to be written. */
export interface Started {
  readonly job: Job;
  readonly firstPage?: PlanPage;
}

/** An own part is begun with so much time left, so that a dispatch in the same batch of messages keeps its share. */
const OWN_RESERVE_MS = 25_000;

/**
 * Starts a scheduled job, of which there are hundreds a day, with as few writes as it takes: it is planned before it is
 * written. With nobody to deal with, its record is one write that says so; with one part, it is written running with
 * that part; and an own part is processed first and its record written with the result. A message that comes again
 * after a crash in between does the same again, as parts have to bear anyway. What takes more than a part, fails or is
 * cut short is written down first and goes the way of every other job.
 */
export const startPlanned =
  (deps: StartPlannedDeps, remainingMs: () => number) =>
  async (input: StartJobInput & { readonly idempotencyId: string }): Promise<Started> => {
    const now = deps.now();
    const at = now.toISOString();
    const pending = newJob(`job_${input.idempotencyId}`, input, now);
    const running: Job = { ...pending, status: 'running', startedAt: at, attempts: 1 };
    const page = await deps.planPage(running, null).catch((error: unknown) => {
      // Whoever plans the job again meets the same error, and ends it if it stays.
      deps.log.warn('not planned at once', { jobId: pending.id, taskType: pending.taskType }, error);
      return undefined;
    });
    if (page === undefined) return { job: await startJob(deps)(input) };
    const plans = partsOfPage(page, null);
    const [plan] = plans;
    if (page.next !== null || plans.length > 1) return { job: await startJob(deps)(input), firstPage: page };

    const planned: Job = { ...running, planned: true };
    const orKnown = async (job: Job, created: boolean): Promise<Started> => {
      if (!created) return { job: (await deps.jobs.byId(job.id)) ?? job };
      if (job.status === 'succeeded') tellFinished(deps, job);
      return { job };
    };
    if (plan === undefined) {
      const ended: Job = { ...planned, status: 'succeeded', finishedAt: at, counts: { ...page.counts } };
      return orKnown(ended, await deps.jobs.create(ended));
    }

    const job: Job = { ...planned, parts: 1, total: plan.subjects.length };
    if (deps.own?.has(job.taskType) === true) {
      const part = ownPart(job, plan);
      const outcome = await workOwn(deps, deps.own.worker, job, part, remainingMs);
      if (outcome?.kind !== 'finished') return { job: await startJob(deps)(input), firstPage: page };
      const result = {
        status: 'succeeded',
        finishedAt: deps.now().toISOString(),
        counts: { ...outcome.counts },
      } as const;
      const ended: Job = { ...job, ...result, partsDone: 1, done: job.total };
      return orKnown(ended, await deps.jobs.createEnded(ended, { ...part, ...result, done: job.total }));
    }

    const paused = (await deps.suspension(job.taskType)) !== null;
    const part = await deps.jobs.createWithPart(job, { ...plan, sentAt: paused ? null : at });
    if (part !== undefined && !paused) await sendOrLeave(deps, [part]);
    return orKnown(job, part !== undefined);
  };

const ownPart = (job: Job, plan: Pick<PlanPage, 'subjects' | 'reasons'>): JobPart => ({
  jobId: job.id,
  part: 0,
  taskType: job.taskType,
  status: 'pending',
  subjects: [...plan.subjects],
  ...(plan.reasons === undefined ? {} : { reasons: [...plan.reasons] }),
  attempts: 1,
  sentAt: null,
  claimedUntil: null,
  startedAt: job.startedAt,
  finishedAt: null,
  counts: {},
  error: null,
});

/** Undefined: there is no time for it now, or it failed, which an attempt that is written down will tell. */
async function workOwn(
  deps: StartPlannedDeps,
  worker: PartWorker,
  job: Job,
  part: JobPart,
  remainingMs: () => number,
): Promise<PartOutcome | undefined> {
  if (remainingMs() < OWN_RESERVE_MS) return undefined;
  const log = deps.log.with({ jobId: job.id, part: part.part });
  const tracing = deps.tracing ?? NO_TRACING;
  return tracing
    .span('part of a job', (span) => {
      span.annotate({ jobId: job.id });
      return worker(job, part, { remainingMs, log, tracing, lastAttempt: false });
    })
    .catch((error: unknown) => {
      log.warn('own part not processed at once', {}, error);
      return undefined;
    });
}
