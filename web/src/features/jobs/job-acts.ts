import { cancelRefusal } from '#shared/jobs/cancel-job.ts';
import type { JobDetailView } from '#shared/jobs/contract.ts';
import { retryRefusal } from '#shared/jobs/reopen-job.ts';
import type { TaskType } from '#shared/jobs/task-types.ts';

/** What can be done with a job, and what is said before it is; pure. */

/** Jobs that read and store, and change nothing on the platform: trying again needs no second thought. */
const HARMLESS: ReadonlySet<TaskType> = new Set([
  'game_platform_sync',
  'game_platform_totals_sweep',
  'game_platform_flash_ctf_sync',
  'competitor_refresh',
  'profile_refresh',
  'job_cleanup',
  'privacy_erasure',
]);

type Job = Pick<JobDetailView, 'status' | 'taskType' | 'archivedAt' | 'partCounts'>;

export const mayRetry = (job: Job): boolean =>
  retryRefusal({ status: job.status, ...(job.archivedAt === null ? {} : { archivedAt: job.archivedAt }) }) ===
  null;

export const mayCancel = (job: Job): boolean => cancelRefusal(job) === null;

export const asksBeforeRetry = ({ taskType }: Pick<Job, 'taskType'>): boolean => !HARMLESS.has(taskType);

/** What a retry will do. */
export function retryWords({ status, partCounts }: Pick<Job, 'status' | 'partCounts'>): string {
  if (status === 'cancelled') return 'What was left when it was cancelled is done now. What was done stays.';
  const { failed } = partCounts;
  if (failed === 0) return 'It goes on where it stopped. What was done stays.';
  const parts = failed === 1 ? 'The failed part is' : `The ${failed} failed parts are`;
  return `${parts} done from what is true today. What succeeded stays and is not done twice.`;
}
