import type { JobView } from './contract.ts';
import type { Job } from './job.ts';

/** What the API says of a job. Counts are told while it runs, too; an error only when it failed. */
export const jobToView = (job: Job): JobView => ({
  id: job.id,
  taskType: job.taskType,
  status: job.status,
  startedBy: job.startedBy,
  createdAt: job.createdAt,
  startedAt: job.startedAt,
  finishedAt: job.finishedAt,
  attempts: job.attempts,
  progress: { done: job.done, total: job.planned ? job.total : 0 },
  result: Object.keys(job.counts).length === 0 ? null : job.counts,
  error: job.status === 'failed' ? job.error : null,
});
