import type { Job } from '#shared/jobs/job.ts';
import { newJob } from '#shared/jobs/start-job.ts';
import type { PartWorker } from '#shared/jobs/work-part.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { FlashEvent } from './score-records.ts';
import { COUNTED_AS, readPeople, type SyncWorkerDeps } from './sync-worker.ts';

/**
 * Processes parts of `game_platform_flash_ctf_sync`: Flash CTFs alone. Whoever was read since the job was made has
 * nothing more to tell.
 */
export function createFlashWorker(deps: SyncWorkerDeps): PartWorker {
  return async (job, part, context) =>
    readPeople(deps, [job, part, context], (state) => {
      if (state.lastFlashRun?.jobId === job.id) return COUNTED_AS[state.lastFlashRun.outcome];
      if ((state.lastFlashReadAt ?? '') >= job.createdAt && state.flashAgain !== true) return 'notDue';
      return { full: false, read: 'flash' };
    });
}

export interface StartEventJobDeps {
  readonly jobs: { readonly create: (job: Job) => Promise<boolean> };
  readonly now: Clock;
}

/**
 * Has everybody's Flash CTFs read when a new event was found: one job per event, however many people it was found
 * with. The dispatcher takes it up within a minute.
 */
export const startEventJob =
  ({ jobs, now }: StartEventJobDeps) =>
  async ({ eventId }: FlashEvent): Promise<void> => {
    const input = {
      taskType: 'game_platform_flash_ctf_sync',
      payload: { everyone: true },
      startedBy: 'schedule:flash-ctf-sync',
    } as const;
    await jobs.create(newJob(`job_flash-${eventId}`, input, now()));
  };
