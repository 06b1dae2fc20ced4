import { isDryRun, type JobRow } from '#shared/jobs/job.ts';
import type { PayloadOf } from '#shared/jobs/task-definition.ts';
import type { PartWorker } from '#shared/jobs/work-part.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { dryReadSentence } from './read-reason.ts';
import type { FlashEvent } from './score-records.ts';
import type { SyncStateRepository } from './sync-state-repository.ts';
import { listsToRead, reasonOf, reasonsOf } from './sync-worker.ts';
import type { SCORE_SYNC_TASKS } from './tasks.ts';

export interface DryRunDeps {
  readonly syncStates: Pick<SyncStateRepository, 'byIds'>;
  readonly flash: { readonly events: () => Promise<readonly FlashEvent[]> };
  readonly saveRows: (jobId: string, rows: ReadonlyMap<string, JobRow>) => Promise<void>;
  readonly now: Clock;
}

type SyncPartWorker = PartWorker<PayloadOf<typeof SCORE_SYNC_TASKS.game_platform_sync>>;

/**
 * A dry run of the score sync keeps a row for each competitor of the part, with why it would be read and with how many
 * calls; it asks the platform nothing and writes no sync state. Other jobs go to the worker.
 */
export const orDryRun =
  (deps: DryRunDeps, worker: SyncPartWorker): SyncPartWorker =>
  async (job, part, context) => {
    if (!isDryRun(job)) return worker(job, part, context);
    const [states, events] = await Promise.all([deps.syncStates.byIds(part.subjects), deps.flash.events()]);
    const reasons = reasonsOf(job, part);
    const now = deps.now();
    const at = now.toISOString();
    const rows = new Map<string, JobRow>();
    let calls = 0;
    for (const [competitorId, asked] of reasons) {
      const state = states.get(competitorId);
      if (state === undefined) {
        rows.set(competitorId, { outcome: 'left', message: 'No longer read.', at });
        continue;
      }
      const read = listsToRead(job.payload.full, asked, events, state, now);
      const ofRead = read === 'both' ? 2 : 1;
      calls += ofRead;
      const message = dryReadSentence(reasonOf(state, read, asked), ofRead);
      rows.set(competitorId, { outcome: 'would_read', message, at });
    }
    await deps.saveRows(job.id, rows);
    const left = [...rows.values()].filter(({ outcome }) => outcome === 'left').length;
    const wouldRead = rows.size - left;
    return {
      kind: 'finished',
      counts: { total: rows.size, wouldRead, calls, ...(left === 0 ? {} : { left }) },
    };
  };
