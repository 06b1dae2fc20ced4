import type { JobView } from './contract.ts';
import type { Job } from './job.ts';

/** Names of people by their `sub`. */
export type NamesBySub = ReadonlyMap<string, string>;
const NO_NAMES: NamesBySub = new Map();

/** The `sub` in `user:<sub>`; null for what no person started. */
export const starterSub = (startedBy: string): string | null => /^user:(.+)$/.exec(startedBy)?.[1] ?? null;

/** What the API says of a job. Counts are told while it runs, too; an error only when it failed. */
export const jobToView = (job: Job, names = NO_NAMES): JobView => ({
  id: job.id,
  taskType: job.taskType,
  status: job.status,
  startedBy: job.startedBy,
  startedByName: names.get(starterSub(job.startedBy) ?? '') ?? null,
  createdAt: job.createdAt,
  startedAt: job.startedAt,
  finishedAt: job.finishedAt,
  attempts: job.attempts,
  progress: { done: job.done, total: job.planned ? job.total : 0 },
  result: Object.keys(job.counts).length === 0 ? null : job.counts,
  error: job.status === 'failed' ? job.error : null,
});
