import type { Log } from '#shared/kernel/log.ts';
import { workMessageSchema, type Job } from './job.ts';
import type { HandleMessage } from './queue-entry.ts';
import type { QueueName } from './task-definition.ts';
import { workPart, type Delivery, type WorkPartDeps } from './work-part.ts';

export interface OwnPartsDeps extends Omit<WorkPartDeps, 'suspension' | 'log'> {
  readonly jobs: WorkPartDeps['jobs'] & {
    readonly inState: (state: 'running') => AsyncIterable<Job>;
  };
  readonly queueOf: (taskType: string) => QueueName;
}

/** Kept back for other messages of the same batch: the minute's dispatch above all. */
const RESERVE_MS = 25_000;

async function workJob(deps: OwnPartsDeps, jobId: string, delivery: Delivery, log: Log): Promise<void> {
  // These jobs call the platform for nobody, so no pause holds them.
  const all = { ...deps, log, suspension: () => Promise.resolve(null) };
  for await (const { part, status } of deps.jobs.partsOf(jobId)) {
    if (status !== 'pending') continue;
    if (delivery.remainingMs() < RESERVE_MS) return;
    await workPart(all, { kind: 'job_part', jobId, part }, delivery);
  }
}

/**
 * Processes the parts that belong to the `work` queue in the invocation that planned them, since its function may not
 * send to its own queue; what is left then, or after a crash, is taken up by the minute's dispatch. A failure leaves
 * the part in the table for the next round and is no failure of the message.
 */
export const alsoWorkOwnParts =
  (handle: HandleMessage, deps: OwnPartsDeps): HandleMessage =>
  async (body, delivery, log) => {
    const fate = await handle(body, delivery, log);
    const message = workMessageSchema.safeParse(body).data;
    const tell = (jobId: string) => (error: unknown) => {
      log.error('own parts not processed; the dispatcher will', { jobId }, error);
    };
    if (message?.kind === 'plan_job') {
      const job = await deps.jobs.byId(message.jobId);
      if (job !== undefined && deps.queueOf(job.taskType) === 'work')
        await workJob(deps, job.id, delivery, log).catch(tell(job.id));
    }
    if (message?.kind === 'dispatch_due') {
      for await (const job of deps.jobs.inState('running')) {
        if (deps.queueOf(job.taskType) !== 'work') continue;
        await workJob(deps, job.id, delivery, log).catch(tell(job.id));
      }
    }
    return fate;
  };
