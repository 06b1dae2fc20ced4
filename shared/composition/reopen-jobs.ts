import type { Clock } from '#shared/kernel/clock.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import { createImportRepository } from '#shared/competitors/import/import-repository.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { createRosterPlanRepository } from '#shared/teams/rosters/roster-plan-repository.ts';
import type { Table } from '#shared/table/table.ts';
import type { ReopenJobDeps } from '#shared/jobs/reopen-job.ts';
import { createSuperseded } from './superseded.ts';

/** What trying a job again needs, on the table. */
export function reopenOnTable({
  table,
  now,
  newId,
}: {
  readonly table: Table;
  readonly now: Clock;
  readonly newId: NewId;
}): ReopenJobDeps {
  const jobs = createJobRepository(table);
  const audit = createAuditRepository(table);
  const imports = createImportRepository(table);
  const plans = createRosterPlanRepository(table);
  return {
    jobById: (jobId) => jobs.byId(jobId),
    reopen: (job, at, entry) => jobs.reopen(job, at, [audit.appendTransaction(entry)]),
    superseded: createSuperseded({ uploadKept: (id) => imports.kept(id, now()), plans }),
    now,
    newId,
  };
}
