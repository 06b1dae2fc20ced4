import { vi } from 'vitest';
import type { Job } from '#shared/jobs/job.ts';
import { createMetrics } from '#shared/kernel/metrics.ts';
import { NO_TRACING } from '#shared/kernel/tracing.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import type { Table } from '#shared/table/table.ts';
import { recordingLog } from '#test/shared/kernel/recording-log.ts';
import { buildWorker } from '../../../functions/work-worker/dependencies.ts';

/** The work queue's function as it is wired for Lambda; delivers "plan this job" as often as told. */
export function workerOn(table: Table): (jobId: string, remainingMs?: () => number) => Promise<Job> {
  vi.stubEnv('ROSTER_QUEUE_URL', 'http://127.0.0.1:9/roster');
  vi.stubEnv('SYNC_QUEUE_URL', 'http://127.0.0.1:9/sync');
  const { log } = recordingLog();
  const handle = buildWorker({ log, metrics: createMetrics(), tracing: NO_TRACING });
  const jobs = createJobRepository(table);
  return async (jobId, remainingMs = () => 60_000) => {
    await handle({ kind: 'plan_job', jobId }, { receiveCount: 1, remainingMs }, log);
    const job = await jobs.byId(jobId);
    if (job === undefined) throw new Error('The job is gone.');
    return job;
  };
}

export async function rowsOf(table: Table, jobId: string) {
  const { rows } = await createJobRepository(table).pageOfRows(jobId, { limit: 200, after: null });
  return rows;
}
