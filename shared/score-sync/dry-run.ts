import { isDryRun, type JobRow } from '#shared/jobs/job.ts';
import type { PlanPage } from '#shared/jobs/plan-page.ts';
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

const CALLS = { odl: 1, both: 2 } as const;

type ReadingDeps = Omit<DryRunDeps, 'saveRows'>;

/** Calls that a page of a score sync takes; none for a dry run. */
export const callsOfReads =
  ({ syncStates, flash, now }: ReadingDeps) =>
  async (
    { full, dryRun = false }: PayloadOf<typeof SCORE_SYNC_TASKS.game_platform_sync>,
    { subjects, reasons }: Pick<PlanPage, 'subjects' | 'reasons'>,
  ): Promise<number> => {
    if (dryRun) return 0;
    const [states, events] = await Promise.all([syncStates.byIds(subjects), flash.events()]);
    const at = now();
    return subjects.reduce((sum, competitorId, index) => {
      const state = states.get(competitorId);
      if (state === undefined) return sum;
      return sum + CALLS[listsToRead(full, reasons?.[index] ?? 'asked', events, state, at)];
    }, 0);
  };

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
      const ofRead = CALLS[read];
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
