import type { Clock } from '#shared/kernel/clock.ts';
import type { Log } from '#shared/kernel/log.ts';
import type { Job, JobPart } from './job.ts';

export interface FinishJobDeps {
  readonly jobs: {
    readonly byId: (jobId: string) => Promise<Job | undefined>;
    readonly partsOf: (jobId: string) => AsyncIterable<JobPart>;
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

async function errorOf(deps: FinishJobDeps, job: Job): Promise<string> {
  const causes = new Set<string>();
  for await (const part of deps.jobs.partsOf(job.id)) {
    if (part.status === 'failed' && part.error !== null) causes.add(part.error);
  }
  const [cause] = causes;
  const more = causes.size > 1 ? ` (and ${causes.size - 1} other causes)` : '';
  return `${job.partsFailed} of ${job.parts} parts failed. ${cause ?? 'No cause was recorded.'}${more}`;
}

/** Ends the job when its last part is closed; otherwise does nothing. Any number of callers at once end it once. */
export async function finishJobIfDone(deps: FinishJobDeps, jobId: string): Promise<void> {
  const job = await deps.jobs.byId(jobId);
  if (job === undefined || job.status !== 'running' || job.reopening === true) return;
  if (!job.planned || job.partsDone < job.parts) return;
  const status = job.partsFailed > 0 ? 'failed' : 'succeeded';
  const error = status === 'failed' ? await errorOf(deps, job) : null;
  const at = deps.now().toISOString();
  if (!(await deps.jobs.finish(job, status, error, at))) return;
  deps.log.info('job finished', {
    jobId,
    taskType: job.taskType,
    status,
    parts: job.parts,
    total: job.total,
  });
  deps.onFinished({ ...job, status, error, finishedAt: at });
}
