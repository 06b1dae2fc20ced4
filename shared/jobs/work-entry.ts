import type { Log } from '#shared/kernel/log.ts';
import { dispatchDue, type DispatchDeps } from './dispatch-due.ts';
import { workMessageSchema } from './job.ts';
import { planJob } from './plan-job.ts';
import type { HandleMessage } from './queue-entry.ts';
import { DISPATCHER_SCHEDULE } from './task-definition.ts';
import { startPlanned, type StartPlannedDeps } from './start-planned.ts';
import { startScheduledJob, type StartScheduledJobDeps } from './start-scheduled-job.ts';

export type WorkDeps = DispatchDeps &
  StartPlannedDeps &
  StartScheduledJobDeps & {
    /** Asks again for teams and members whose wake-up messages were lost or whose waiting time is over. */
    readonly dispatchRosters?: (remainingMs: () => number, log: Log) => Promise<void>;
    /** Measures what is measured each minute. */
    readonly measure?: () => Promise<void>;
  };

/** Messages of the `work` queue: a schedule fired, due work is to be sent again, or a new job wants planning. */
export const handleWorkMessages =
  (deps: Omit<WorkDeps, 'log'>): HandleMessage =>
  async (body, { remainingMs }, log) => {
    const message = workMessageSchema.parse(body);
    const all = { ...deps, log };
    switch (message.kind) {
      case 'start_task': {
        const { job, firstPage } = await startScheduledJob(all, message, startPlanned(all, remainingMs));
        if (!job.planned) await planJob(all, job.id, remainingMs, firstPage);
        break;
      }
      case 'dispatch_due':
        // First: an edit has a minute, a job's part has longer. Its trouble is no reason to leave the jobs waiting.
        await deps.dispatchRosters?.(remainingMs, log).catch((error: unknown) => {
          log.error('rosters not dispatched', {}, error);
        });
        await dispatchDue(all, remainingMs);
        await deps.measure?.().catch((error: unknown) => {
          log.error('the call budget was not measured', {}, error);
        });
        await deps
          .noteRun({
            scheduleName: DISPATCHER_SCHEDULE,
            time: message.scheduledTime,
            jobId: null,
            byHand: false,
          })
          .catch((error: unknown) => {
            log.error('the dispatch was not noted', {}, error);
          });
        break;
      case 'plan_job':
        await planJob(all, message.jobId, remainingMs);
        break;
    }
    return 'acknowledge';
  };
