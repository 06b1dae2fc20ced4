import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { startAuditedJob, type StartAuditedJobDeps } from '#shared/jobs/start-job.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import type { Table, TransactItem } from '#shared/table/table.ts';

/** A job and its audit entry in one transaction, with what else is to be written where the job is. */
export function createDynamoJobs(
  table: Table,
  also: (job: Parameters<StartAuditedJobDeps['jobs']['create']>[0]) => readonly TransactItem[] = () => [],
): StartAuditedJobDeps['jobs'] {
  const jobs = createJobRepository(table);
  const audit = createAuditRepository(table);
  return {
    create: async (job, entry) => jobs.create(job, [await audit.appendTransaction(entry), ...also(job)]),
    byId: (jobId) => jobs.byId(jobId),
  };
}

/** What an API starts jobs with, on the table. */
export const createDynamoStart = ({
  table,
  now,
  newId,
}: {
  readonly table: Table;
  readonly now: Clock;
  readonly newId: NewId;
}) => startAuditedJob({ jobs: createDynamoJobs(table), now, newId });
