import { newJob } from '#shared/jobs/start-job.ts';
import type { Job } from '#shared/jobs/job.ts';
import { watchMachine, type MachineLoad } from '../load-on-machine.ts';
import type { Metered } from './meter.ts';
import type { BenchPlatform } from './platform.ts';
import type { Stand } from './stand.ts';

/** What a job over everyone took, from the message that has it planned until its last part is closed. */
export interface JobRun {
  readonly seconds: number;
  readonly competitors: number;
  readonly counts: Job['counts'];
  readonly metered: Metered;
  readonly vendorCalls: number;
  readonly load: MachineLoad;
  /** Most memory that this process used, with workers, queue and event source, in bytes. */
  readonly memory: number;
}

const LOOK_MS = 25;
const SAMPLE_MS = 1_000;
const PATIENCE_MS = 40 * 60_000;
/** The dispatcher's schedule. */
const MINUTE_MS = 60_000;

const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

async function ended({ jobs }: Stand, id: string): Promise<Job> {
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    const job = await jobs.byId(id);
    if (job !== undefined && job.finishedAt !== null) return job;
    await sleep(LOOK_MS);
  }
  throw new Error(`The job ${id} did not end.`);
}

let number = 0;

/** Has everyone read, as an admin would. */
export async function runJob(stand: Stand, platform: BenchPlatform): Promise<JobRun> {
  number += 1;
  const now = new Date();
  const input = { taskType: 'game_platform_sync', payload: {}, startedBy: 'user:bench' } as const;
  const job = newJob(`job_bench-${now.getTime()}-${number}`, input, now);
  const callsBefore = await platform.calls();
  let memory = 0;
  const sampling = setInterval(() => {
    memory = Math.max(memory, process.memoryUsage.rss());
  }, SAMPLE_MS);
  const dispatching = setInterval(() => {
    void stand.work({ kind: 'dispatch_due', scheduledTime: new Date().toISOString() });
  }, MINUTE_MS);
  try {
    stand.meter.take();
    await stand.createCounted(job);
    const load = watchMachine();
    const start = performance.now();
    await stand.work({ kind: 'plan_job', jobId: job.id });
    const finished = await ended(stand, job.id);
    const seconds = (performance.now() - start) / 1_000;
    if (finished.status !== 'succeeded') throw new Error(`The job failed: ${finished.error}`);
    // Workers report to the budget what they saw after the last part is closed.
    await stand.settled();
    return {
      seconds,
      competitors: finished.total,
      counts: finished.counts,
      metered: stand.meter.take(),
      vendorCalls: (await platform.calls()) - callsBefore,
      load: load(),
      memory: Math.max(memory, process.memoryUsage.rss()),
    };
  } finally {
    clearInterval(sampling);
    clearInterval(dispatching);
  }
}
