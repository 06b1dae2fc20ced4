import { isDryRun, type Job } from '#shared/jobs/job.ts';
import { METRICS } from '#shared/kernel/metric-names.ts';
import type { Metrics } from '#shared/kernel/metrics.ts';

/** What a finished score sync reports to the alarms: 0 as well as 1, so that silence differs from failure. */
export const finishMetrics =
  (metrics: Pick<Metrics, 'add'>) =>
  (job: Pick<Job, 'taskType' | 'status' | 'counts' | 'payload'>): void => {
    if (job.taskType !== 'game_platform_sync' || isDryRun(job)) return;
    // A round that read no one because every read had just failed is no success.
    const { total, heldBack = 0 } = job.counts;
    if (total === 0 && heldBack > 0) return;
    metrics.add(METRICS.syncRunSucceeded, job.status === 'succeeded' ? 1 : 0);
  };
