import type { SyncRun } from '#shared/dashboard/freshness.ts';
import { jobPosition, type JobRepository } from '#shared/jobs/job-repository.ts';

const PAGE = 60;

/** Score-sync jobs created at this instant (ISO 8601) or later, newest first. */
export function createRunsSince(page: JobRepository['page']) {
  return async (since: string): Promise<SyncRun[]> => {
    const runs: SyncRun[] = [];
    let before: string | null = null;
    for (;;) {
      const jobs = await page({ taskType: 'game_platform_sync' }, { limit: PAGE, before });
      const recent = jobs.filter((job) => job.createdAt >= since);
      for (const { createdAt, finishedAt, status } of recent) {
        runs.push({ createdAt, finishedAt, failed: status === 'failed' || status === 'cancelled' });
      }
      const last = jobs.at(-1);
      if (last === undefined || recent.length < PAGE) return runs;
      before = jobPosition(last);
    }
  };
}
