import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import { createImportRepository } from '#shared/competitors/import/import-repository.ts';
import { importSuperseded } from '#shared/competitors/import/start-import.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import type { ReopenJobDeps } from '#shared/jobs/reopen-job.ts';
import { supersededEach } from '#shared/jobs/task-handlers.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import type { Table } from '#shared/table/table.ts';
import { planSuperseded } from '#shared/teams/reconcile/plan-superseded.ts';
import { createRosterPlanRepository } from '#shared/teams/rosters/roster-plan-repository.ts';
import { TASKS, type TaskPayloads } from './tasks.ts';

/** What a job was for may be gone or settled by a later one; every other type reads today's truth and may go on. */
export function createSuperseded(table: Table, now: Clock): ReopenJobDeps['superseded'] {
  const imports = createImportRepository(table);
  return supersededEach<Pick<TaskPayloads, 'competitor_import' | 'roster_reconcile'>>(TASKS, {
    competitor_import: importSuperseded((importId) => imports.kept(importId, now())),
    roster_reconcile: planSuperseded(createRosterPlanRepository(table)),
  });
}

/** What trying a job again needs, on the table. */
export function createDynamoReopen({
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
  return {
    jobById: (jobId) => jobs.byId(jobId),
    reopen: async (job, at, entry) => jobs.reopen(job, at, [await audit.appendTransaction(entry)]),
    superseded: createSuperseded(table, now),
    now,
    newId,
  };
}
