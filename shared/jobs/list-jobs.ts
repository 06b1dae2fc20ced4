import type { JOB_STARTERS, JOB_STATES } from './contract.ts';
import { jobPosition, type JobRepository } from './job-repository.ts';
import type { Job } from './job.ts';

export interface JobFilter {
  readonly status: (typeof JOB_STATES)[number] | undefined;
  /** Undefined: of all types. */
  readonly taskType: string | readonly string[] | undefined;
  /** @default whoever started it */
  readonly by?: (typeof JOB_STARTERS)[number] | undefined;
}

/** Whether the filter shows a job. */
export function matchesFilter(
  { status, taskType, by }: JobFilter,
  job: Pick<Job, 'status' | 'taskType' | 'startedBy'>,
): boolean {
  if (status !== undefined && job.status !== status) return false;
  if (taskType !== undefined && ![taskType].flat().includes(job.taskType)) return false;
  return by === undefined || job.startedBy.startsWith('schedule:') === (by === 'schedules');
}

export interface JobPage {
  readonly jobs: readonly Job[];
  /** The position to go on before; null at the end. */
  readonly next: string | null;
}

/** Pages read for one answer at most, when a filter lets few jobs through. */
const MAX_ROUNDS = 20;

/**
 * Jobs, newest first. One state is a list of its own, one type too; all jobs are the types' lists merged by time, so
 * that no partition holds every job.
 */
export async function listJobs(
  { page, taskTypes }: { readonly page: JobRepository['page']; readonly taskTypes: readonly string[] },
  filter: JobFilter,
  options: { readonly limit: number; readonly before: string | null },
): Promise<JobPage> {
  const { status, taskType } = filter;
  const { limit } = options;
  const found: Job[] = [];
  const types = taskType === undefined ? taskTypes : [taskType].flat();
  let before = options.before;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const wanted = { limit: limit + 1, before };
    const pages =
      status !== undefined && taskType === undefined
        ? [await page({ state: status }, wanted)]
        : await Promise.all(types.map((type) => page({ taskType: type }, wanted)));
    const merged = pages
      .flat()
      .toSorted((a, b) => (jobPosition(a) < jobPosition(b) ? 1 : -1))
      .slice(0, limit + 1);
    found.push(...merged.filter((job) => matchesFilter(filter, job)));
    const last = merged.at(-1);
    const more = merged.length > limit;
    if (found.length > limit) {
      const jobs = found.slice(0, limit);
      const end = jobs.at(-1);
      return { jobs, next: end === undefined ? null : jobPosition(end) };
    }
    if (!more || last === undefined) return { jobs: found, next: null };
    before = jobPosition(last);
  }
  return { jobs: found, next: before };
}
