import type { Clock } from '#shared/kernel/clock.ts';
import type { Log } from '#shared/kernel/log.ts';
import { isOnePart, type Job, type JobPart } from './job.ts';

export interface FinishJobDeps {
  readonly jobs: {
    readonly byId: (jobId: string) => Promise<Job | undefined>;
    readonly partsOf: (jobId: string) => AsyncIterable<JobPart>;
    readonly part: (jobId: string, part: number) => Promise<JobPart | undefined>;
    readonly finishWithPart: (job: Job, part: JobPart, error: string | null, at: string) => Promise<boolean>;
    readonly finish: (
      job: Job,
      status: 'succeeded' | 'failed',
      error: string | null,
      at: string,
    ) => Promise<boolean>;
  };
  readonly now: Clock;
  readonly log: Log;
  /** Called once for every job that ends, by whichever worker ended it. */
  readonly onFinished: (job: Job) => void;
}

function errorOf(failed: number, parts: number, causes: ReadonlySet<string>): string {
  const [cause] = causes;
  const more = causes.size > 1 ? ` (and ${causes.size - 1} other causes)` : '';
  return `${failed} of ${parts} parts failed. ${cause ?? 'No cause was recorded.'}${more}`;
}

async function causesOf(deps: FinishJobDeps, jobId: string): Promise<ReadonlySet<string>> {
  const causes = new Set<string>();
  for await (const part of deps.jobs.partsOf(jobId)) {
    if (part.status === 'failed' && part.error !== null) causes.add(part.error);
  }
  return causes;
}

/** Tells that a job has ended. */
export function tellFinished(deps: Pick<FinishJobDeps, 'log' | 'onFinished'>, job: Job): void {
  const { id: jobId, taskType, status, parts, total } = job;
  deps.log.info('job finished', { jobId, taskType, status, parts, total });
  deps.onFinished(job);
}

/**
 * Ends a job of one part by its part, which is closed: the job takes over the part's counts. Also of a job that was
 * canceled meanwhile, which stays canceled. False when that was done already, or the job is in another attempt.
 */
export async function finishByPart(deps: FinishJobDeps, job: Job, part: JobPart): Promise<boolean> {
  const failed = part.status === 'failed';
  const error = failed ? errorOf(1, 1, new Set(part.error === null ? [] : [part.error])) : null;
  const at = deps.now().toISOString();
  if (!(await deps.jobs.finishWithPart(job, part, error, at))) return false;
  if (job.status === 'running')
    tellFinished(deps, {
      ...job,
      status: failed ? 'failed' : 'succeeded',
      error,
      finishedAt: at,
      counts: part.counts,
    });
  return true;
}

/** Ends the job when its last part is closed; otherwise does nothing. Any number of callers at once end it once. */
export async function finishJobIfDone(deps: FinishJobDeps, jobId: string): Promise<void> {
  const job = await deps.jobs.byId(jobId);
  if (job === undefined || job.reopening === true) return;
  if (isOnePart(job) && job.partsDone === 0) {
    const part = await deps.jobs.part(jobId, 0);
    if (part !== undefined && part.status !== 'pending') await finishByPart(deps, job, part);
    return;
  }
  if (job.status !== 'running' || !job.planned || job.partsDone < job.parts) return;
  const status = job.partsFailed > 0 ? 'failed' : 'succeeded';
  const error = status === 'failed' ? errorOf(job.partsFailed, job.parts, await causesOf(deps, jobId)) : null;
  const at = deps.now().toISOString();
  if (!(await deps.jobs.finish(job, status, error, at))) return;
  tellFinished(deps, { ...job, status, error, finishedAt: at });
}
