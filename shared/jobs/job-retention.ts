import { DEFAULT_PROGRAM_SETTINGS, type ProgramSettings } from '#shared/settings/sync-settings.ts';
import type { Job } from './job.ts';

/** How long jobs stay in the lists, and how long they are kept, in days after their end. */
export type JobKeepDays = Pick<ProgramSettings['keepDays'], 'jobsListed' | 'jobs'>;

/** A scheduled job that ended well and has nothing to tell leaves the lists earlier: there are hundreds a day. */
const NO_OP_LISTED_DAYS = 2;
const noOpDays = ({ jobsListed }: JobKeepDays): number => Math.min(NO_OP_LISTED_DAYS, jobsListed);

const DAY_MS = 86_400_000;

/** Counts that say that nothing came of it. */
const NOTHING_NEW: ReadonlySet<string> = new Set([
  'total',
  'skipped',
  'skippedOverlap',
  'notDue',
  'inStep',
  'unchanged',
]);

type Ended = Pick<Job, 'status' | 'taskType' | 'startedBy' | 'createdAt' | 'finishedAt' | 'counts'>;

const endOf = ({ finishedAt, createdAt }: Pick<Job, 'finishedAt' | 'createdAt'>): number =>
  Date.parse(finishedAt ?? createdAt);

const isNoOp = ({ status, startedBy, counts }: Ended): boolean =>
  status === 'succeeded' &&
  startedBy.startsWith('schedule:') &&
  Object.entries(counts).every(([name, count]) => count === 0 || NOTHING_NEW.has(name));

/** Whether a job leaves the lists now. One under way never does, nor an erasure that is not done. */
export function archiveDue(
  job: Ended,
  now: Date,
  keepDays: JobKeepDays = DEFAULT_PROGRAM_SETTINGS.keepDays,
): boolean {
  if (job.status === 'pending' || job.status === 'running') return false;
  if (job.taskType === 'privacy_erasure' && job.status !== 'succeeded') return false;
  const days = isNoOp(job) ? noOpDays(keepDays) : keepDays.jobsListed;
  return now.getTime() - endOf(job) >= days * DAY_MS;
}

/** When an archived job is deleted, Unix seconds. */
export const deletedAt = (
  job: Pick<Job, 'finishedAt' | 'createdAt'>,
  { jobs }: Pick<JobKeepDays, 'jobs'>,
): number => Math.ceil((endOf(job) + jobs * DAY_MS) / 1000);

/** No job made after this can be due, ISO 8601. */
export const newestDue = (now: Date, keepDays: JobKeepDays): string =>
  new Date(now.getTime() - noOpDays(keepDays) * DAY_MS).toISOString();
