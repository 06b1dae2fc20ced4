import type { Job } from './job.ts';

/** How long jobs stay in the lists, and how long they are kept after that. */
export const JOB_RETENTION = {
  /** Days after its end that a job leaves the lists. */
  listedDays: 14,
  /** The same for a scheduled one that ended well and has nothing to tell: there are hundreds a day. */
  noOpListedDays: 2,
  /** Days after its end that it is deleted with its parts and rows. */
  keptDays: 90,
} as const;

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
export function archiveDue(job: Ended, now: Date): boolean {
  if (job.status === 'pending' || job.status === 'running') return false;
  if (job.taskType === 'privacy_erasure' && job.status !== 'succeeded') return false;
  const days = isNoOp(job) ? JOB_RETENTION.noOpListedDays : JOB_RETENTION.listedDays;
  return now.getTime() - endOf(job) >= days * DAY_MS;
}

/** When an archived job is deleted, Unix seconds. */
export const deletedAt = (job: Pick<Job, 'finishedAt' | 'createdAt'>): number =>
  Math.ceil((endOf(job) + JOB_RETENTION.keptDays * DAY_MS) / 1000);

/** No job made after this can be due, ISO 8601. */
export const newestDue = (now: Date): string =>
  new Date(now.getTime() - JOB_RETENTION.noOpListedDays * DAY_MS).toISOString();
