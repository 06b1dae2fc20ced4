import type { Log } from '#shared/kernel/log.ts';
import { workMessageSchema, type Job } from './job.ts';
import type { HandleMessage } from './queue-entry.ts';
import type { HideFor } from './queue-sender.ts';
import type { QueueName } from './task-definition.ts';
import { backSoon, workPart, type Delivery, type WorkPartDeps } from './work-part.ts';

export interface OwnPartsDeps extends Omit<WorkPartDeps, 'suspension' | 'log' | 'hideFor'> {
  /** For the whole message: what is given back is never a part. */
  readonly hideMessageFor: HideFor;
  readonly jobs: WorkPartDeps['jobs'] & {
    readonly inState: (state: 'running') => AsyncIterable<Job>;
  };
  readonly queueOf: (taskType: string) => QueueName;
}

/** Kept back for other messages of the same batch: the minute's dispatch above all. */
const RESERVE_MS = 25_000;

/** Answers whether the time was over first, so that some of it may be left. */
async function workJob(deps: OwnPartsDeps, jobId: string, delivery: Delivery, log: Log): Promise<boolean> {
  // These jobs call the platform for nobody, so no pause holds them.
  const all = { ...deps, log, suspension: () => Promise.resolve(null) };
  const over = () => delivery.remainingMs() < RESERVE_MS;
  for await (const { part, status } of deps.jobs.partsOf(jobId)) {
    if (status !== 'pending') continue;
    if (over()) return true;
    await workPart(all, { kind: 'job_part', jobId, part }, delivery);
    if (over()) return true;
  }
  return false;
}

/**
 * Processes the parts that belong to the `work` queue in the invocation that planned them, since its function may not
 * send to its own queue; what is left then goes on with the same message within a second, a few times, and otherwise, or
 * after a crash, with the minute's dispatch. A failure leaves the part in the table for the next round and is no failure
 * of the message.
 */
export const alsoWorkOwnParts =
  (handle: HandleMessage, deps: OwnPartsDeps): HandleMessage =>
  async (body, delivery, log) => {
    const fate = await handle(body, delivery, log);
    const message = workMessageSchema.safeParse(body).data;
    const workOwn = async (job: Job): Promise<boolean> => {
      if (deps.queueOf(job.taskType) !== 'work') return false;
      return workJob(deps, job.id, delivery, log).catch((error: unknown) => {
        log.error('own parts not processed; the dispatcher will', { jobId: job.id }, error);
        return false;
      });
    };
    let left = false;
    if (message?.kind === 'plan_job') {
      const job = await deps.jobs.byId(message.jobId);
      left = job !== undefined && (await workOwn(job));
    }
    if (message?.kind === 'dispatch_due') {
      for await (const job of deps.jobs.inState('running')) left = (await workOwn(job)) || left;
    }
    if (left && fate === 'acknowledge')
      return (await backSoon(deps.hideMessageFor, delivery, log)?.()) ?? fate;
    return fate;
  };
