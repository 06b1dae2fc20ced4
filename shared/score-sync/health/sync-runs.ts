import type { Job } from '#shared/jobs/job.ts';
import type { SCORE_SYNC_TASKS } from '../tasks.ts';
import type { SyncRunView } from './sync-health-view.ts';

/** Jobs that read scores. */
export const SYNC_TASKS = [
  'game_platform_sync',
  'game_platform_totals_sweep',
  'game_platform_flash_ctf_sync',
] as const satisfies readonly (keyof typeof SCORE_SYNC_TASKS)[];

/** What people are counted as who were not asked about. */
const NOT_READ = ['left', 'notDue'];
/** A totals sweep that found all in step had nothing new either. */
const EMPTY = ['skipped', 'inStep'];

const sum = (counts: Job['counts'], names: readonly string[]): number =>
  names.reduce((all, name) => all + (counts[name] ?? 0), 0);

export function syncRunView(job: Job): SyncRunView {
  const { counts, startedAt, finishedAt } = job;
  const read = Math.max(0, (counts['total'] ?? 0) - sum(counts, NOT_READ));
  const share = (count: number): number | null => (read === 0 ? null : Math.min(1, count / read));
  return {
    id: job.id,
    taskType: job.taskType,
    status: job.status,
    startedBy: job.startedBy,
    createdAt: job.createdAt,
    startedAt,
    finishedAt,
    durationMs:
      startedAt === null || finishedAt === null
        ? null
        : Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt)),
    parts: { total: job.parts, done: job.partsDone, failed: job.partsFailed },
    progress: { done: job.done, total: job.planned ? job.total : 0 },
    counts,
    errorShare: share(counts['failed'] ?? 0),
    emptyShare: share(sum(counts, EMPTY)),
    error: job.status === 'failed' ? job.error : null,
  };
}
