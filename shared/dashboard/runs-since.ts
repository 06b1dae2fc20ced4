import type { SyncRun } from './freshness.ts';
import { jobPosition, type JobRepository } from '#shared/jobs/job-repository.ts';
import { isDryRun } from '#shared/jobs/job.ts';
import type { Clock } from '#shared/kernel/clock.ts';

const PAGE = 60;
/** Rounds are five minutes apart and the same for everybody: hundreds a day that need not be read with every look. */
const KEPT_MS = 20_000;

/** Score-sync jobs created at this instant (ISO 8601) or a little earlier and since, newest first. */
export function createRunsSince(page: JobRepository['page'], now: Clock) {
  let kept: { readonly at: number; readonly runs: Promise<readonly SyncRun[]> } | undefined;

  async function read(since: string): Promise<readonly SyncRun[]> {
    const runs: SyncRun[] = [];
    let before: string | null = null;
    for (;;) {
      const jobs = await page({ taskType: 'game_platform_sync' }, { limit: PAGE, before });
      const recent = jobs.filter((job) => job.createdAt >= since);
      for (const { createdAt, finishedAt, status } of recent.filter((job) => !isDryRun(job))) {
        runs.push({ createdAt, finishedAt, failed: status === 'failed' || status === 'cancelled' });
      }
      const last = jobs.at(-1);
      if (last === undefined || recent.length < PAGE) return runs;
      before = jobPosition(last);
    }
  }

  return (since: string): Promise<readonly SyncRun[]> => {
    const at = now().getTime();
    if (kept !== undefined && at - kept.at < KEPT_MS) return kept.runs;
    const runs = read(since);
    kept = { at, runs };
    // A failure is no answer to keep.
    runs.catch(() => (kept = undefined));
    return runs;
  };
}
