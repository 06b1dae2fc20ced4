import type { Clock } from '#shared/kernel/clock.ts';
import { eachSubject, StopPartError } from './each-subject.ts';
import type { JobArchive } from './job-archive.ts';
import { archiveDue, deletedAt, type JobKeepDays } from './job-retention.ts';
import type { Job } from './job.ts';
import type { PartWorker } from './work-part.ts';

export interface CleanupWorkerDeps {
  /** Consistent. */
  readonly jobById: (jobId: string) => Promise<Job | undefined>;
  readonly archive: JobArchive['archive'];
  readonly keepDays: () => Promise<JobKeepDays>;
  readonly now: Clock;
}

const START_WITH_MS = 10_000;
const RESERVE_MS = 5_000;

/**
 * Processes parts of `job_cleanup`: archives jobs that ended long ago. Each is looked at once more before, so that one
 * that was tried again since the plan stays. Nobody is called but the table, so no pause holds it.
 */
export function createCleanupWorker(deps: CleanupWorkerDeps): PartWorker {
  return (job, part, context) =>
    eachSubject(
      part.subjects,
      context,
      {
        concurrency: 1,
        startWithMs: START_WITH_MS,
        traceFields: (jobId) => ({ jobId }),
      },
      async (jobId) => {
        const found = await deps.jobById(jobId);
        if (found === undefined) return 'gone';
        // Archived by an attempt of this part that was cut short.
        if (found.archivedAt !== undefined) return found.archivedAt >= job.createdAt ? 'archived' : 'gone';
        const now = deps.now();
        const keepDays = await deps.keepDays();
        if (!archiveDue(found, now, keepDays)) return 'kept';
        const when = { at: now.toISOString(), expiresAt: deletedAt(found, keepDays) };
        const end = await deps.archive(found, when, () => context.remainingMs() > RESERVE_MS);
        if (end === 'cut_short') throw new StopPartError('time');
        return end === 'archived' ? 'archived' : 'kept';
      },
    );
}
