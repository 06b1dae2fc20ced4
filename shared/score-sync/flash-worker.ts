import { eachSubject } from '../jobs/each-subject.ts';
import { newJob } from '../jobs/start-job.ts';
import type { Job } from '../jobs/job.ts';
import type { PartWorker } from '../jobs/work-part.ts';
import type { Clock } from '../runtime/clock.ts';
import type { FlashEvent } from './score-records.ts';
import { syncCompetitor } from './sync-competitor.ts';
import { COUNTED_AS, SYNC_CONCURRENCY, type SyncWorkerDeps } from './sync-worker.ts';

/** One competitor is one call and a few writes. */
const START_WITH_MS = 6_000;
const WRITE_RESERVE_MS = 3_000;

/**
 * Works off parts of `game_platform_flash_ctf_sync`: Flash CTFs alone. Whoever was read since the job was made has
 * nothing more to tell.
 */
export function createFlashWorker(deps: SyncWorkerDeps): PartWorker {
  return async (job, part, context) => {
    const [states, known] = await Promise.all([
      deps.syncStates.ofCompetitors(part.subjects),
      deps.flash.events(),
    ]);
    const events = new Map(known.map((event) => [event.eventId, event]));
    const outcome = await eachSubject(
      part.subjects,
      context,
      {
        concurrency: (await deps.concurrency?.()) ?? SYNC_CONCURRENCY,
        startWithMs: START_WITH_MS,
        pause: deps.processing.pause,
        hold: deps.processing.hold,
      },
      async (competitorId) => {
        const state = states.get(competitorId);
        if (state === undefined) return 'left';
        if (state.lastFlashRun?.jobId === job.id) return COUNTED_AS[state.lastFlashRun.outcome];
        if ((state.lastFlashReadAt ?? '') >= job.createdAt && state.flashAgain !== true) return 'notDue';
        const read = await syncCompetitor(deps, state, {
          jobId: job.id,
          since: job.createdAt,
          full: false,
          read: 'flash',
          events,
          call: { budgetMs: Math.floor(context.remainingMs() - WRITE_RESERVE_MS) },
        });
        return COUNTED_AS[read];
      },
    );
    if (outcome.kind !== 'finished') return outcome;
    const counts = { total: part.subjects.length, synced: 0, skipped: 0, failed: 0, ...outcome.counts };
    return { kind: 'finished', counts };
  };
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
