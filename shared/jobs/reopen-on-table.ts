import type { Clock } from '../runtime/clock.ts';
import type { NewId } from '../runtime/ids.ts';
import { createAuditRepository } from '../table/audit-repository.ts';
import { createImportRepository } from '../table/import-repository.ts';
import { createJobRepository } from '../table/job-repository.ts';
import { createRosterPlanRepository } from '../table/roster-plan-repository.ts';
import type { Table } from '../table/table.ts';
import type { ReopenJobDeps } from './reopen-job.ts';
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
