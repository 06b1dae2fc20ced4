import { cancelRefusal } from '#shared/jobs/cancel-job.ts';
import type { JobDetailView } from '#shared/jobs/contract.ts';
import { retryRefusal } from '#shared/jobs/reopen-job.ts';
import { TASKS } from '#shared/composition/tasks.ts';
import type { Tasks } from '#shared/jobs/task-definition.ts';

/** What can be done with a job, and what is said before it is; pure. */

const tasks: Tasks = TASKS;

type Job = Pick<JobDetailView, 'status' | 'taskType' | 'archivedAt' | 'partCounts'>;

export const mayRetry = (job: Job): boolean =>
  retryRefusal({ status: job.status, ...(job.archivedAt === null ? {} : { archivedAt: job.archivedAt }) }) ===
  null;

export const mayCancel = (job: Job): boolean => cancelRefusal(tasks, job) === null;

export const asksBeforeRetry = ({ taskType }: Pick<Job, 'taskType'>): boolean =>
  tasks[taskType]?.harmless !== true;

/** What a retry will do. */
export function retryWords({ status, partCounts }: Pick<Job, 'status' | 'partCounts'>): string {
  if (status === 'cancelled') return 'What was left when it was cancelled is done now. What was done stays.';
  const { failed } = partCounts;
  if (failed === 0) return 'It goes on where it stopped. What was done stays.';
  const parts = failed === 1 ? 'The failed part is' : `The ${failed} failed parts are`;
  return `${parts} done from what is true today. What succeeded stays and is not done twice.`;
}
